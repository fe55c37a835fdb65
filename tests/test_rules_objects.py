"""An object of the library, alone or shown to a project; what it shares with projects is tried in test_rules_people."""

import pytest
from google.cloud.firestore import DELETE_FIELD
from rules_builders import (
    LONG_AGO,
    NOBODY,
    OBJECT_FIELDS,
    OBJECTS,
    PROJECTS,
    PUBLIC,
    READERS,
    TRASHED,
    at_their_largest,
    bad_values,
    created,
    denied,
    getting,
    may,
    named,
    neither_created_nor_updated,
    owned,
    people_around,
    place_of,
    saving,
    shared,
    touch,
)

each_project = pytest.mark.parametrize("collection", PROJECTS)


def new_object(someone):
    good = owned(OBJECTS, someone)
    return someone.firestore.collection(OBJECTS).document(good["id"]), good


def test_an_object_may_be_as_large_as_its_fields_allow(alice):
    ref, good = new_object(alice)

    ref.create(good | at_their_largest(OBJECT_FIELDS))
    ref.update(touch(OBJECTS, alice) | at_their_largest(OBJECT_FIELDS))

    assert len(ref.get().get("search_terms")) == 200


@pytest.mark.parametrize(("field", "bad"), bad_values(OBJECT_FIELDS))
def test_an_object_with_a_bad_value_is_neither_created_nor_saved(alice, field, bad):
    neither_created_nor_updated(*new_object(alice), touch(OBJECTS, alice), {field: bad})


@pytest.mark.parametrize("field", ["tool", "state", "object_id", "name_key"])
def test_an_object_has_no_field_of_a_project(alice, field):
    neither_created_nor_updated(*new_object(alice), touch(OBJECTS, alice), {field: "x"})


def test_a_promotion_and_its_repetition_are_allowed_and_only_the_owner_sees_the_object(alice, bob):
    alice.put("/api/session", {})
    project = alice.post(
        "/api/cardgenerator/projects", {"name": "Sting", "state": {"itemDetails": {"name": "Sting"}}}
    ).json
    wanted = {"project_id": project["id"]}

    first = alice.post("/api/objects/promote", wanted)
    alice.patch(f"/api/cardgenerator/projects/{project['id']}", {"state": {"itemDetails": {"name": "Orcrist"}}})
    second = alice.post("/api/objects/promote", wanted)

    assert (first.status_code, second.status_code, second.json["name"]) == (201, 200, "Orcrist"), second.text
    assert alice.firestore.document(f"{OBJECTS}/{first.json['id']}").get().exists
    with denied():
        bob.firestore.document(f"{OBJECTS}/{first.json['id']}").get()


def test_an_objects_owner_can_bring_its_origin_up_to_date(alice):
    ref = created(OBJECTS, alice, origin={"project_id": "x", "version": "1"})

    ref.update(touch(OBJECTS, alice) | {"origin": {"project_id": "x", "version": "2"}})

    assert ref.get().get("origin.version") == "2"


# ---- shown to a project


@pytest.fixture
def people(alice, person):
    return people_around(alice, person)


def shown_to(project, visibility="project"):
    return place_of(project) | {"visibility": visibility}


def object_of(someone, admin, **state):
    """Somebody's object in a state that he may not be able to bring about."""
    ref = created(OBJECTS, someone)
    admin.document(ref.path).update(state)
    return ref


@each_project
@pytest.mark.parametrize("project_is", [{}, PUBLIC], ids=["private", "public"])
def test_an_object_is_seen_by_the_readers_of_its_project(people, person, admin, collection, project_is):
    project, author = shared(admin, people, collection, **project_is), person("author")
    thing = object_of(author, admin, **shown_to(project))

    assert may(people | {"author": author}, getting(thing)) == READERS | {"author"}
    assert may(people, saving(thing, {"name": "Mine"})) == NOBODY


