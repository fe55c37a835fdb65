"""Projects, and what they have in common with objects: one owner, whom no ordinary write changes."""

import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from google.cloud.firestore import DELETE_FIELD, SERVER_TIMESTAMP, ArrayUnion
from rules_builders import (
    COMMON_FIELDS,
    FORGED_SIGNATURES,
    NOW,
    OWNED,
    PROJECT_FIELDS,
    PROJECTS,
    READERS,
    SOME_ID,
    STRANGERS,
    a_save,
    at_their_largest,
    bad_values,
    created,
    denied,
    getting,
    may,
    named,
    neither_created_nor_updated,
    owned,
    patched,
    people_around,
    shared,
    somebody_with,
    touch,
    wrong,
)

REQUIRED = {  # with the likeliest lie
    "name": wrong("", DELETE_FIELD),
    "id": wrong(SOME_ID, 1, None, DELETE_FIELD),
    "user_id": wrong("bob", 1, None, DELETE_FIELD),
    "created_at": wrong(NOW, "yesterday", None, DELETE_FIELD),
    "updated_at": wrong(NOW, "yesterday", None, DELETE_FIELD),
    "schema_version": wrong(0, 1.0, 1.5, "1", None, DELETE_FIELD),
    "updated_by": wrong("alice", None, DELETE_FIELD),
    "members": wrong("alice", ["alice"], {}, None, DELETE_FIELD),
    "readers": wrong("alice", {"alice": True}, [], ["bob"], None, DELETE_FIELD),
    "transfer_to": wrong("bob", 1, DELETE_FIELD),
    "trashed": wrong(True, "false", None, DELETE_FIELD),
    "purge_at": wrong(NOW, "tomorrow", None),
}
OTHER_TOOLS = {
    "cardgen_projects": ["storegenerator", "dicegenerator"],
    "tool_projects": ["cardgenerator", "dicegenerator"],
}
each_owned = pytest.mark.parametrize("collection", OWNED)
each_project = pytest.mark.parametrize("collection", PROJECTS)
each_stranger = pytest.mark.parametrize("uid_like", STRANGERS.values(), ids=STRANGERS)


def new_one(collection, someone, **different):
    """A document of somebody's that is still to be created: its reference, and a good content."""
    good = owned(collection, someone, **different)
    return someone.firestore.collection(collection).document(good["id"]), good


# ---- what projects and objects have in common


@each_owned
def test_what_the_functions_write_is_allowed(alice, collection):
    ref, good = new_one(collection, alice)

    ref.create(good)
    ref.update(touch(collection, alice) | {"name": "Glamdring"})

    assert ref.get().get("name") == "Glamdring"


@each_owned
def test_what_the_schema_does_not_require_may_be_missing(alice, collection):
    ref, good = new_one(collection, alice)
    optional = {"description", "is_template", "tags", "state", "name_key", "rulesets", "collections"}

    ref.create({name: value for name, value in good.items() if name not in optional} | {"name": "x"})
    ref.update(touch(collection, alice))


@each_owned
def test_a_guest_works_like_anybody(guest, collection):
    ref = created(collection, guest)

    ref.update(touch(collection, guest) | {"description": "Glows."})

    assert ref.get().get("members")[guest.uid]["name"] == ""


@each_owned
@pytest.mark.parametrize(("field", "bad"), bad_values(COMMON_FIELDS) + bad_values(REQUIRED))
def test_a_document_with_a_bad_value_is_neither_created_nor_saved(alice, collection, field, bad):
    neither_created_nor_updated(*new_one(collection, alice), touch(collection, alice), {field: bad})


@each_owned
@pytest.mark.parametrize("field", ["title", "userId", "damaged", "session_id"])
def test_a_document_has_no_field_that_the_schema_does_not_know(alice, collection, field):
    neither_created_nor_updated(*new_one(collection, alice), touch(collection, alice), {field: "x"})


@each_owned
@pytest.mark.parametrize("forged", FORGED_SIGNATURES.values(), ids=FORGED_SIGNATURES)
def test_who_wrote_a_document_cannot_be_forged(alice, collection, forged):
    ref, good = new_one(collection, alice)

    forgery = {"updated_by": patched(good["updated_by"], forged)}

    neither_created_nor_updated(ref, good, touch(collection, alice), forgery)


@each_owned
@pytest.mark.parametrize(
    "forged",
    [
        {"role": "editor"},
        {"role": DELETE_FIELD},
        {"name": "Bob"},
        {"name": DELETE_FIELD},
        {"joined_at": NOW},
        {"joined_at": DELETE_FIELD},
        {"email": "alice@example.com"},
    ],
    ids=named,
)
def test_its_creator_is_its_owner_by_the_name_in_the_token_since_now(alice, collection, forged):
    ref, good = new_one(collection, alice)
    owner = good["members"][alice.uid]

    with denied():
        ref.create(good | {"members": {alice.uid: patched(owner, forged)}})
    ref.create(good)


