"""Lists of projects and objects: a query is allowed only if what it asks for proves that all it finds may be read."""

from itertools import combinations

import pytest
from google.cloud.firestore import FieldFilter, Or
from rules_builders import (
    ALL,
    LONG_AGO,
    NOBODY,
    OBJECTS,
    OWNED,
    PROJECTS,
    PUBLIC,
    READERS,
    SIGNED_IN,
    TRASHED,
    created,
    denied,
    listing,
    may,
    people_around,
    place_of,
    shared,
    web_sdk,
)

each_owned = pytest.mark.parametrize("collection", OWNED)
each_project = pytest.mark.parametrize("collection", PROJECTS)
each_ask = pytest.mark.parametrize("count", [False, True], ids=["read", "counted"])
LIVING, IN_TRASH = ("trashed", "==", False), ("trashed", "==", True)
PUBLISHED = ("visibility", "==", "public")


@pytest.fixture
def people(alice, person):
    return people_around(alice, person)


def read_by(someone):
    return ("readers", "array_contains", someone.uid)


def owned_by(someone):
    return ("user_id", "==", someone.uid)


def of_project(project):
    return [
        ("visibility", "==", "project"),
        ("project_collection", "==", project.parent.id),
        ("project_id", "==", project.id),
        ("project_created_at", "==", project.get().get("created_at")),
        LIVING,
    ]


def some_of(filters):
    """Every part of the filters, the empty one too, that is not all of them."""
    return [part for size in range(len(filters)) for part in combinations(filters, size)]


# ---- one's own


@each_owned
def test_everybody_lists_what_he_is_a_member_of(people, admin, collection):
    living = shared(admin, people, collection)
    shared(admin, people, collection, **TRASHED)

    found = {who: listing(collection, [read_by(people[who]), LIVING])(people[who]) for who in SIGNED_IN}

    assert found == {who: [living.id] if who in READERS else [] for who in SIGNED_IN}


@each_owned
def test_the_owner_lists_what_is_his_and_his_trash(people, admin, collection):
    living, trashed = shared(admin, people, collection), shared(admin, people, collection, **TRASHED)

    found = {
        who: [listing(collection, [owned_by(people[who]), *also])(people[who]) for also in ([LIVING], [IN_TRASH])]
        for who in SIGNED_IN
    }

    assert found == {who: [[], []] for who in SIGNED_IN} | {"owner": [[living.id], [trashed.id]]}


@each_owned
@each_ask
@pytest.mark.parametrize("filters", [[LIVING], [IN_TRASH], []], ids=["living", "trashed", "any"])
def test_nobody_lists_what_is_somebody_elses_to_list(people, admin, collection, filters, count):
    shared(admin, people, collection)

    def ask(*more):
        return may(people, listing(collection, [*more, *filters], count=count))

    assert ask() == NOBODY
    assert ask(owned_by(people["owner"])) == {"owner"}
    for who in READERS:
        assert ask(read_by(people[who])) == ({who} if filters == [LIVING] else NOBODY)


# ---- everybody's


@each_owned
def test_everybody_lists_what_is_public(people, admin, collection):
    public = shared(admin, people, collection, **PUBLIC)
    hidden = [shared(admin, people, collection, **state) for state in ({}, PUBLIC | TRASHED)]

    for someone in people.values():
        found = listing(collection, [PUBLISHED, LIVING, owned_by(people["owner"])])(someone)
        assert found == [public.id] and not {ref.id for ref in hidden} & set(found)
    assert may(people, listing(collection, [PUBLISHED, LIVING])) == ALL


@each_owned
@each_ask
@pytest.mark.parametrize(
    "filters",
    [
        *some_of([PUBLISHED, LIVING]),
        [PUBLISHED, IN_TRASH],
        [("visibility", "==", "private"), LIVING],
        [("visibility", "in", ["public", "private"]), LIVING],
        [("visibility", "!=", "private"), LIVING],
        [("visibility", ">=", "public"), LIVING],
        [PUBLISHED, ("trashed", "in", [False, True])],
        [PUBLISHED, ("trashed", "!=", True)],
        [("is_template", "==", True), LIVING],
        [("tags", "array_contains", "x"), LIVING],
    ],
    ids=str,
)
def test_nobody_lists_more_than_what_is_public(people, admin, collection, filters, count):
    shared(admin, people, collection)

    assert may(people, listing(collection, filters, count=count)) == NOBODY


# ---- a project's objects