@pytest.mark.parametrize(
    "state",
    [
        {"visibility": "private"},
        TRASHED,
        {"trashed": DELETE_FIELD},
        *({"project_created_at": bad} for bad in (LONG_AGO, None, "now", DELETE_FIELD)),
        *({"project_id": bad} for bad in ("another", "", 1, DELETE_FIELD)),
        *({"project_collection": bad} for bad in ("workspaces", OBJECTS, "", PROJECTS, DELETE_FIELD)),
    ],
    ids=named,
)
def test_an_object_that_is_not_shown_to_a_project_is_not_seen_by_its_readers(people, person, admin, state):
    project, author = shared(admin, people, "cardgen_projects", **PUBLIC), person("author")
    for elsewhere in ("workspaces", OBJECTS):
        admin.collection(elsewhere).document(project.id).set(project.get().to_dict())
    thing = object_of(author, admin, **shown_to(project) | state)

    assert may(people | {"author": author}, getting(thing)) == {"author"}


def test_an_object_is_not_seen_by_the_readers_of_the_other_collections_project(people, person, admin):
    project, others = shared(admin, people, "cardgen_projects"), person("author")
    admin.document(f"tool_projects/{project.id}").set(
        project.get().to_dict() | {"readers": [others.uid], "user_id": others.uid}
    )
    thing = object_of(person("author"), admin, **shown_to(project) | {"project_collection": "tool_projects"})

    assert may(people | {"others": others}, getting(thing)) == {"others"}


@each_project
@pytest.mark.parametrize("project_is", [{}, PUBLIC], ids=["private", "public"])
def test_only_a_reader_of_a_project_shows_it_an_object(people, admin, collection, project_is):
    project = shared(admin, people, collection, **project_is)
    signed_in = {who: someone for who, someone in people.items() if someone.uid}
    things = {who: created(OBJECTS, someone, **shown_to(project, "private")) for who, someone in signed_in.items()}

    def by(attempt):
        return may({who: who for who in signed_in}, attempt)

    assert by(lambda who: created(OBJECTS, people[who], **shown_to(project))) == READERS
    assert by(lambda who: saving(things[who], {"visibility": "project"})(people[who])) == READERS


@each_project
@pytest.mark.parametrize("how", ["project_id", "project_collection"])
def test_an_object_is_not_moved_to_a_project_that_its_owner_does_not_read(alice, bob, admin, collection, how):
    mine = created(collection, alice)
    theirs = created(collection if how == "project_id" else next(c for c in PROJECTS if c != collection), bob)
    if how == "project_collection":
        admin.document(f"{theirs.parent.id}/{mine.id}").set(theirs.get().to_dict())
    thing = created(OBJECTS, alice, **shown_to(mine))
    change = {how: shown_to(theirs)[how]}

    for also in ({}, TRASHED, {"name": "Glamdring"}):
        with denied():
            saving(thing, change | also)(alice)
    with denied():
        saving(thing, {how: DELETE_FIELD})(alice)
    saving(thing, change | {"visibility": "private"})(alice)


@each_project
@pytest.mark.parametrize("place", [{"project_id": "missing"}, {"project_collection": "workspaces"}], ids=named)
def test_an_object_is_not_shown_to_what_is_no_project(alice, admin, collection, place):
    project = created(collection, alice)
    admin.document(f"workspaces/{project.id}").set(project.get().to_dict())

    with denied():
        created(OBJECTS, alice, **shown_to(project) | place)


@each_project
def test_an_owner_saves_what_is_shown_to_a_project_that_he_has_left(alice, bob, admin, collection):
    thing = object_of(alice, admin, **shown_to(created(collection, bob)))

    saving(thing, {"name": "Glamdring"})(alice)
    with denied():
        saving(thing, {"project_id": "x"})(alice)
    saving(thing, {"visibility": "private"})(alice)
    with denied():
        saving(thing, {"visibility": "project"})(alice)
    saving(thing, PUBLIC)(alice)


@each_project
def test_an_editor_of_an_object_shows_it_to_no_project_of_his(people, admin, collection):
    project, thing = created(collection, people["editor"]), shared(admin, people, OBJECTS)

    for change in (shown_to(project), {"project_id": project.id}, {"project_collection": collection}):
        assert may({"editor": people["editor"]}, saving(thing, change)) == NOBODY


def test_what_is_visible_to_a_project_may_be_a_guests(guest):
    project = created("cardgen_projects", guest)

    assert created(OBJECTS, guest, **shown_to(project)).get().get("visibility") == "project"