@each_owned
@pytest.mark.parametrize("field", ["members", "readers", "both", "instead"])
def test_nobody_else_is_a_member_from_the_start(alice, bob, collection, field):
    ref, good = new_one(collection, alice)
    bobs = {bob.uid: good["members"][alice.uid]}
    crowd = {
        "members": {"members": good["members"] | bobs},
        "readers": {"readers": [alice.uid, bob.uid]},
        "both": {"members": good["members"] | bobs, "readers": [alice.uid, bob.uid]},
        "instead": {"members": bobs, "readers": [bob.uid]},
    }[field]

    with denied():
        ref.create(good | crowd)


@each_owned
def test_nobody_creates_a_document_for_somebody_else(alice, bob, collection):
    ref, good = new_one(collection, alice)
    bobs = bob.firestore.document(ref.path)

    for attempt in (good, good | {"user_id": bob.uid}, good | {"updated_by": touch(collection, bob)["updated_by"]}):
        with denied():
            bobs.create(attempt)
    bobs.create(owned(collection, bob) | {"id": ref.id})


@each_owned
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", SOME_ID),
        ("user_id", "bob"),
        ("created_at", SERVER_TIMESTAMP),
        ("schema_version", 2),
        ("members", {"bob": {"role": "owner"}}),
        (("members", "bob"), {"role": "editor", "name": "Bob", "joined_at": NOW}),
        ("readers", ["bob"]),
        ("readers", ArrayUnion(["bob"])),
        ("transfer_to", "bob"),
        ("trashed", True),
        ("purge_at", NOW + timedelta(days=1)),
    ],
    ids=named,
)
def test_an_ordinary_save_changes_neither_people_nor_identity_nor_trash(alice, collection, field, value):
    ref = created(collection, alice)

    with denied():
        ref.update(touch(collection, alice) | {field: value})


@each_owned
def test_replacing_a_document_whole_changes_no_more_than_a_save_may(alice, collection):
    ref, good = new_one(collection, alice)
    ref.create(good)
    batch = alice.firestore.batch()
    batch.delete(ref)
    batch.create(ref, good)

    with denied():
        batch.commit()
    with denied():
        ref.set(good)


@each_owned
@each_stranger
def test_nobody_else_reads_changes_deletes_or_takes_a_document(alice, person, collection, uid_like):
    stranger = somebody_with(uid_like(alice.uid), person)
    ref = created(collection, alice)
    theirs = stranger.firestore.document(ref.path)
    signed = touch(collection, stranger if stranger.uid else alice)
    good = owned(collection, stranger if stranger.uid else alice) | {"id": ref.id}

    for attempt in (
        theirs.get,
        theirs.delete,
        lambda: theirs.update(signed | {"name": "Mine"}),
        lambda: theirs.update(signed | {"user_id": stranger.uid, "readers": [stranger.uid]}),
        lambda: theirs.set(good),
    ):
        with denied():
            attempt()
    ref.update(touch(collection, alice))
    assert ref.get().get("user_id") == alice.uid


@each_owned
def test_a_missing_document_reads_like_somebody_elses(alice, collection):
    with denied():
        alice.firestore.collection(collection).document(SOME_ID).get()


# ---- projects


@each_project
def test_a_project_may_be_as_large_as_its_fields_allow(alice, collection):
    largest = at_their_largest(PROJECT_FIELDS)
    ref, good = new_one(collection, alice, origin=dict.fromkeys("abcdefghij", "x"))

    ref.create(good | largest)
    ref.update(touch(collection, alice) | largest)

    assert ref.get().get("visibility") == "public"


@each_project
@pytest.mark.parametrize(
    ("field", "bad"), bad_values({name: PROJECT_FIELDS[name] for name in sorted(PROJECT_FIELDS.keys() - COMMON_FIELDS)})
)
def test_a_project_with_a_bad_value_is_neither_created_nor_saved(alice, collection, field, bad):
    neither_created_nor_updated(*new_one(collection, alice), touch(collection, alice), {field: bad})


@pytest.mark.parametrize("tool", ["cardgenerator", "storegenerator", "ruleslawyer", "statblockgenerator"])
def test_the_projects_function_creates_projects_of_every_tool(alice, tool):
    created = alice.post(f"/api/{tool}/projects", {"name": "Sting", "state": {}})
    saved = alice.patch(f"/api/{tool}/projects/{created.json.get('id')}", {"description": "Glows."})

    assert (created.status_code, saved.status_code) == (201, 200), created.text