@each_project
@each_ask
def test_the_readers_of_a_project_list_its_objects(people, admin, collection, count):
    project = shared(admin, people, collection, **PUBLIC)
    created(OBJECTS, people["viewer"], **place_of(project), visibility="project")

    assert may(people, listing(OBJECTS, of_project(project), count=count)) == READERS
    for part in some_of(of_project(project)):
        assert may(people, listing(OBJECTS, part, count=count)) == NOBODY


@each_project
def test_a_projects_objects_are_listed_without_those_in_the_trash_or_of_another_visibility(people, admin, collection):
    project = shared(admin, people, collection)
    place = place_of(project)
    seen = created(OBJECTS, people["editor"], visibility="project", **place)
    for different in ({"visibility": "private"}, {"visibility": "project"} | TRASHED):
        admin.document(created(OBJECTS, people["editor"], **place).path).update(different)

    assert listing(OBJECTS, of_project(project))(people["viewer"]) == [seen.id]


@pytest.mark.parametrize(
    "different",
    [
        ("trashed", "==", True),
        ("project_id", "==", "another"),
        ("project_id", "in", ["{id}", "another"]),
        ("project_id", ">=", ""),
        ("project_id", "==", ""),
        ("project_collection", "==", "tool_projects"),
        ("project_collection", "==", "workspaces"),
        ("project_collection", "==", OBJECTS),
        ("project_collection", "in", PROJECTS),
        ("project_created_at", "==", LONG_AGO),
        ("project_created_at", ">=", LONG_AGO),
        ("visibility", "in", ["project", "private"]),
        ("visibility", "==", "private"),
    ],
    ids=str,
)
def test_nobody_lists_more_than_the_objects_of_one_project(people, admin, different):
    project = shared(admin, people, "cardgen_projects")
    for elsewhere in (f"workspaces/{project.id}", f"{OBJECTS}/{project.id}"):
        admin.document(elsewhere).set(project.get().to_dict())
    created("tool_projects", people["stranger"], id="another" + people["owner"].uid)
    field, operator, value = different
    value = [project.id if inner == "{id}" else inner for inner in value] if operator == "in" else value
    filters = [condition for condition in of_project(project) if condition[0] != field]

    assert may(people, listing(OBJECTS, [*filters, (field, operator, value)])) == NOBODY


# ---- whatever is asked


@each_owned
@each_ask
@pytest.mark.parametrize("limit", [None, 51, 52, 10_000])
def test_a_page_holds_at_most_51(people, admin, collection, limit, count):
    project, owner = shared(admin, people, "cardgen_projects"), people["owner"]
    lists = [[read_by(owner), LIVING], [owned_by(owner), IN_TRASH], [PUBLISHED, LIVING]]
    lists += [of_project(project)] if collection == OBJECTS else []

    for filters in lists:
        allowed = may({"owner": owner}, listing(collection, filters, limit, count))
        assert allowed == ({"owner"} if limit == 51 else NOBODY)


@each_owned
@pytest.mark.parametrize("either", ["readers", "owners", "or", "or anybody's", "or everybody's"])
def test_a_list_that_includes_other_peoples_documents_is_denied(people, admin, collection, either):
    shared(admin, people, collection)
    owner, stranger = people["owner"], people["stranger"]
    mine, theirs, living = (FieldFilter(*one) for one in (owned_by(stranger), owned_by(owner), LIVING))
    filters = {
        "readers": ("readers", "array_contains_any", [owner.uid, stranger.uid]),
        "owners": ("user_id", "in", [owner.uid, stranger.uid]),
        "or": Or([mine, theirs]),
        "or anybody's": Or([mine, living]),
        "or everybody's": Or([FieldFilter(*PUBLISHED), FieldFilter("visibility", "==", "private")]),
    }[either]

    assert may(people, listing(collection, [filters, LIVING])) == NOBODY


@each_owned
def test_nobody_queries_a_collection_group(people, admin, collection):
    shared(admin, people, collection, **PUBLIC)
    owner = people["owner"]

    for filters in ([read_by(owner), LIVING], [PUBLISHED, LIVING], [owned_by(owner)]):
        query = web_sdk(owner).collection_group(collection)
        for condition in filters:
            query = query.where(filter=FieldFilter(*condition))
        with denied():
            query.limit(10).get()


# Fault S6
@each_owned
def test_a_list_by_an_offset_is_denied_as_each_document_skipped_is_billed(people, collection):
    assert may(people, listing(collection, [PUBLISHED, LIVING], offset=1)) == NOBODY
    assert may(people, listing(collection, [PUBLISHED, LIVING])) == ALL