@pytest.mark.parametrize("tool", ["storegenerator", "ruleslawyer", "statblockgenerator"])
def test_tool_projects_are_of_the_three_other_tools_and_stay_so(alice, tool):
    ref = created("tool_projects", alice, tool=tool)

    for other in {"storegenerator", "ruleslawyer", "statblockgenerator"} - {tool}:
        with denied():
            ref.update(touch("tool_projects", alice) | {"tool": other})


@each_project
@pytest.mark.parametrize("bad", [1, None, DELETE_FIELD, ""], ids=named)
def test_a_project_has_a_tool(alice, collection, bad):
    neither_created_nor_updated(*new_one(collection, alice), touch(collection, alice), {"tool": bad})


@each_project
def test_a_project_is_of_its_collections_tools(alice, collection):
    for other in OTHER_TOOLS[collection]:
        neither_created_nor_updated(*new_one(collection, alice), touch(collection, alice), {"tool": other})


@each_project
@pytest.mark.parametrize(
    "bad", ["x", ["x"], None, dict.fromkeys("abcdefghijk", "x")], ids=["text", "list", "null", "large"]
)
def test_where_a_project_came_from_is_a_small_map(alice, collection, bad):
    ref, good = new_one(collection, alice)

    with denied():
        ref.create(good | {"origin": bad})


@each_project
@pytest.mark.parametrize(
    "change", [{"origin": {"project_id": "y"}}, {"origin": DELETE_FIELD}, {("origin", "version"): "2"}], ids=named
)
def test_where_a_project_came_from_never_changes(alice, collection, change):
    ref = created(collection, alice, origin={"project_id": "x"})

    with denied():
        ref.update(touch(collection, alice) | change)


@each_project
def test_a_project_that_came_from_nowhere_is_given_no_origin_later(alice, collection):
    ref = created(collection, alice)

    with denied():
        ref.update(touch(collection, alice) | {"origin": {"project_id": "x"}})


# ---- its object


def promotion(someone, project, origin=None, **different):
    """The two writes of a promotion, as a batch, and the object that it makes."""
    origin = origin or {"project_id": project.id, "project_collection": project.parent.id}
    made = owned("dungeonmind-objects", someone, origin=origin, **different)
    batch = someone.firestore.batch()
    batch.create(someone.firestore.collection("dungeonmind-objects").document(made["id"]), made)
    return batch, made["id"]


def naming(collection, someone, object_id):
    return touch(collection, someone) | {"object_id": object_id}


@each_project
def test_the_commit_that_makes_an_object_from_a_project_names_it_there(alice, collection):
    project = created(collection, alice)
    batch, object_id = promotion(alice, project)
    batch.update(project, naming(collection, alice, object_id))

    batch.commit()
    project.update(touch(collection, alice) | {"name": "Glamdring"})

    assert project.get().get("object_id") == object_id


@each_project
@pytest.mark.parametrize("value", [SOME_ID, DELETE_FIELD, "", None, 1], ids=named)
def test_which_object_a_project_became_never_changes(alice, collection, value):
    project = created(collection, alice)
    batch, object_id = promotion(alice, project)
    batch.update(project, naming(collection, alice, object_id))
    batch.commit()

    with denied():
        project.update(naming(collection, alice, value))


@each_project
def test_not_even_a_second_promotion_changes_which_object_a_project_became(alice, collection):
    project = created(collection, alice)
    for _ in range(2):
        before = project.get().to_dict().get("object_id")
        batch, object_id = promotion(alice, project)
        batch.update(project, naming(collection, alice, object_id))
        if before:
            with denied():
                batch.commit()
        else:
            batch.commit()

    assert project.get().get("object_id") == before


@each_project
def test_a_project_is_not_created_with_an_object(alice, collection):
    project, good = new_one(collection, alice)
    batch, object_id = promotion(alice, project)
    batch.create(project, good | {"object_id": object_id})

    with denied():
        batch.commit()
    with denied():
        project.create(good | {"object_id": SOME_ID})


@each_project
@pytest.mark.parametrize(
    "value",
    [SOME_ID, "", None, 1, ["x"], {"x": "x"}, "x/versions/1", "../x", "x" * 129],
    ids=named,
)
def test_a_project_names_no_object_that_is_not_made_with_it(alice, collection, value):
    project = created(collection, alice)

    with denied():
        project.update(naming(collection, alice, value))


@each_project
@pytest.mark.parametrize("origin", ["another project", "another collection", "nothing", "no map"])
def test_a_project_names_no_object_that_came_from_elsewhere(alice, collection, origin):
    project = created(collection, alice)
    elsewhere = {
        "another project": {"project_id": SOME_ID, "project_collection": collection},
        "another collection": {
            "project_id": project.id,
            "project_collection": next(other for other in PROJECTS if other != collection),
        },
        "nothing": {"version": "1"},
        "no map": project.id,
    }[origin]
    batch, object_id = promotion(alice, project, elsewhere)
    batch.update(project, naming(collection, alice, object_id))

    with denied():
        batch.commit()


@each_project
@pytest.mark.parametrize("origin", [None, {"project_id": "x"}])
def test_a_project_names_no_object_of_somebody_else(alice, bob, collection, origin):
    project = created(collection, alice)
    batch, object_id = promotion(bob, project, origin)
    batch.commit()

    with denied():
        project.update(naming(collection, alice, object_id))


@each_project
def test_nobody_makes_somebody_elses_project_name_his_object(alice, person, admin, collection):
    people = people_around(alice, person)
    project = shared(admin, people, collection, visibility="public")

    def promoting(someone):
        batch, object_id = promotion(someone, project)
        batch.update(someone.firestore.document(project.path), naming(collection, someone, object_id))
        batch.commit()

    assert may({who: someone for who, someone in people.items() if someone.uid}, promoting) == {"owner"}


@each_project
def test_a_project_names_no_object_that_was_there_before(alice, collection):
    project = created(collection, alice)
    batch, object_id = promotion(alice, project)
    batch.commit()

    with denied():
        project.update(naming(collection, alice, object_id))


@each_project
def test_a_project_names_no_object_that_its_commit_deletes_again(alice, collection):
    project = created(collection, alice)
    batch, object_id = promotion(alice, project)
    batch.update(project, naming(collection, alice, object_id))
    batch.delete(alice.firestore.collection("dungeonmind-objects").document(object_id))

    with denied():
        batch.commit()


@each_project
def test_an_object_id_has_at_most_128_characters(alice, collection):
    for length in (129, 128):
        project, object_id = created(collection, alice), uuid.uuid4().hex.ljust(length, "x")
        batch, _ = promotion(alice, project, id=object_id)
        batch.update(project, naming(collection, alice, object_id))
        if length > 128:
            with denied():
                batch.commit()
        else:
            batch.commit()

    assert project.get().get("object_id") == object_id


# ---- its saves

SAVES = {"cardgen_projects": "card_sessions", "tool_projects": "tool_saves"}


def saved_with(project, someone, **different):
    """Somebody creates a save of the project: its reference."""
    given = {"parent_created_at": project.get().get("created_at")} | different
    save = someone.firestore.document(project.path).collection(SAVES[project.parent.id]).document()
    save.create(patched(a_save(someone, save.id), given))
    return save


@each_project
def test_the_owner_and_editors_save_a_project_that_lives(alice, person, admin, collection):
    people = people_around(alice, person)
    signed_in = {who: someone for who, someone in people.items() if someone.uid}
    project = shared(admin, people, collection, visibility="public")

    def saving_it(someone):
        return saved_with(project, someone)

    assert may(signed_in, saving_it) == {"owner", "editor"}
    admin.document(project.path).update({"trashed": True})
    assert may(signed_in, saving_it) == set()


@each_project
@pytest.mark.parametrize("public", [False, True], ids=["private", "public"])
def test_the_members_of_a_project_read_its_saves(alice, person, admin, collection, public):
    people = people_around(alice, person)
    project = shared(admin, people, collection, visibility="public" if public else "private")
    save = saved_with(project, people["editor"])

    assert may(people, getting(save)) == READERS
    admin.document(project.path).update({"trashed": True})
    assert may(people, getting(save)) == {"owner"}


@each_project
@pytest.mark.parametrize(
    "bad",
    [{"parent_created_at": bad} for bad in (NOW, SERVER_TIMESTAMP, None, DELETE_FIELD)] + [{"id": "x"}],
    ids=named,
)
def test_a_save_is_of_this_very_project(alice, collection, bad):
    project = created(collection, alice)

    with denied():
        saved_with(project, alice, **bad)


@each_project
def test_whoever_takes_the_id_of_a_purged_project_reads_none_of_its_saves(alice, bob, admin, collection):
    project = created(collection, alice)
    save = saved_with(project, alice)
    admin.document(project.path).delete()

    created(collection, bob, id=project.id)

    with denied():
        bob.firestore.document(save.path).get()


def test_the_two_collections_of_projects_have_the_same_rules():
    rules = (Path(__file__).parent.parent / "firestore.rules").read_text()
    cards, others = (
        rules.split(f"match /{name}/{{id}} {{")[1].split("\n    }\n")[0]
        for name in ("cardgen_projects", "tool_projects")
    )

    alike = others.replace("tool_projects", "cardgen_projects").replace("tool_saves", "card_sessions")
    assert "allow create" in cards
    assert alike.replace("['storegenerator', 'ruleslawyer', 'statblockgenerator']", "['cardgenerator']") == cards
