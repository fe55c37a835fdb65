"""Who reads and saves a project or object: its members by their roles, and everybody else; and its trash."""

from datetime import timedelta

import pytest
from google.cloud.firestore import DELETE_FIELD, SERVER_TIMESTAMP, ArrayUnion
from rules_builders import (
    ALL,
    FIELDS,
    NOBODY,
    NOW,
    OBJECTS,
    OWNED,
    PROJECTS,
    PUBLIC,
    READERS,
    SOME_ID,
    TRASHED,
    at_their_largest,
    created,
    denied,
    getting,
    may,
    named,
    owned,
    people_around,
    saving,
    shared,
    signed_by,
    touch,
)

each_owned = pytest.mark.parametrize("collection", OWNED)
AN_OBJECT_OWNERS = {
    "visibility",
    "is_template",
    "sharePermissions",
    "project_collection",
    "project_id",
    "project_created_at",
    "origin",  # what a promotion writes
}
OWNERS = {collection: {"visibility", "is_template"} for collection in PROJECTS} | {OBJECTS: AN_OBJECT_OWNERS}
CONTENT = [
    (collection, field, value)
    for collection, fields in FIELDS.items()
    for field, value in at_their_largest(fields).items()
    if field not in OWNERS[collection]
]
OWNERS_ALONE = [
    (collection, field, FIELDS[collection][field][0])
    for collection, fields in OWNERS.items()
    for field in sorted(fields - {"visibility"})
]
# Each is made of the uid of whoever tries it, and of the uids of the members.
PEOPLE = {
    "owning it": lambda me, of: {"user_id": me},
    "becoming the owner by role": lambda me, of: roles(of | {"owner": me}),
    "becoming an owner beside the owner": lambda me, of: roles(of, **{me: "owner"}),
    "becoming an editor": lambda me, of: roles(of, eve="editor", **{me: "editor"}),
    "becoming a reader": lambda me, of: {"readers": ArrayUnion([me, "eve"])},
    "removing the owner": lambda me, of: roles({role: uid for role, uid in of.items() if role != "owner"}),
    "removing the viewer": lambda me, of: roles({role: uid for role, uid in of.items() if role != "viewer"}),
    "removing everybody": lambda me, of: {"members": {}, "readers": []},
    "removing the members": lambda me, of: {"members": DELETE_FIELD},
    "removing the readers": lambda me, of: {"readers": DELETE_FIELD},
    "bringing a friend": lambda me, of: roles(of, eve="viewer"),
    "another name": lambda me, of: {("members", of["editor"], "name"): "Alice"},
    "taking it over": lambda me, of: {"transfer_to": me},
    "giving it away": lambda me, of: {"transfer_to": "eve"},
}
IDENTITY = {
    "id": SOME_ID,
    "created_at": SERVER_TIMESTAMP,
    "schema_version": 2,
    "purge_at": NOW + timedelta(days=30),
    "object_id": SOME_ID,
    "tool": "ruleslawyer",
    "unknown": "x",
}


def roles(of, **more):
    """A member map and readers that agree."""
    members = {uid: role for role, uid in of.items()} | more
    return {
        "members": {uid: {"role": role, "name": role.title(), "joined_at": NOW} for uid, role in members.items()},
        "readers": list(members),
    }


@pytest.fixture
def people(alice, person):
    return people_around(alice, person)


# ---- reading


@each_owned
@pytest.mark.parametrize(
    ("state", "readers"),
    [
        ({}, READERS),
        (PUBLIC, ALL),
        (TRASHED, {"owner"}),
        (PUBLIC | TRASHED, {"owner"}),
        ({"trashed": DELETE_FIELD}, {"owner"}),
        (PUBLIC | {"trashed": DELETE_FIELD}, {"owner"}),
        ({"trashed": "false"}, {"owner"}),
        ({"visibility": DELETE_FIELD}, READERS),
        ({"visibility": True}, READERS),
        ({"readers": []}, {"owner"}),
        ({"readers": "everybody"}, {"owner"}),
        ({"members": {}}, READERS),
    ],
    ids=["private", "public", "trashed", "public and trashed"] + [f"damaged {number}" for number in range(8)],
)
def test_members_read_a_living_one_everybody_a_public_one_and_its_owner_always(
    people, admin, collection, state, readers
):
    ref = shared(admin, people, collection, **state)

    assert may(people, getting(ref)) == readers


@each_owned
def test_a_reader_who_owns_nothing_else_is_no_owner(people, admin, collection):
    """Only user_id makes an owner: neither the role nor being named first."""
    ref = shared(admin, people, collection)
    admin.document(ref.path).update(roles({"owner": people["stranger"].uid}) | {"user_id": "somebody"})

    assert may(people, getting(ref)) == {"stranger"}
    assert may(people, saving(ref, {"name": "Mine"})) == NOBODY


# ---- saving


@pytest.mark.parametrize(("collection", "field", "value"), CONTENT, ids=[f"{c}-{f}" for c, f, _ in CONTENT])
def test_the_content_is_the_owners_and_the_editors_to_change(people, admin, collection, field, value):
    ref = shared(admin, people, collection, **PUBLIC)

    assert may(people, saving(ref, {field: value})) == {"owner", "editor"}
    assert may(people, saving(ref, {field: DELETE_FIELD})) == (
        {"owner", "editor"} if field not in ("name", "type") else NOBODY
    )


@pytest.mark.parametrize(("collection", "field", "value"), OWNERS_ALONE, ids=[f"{c}-{f}" for c, f, _ in OWNERS_ALONE])
def test_some_fields_are_the_owners_alone(people, admin, collection, field, value):
    expected = NOBODY if field == "origin" and collection in PROJECTS else {"owner"}
    ref = shared(admin, people, collection, **PUBLIC)

    assert may(people, saving(ref, {field: value})) == expected
    assert may(people, saving(ref, {field: DELETE_FIELD})) == expected


@each_owned
def test_only_the_owner_publishes_and_takes_back(people, admin, collection):
    ref = shared(admin, people, collection)

    assert may(people, saving(ref, PUBLIC)) == {"owner"}
    assert may(people, saving(ref, {"visibility": "private"})) == {"owner"}


@each_owned
@pytest.mark.parametrize("change", PEOPLE.values(), ids=PEOPLE)
def test_nobody_changes_people_by_a_save(people, admin, collection, change):
    ref = shared(admin, people, collection, **PUBLIC)
    of = {role: people[role].uid for role in ("owner", "editor", "viewer")}
    hostile = {who: someone for who, someone in people.items() if who != "owner"}

    assert may(hostile, lambda someone: saving(ref, change(someone.uid or "x", of))(someone)) == NOBODY
    assert may(people, getting(ref)) == ALL
    assert (ref.get().get("user_id"), set(ref.get().get("readers"))) == (of["owner"], set(of.values()))


@each_owned
@pytest.mark.parametrize(("field", "value"), IDENTITY.items(), ids=IDENTITY)
def test_nobody_changes_what_it_is_by_a_save(people, admin, collection, field, value):
    ref = shared(admin, people, collection, **PUBLIC)

    assert may(people, saving(ref, {field: value})) == NOBODY


@each_owned
@pytest.mark.parametrize("state", [PUBLIC, PUBLIC | TRASHED], ids=["living", "trashed"])
def test_only_its_owner_deletes_one_for_good_and_nobody_overwrites_one(people, admin, collection, state):
    ref = shared(admin, people, collection, **state)
    for owner in ("editor", "owner"):
        good = owned(collection, people[owner]) | {"id": ref.id}
        assert may(people, lambda someone, good=good: someone.firestore.document(ref.path).set(good)) == NOBODY
    assert may(people, lambda someone: someone.firestore.document(ref.path).delete()) == {"owner"}


@each_owned
@pytest.mark.parametrize("role", [None, ["editor"], {"editor": True}, "Editor", "editor ", "owner", ""], ids=named)
def test_a_malformed_role_gives_nothing(people, admin, collection, role):
    ref, editor = shared(admin, people, collection), people["editor"]
    admin.document(ref.path).update({"members": ref.get().get("members") | {editor.uid: {"role": role}}})

    assert may(people, saving(ref, {"name": "Mine"})) == {"owner"}


@each_owned
@pytest.mark.parametrize(
    "entry", [{}, {"roles": "editor"}, {"name": "editor"}, "editor", ["editor"], None, True], ids=named
)
def test_a_malformed_member_entry_gives_nothing(people, admin, collection, entry):
    ref, editor = shared(admin, people, collection), people["editor"]
    admin.document(ref.path).update({"members": ref.get().get("members") | {editor.uid: entry}})

    assert may(people, saving(ref, {"name": "Mine"})) == {"owner"}


@each_owned
@pytest.mark.parametrize("members", [{}, ["editor"], "editor", None, DELETE_FIELD, {"role": "editor"}], ids=named)
def test_a_malformed_member_map_gives_nothing(people, admin, collection, members):
    ref = shared(admin, people, collection, members=members)

    assert may(people, saving(ref, {"name": "Mine"})) == {"owner"}


@each_owned
def test_the_member_entry_of_somebody_else_gives_nothing(people, admin, collection, person):
    ref, editor = shared(admin, people, collection), people["editor"]
    alikes = [editor.uid[:-1], f"{editor.uid}1", editor.uid.upper(), ".*", "role", "members", "owner", "editor"]

    assert may({uid: person("eve", sub=uid, user_id=uid) for uid in alikes}, getting(ref)) == NOBODY
    for uid in alikes:
        eve = person("eve", sub=uid, user_id=uid)
        eve.uid = uid
        with denied():
            saving(ref, {"name": "Mine"})(eve)


@each_owned
def test_a_save_is_signed_by_whoever_saves(people, admin, collection):
    ref = shared(admin, people, collection)
    alices, editors = signed_by(people["owner"], collection), signed_by(people["editor"], collection)

    assert may(people, lambda someone: someone.firestore.document(ref.path).update(alices)) == {"owner"}
    assert may(people, lambda someone: someone.firestore.document(ref.path).update(editors)) == {"editor"}


def _creating(collection, document):
    return lambda someone: someone.firestore.collection(collection).document(document["id"]).create(document)


# ---- guests


@each_owned
def test_a_guest_works_like_anybody(guest, collection):
    ref = created(collection, guest)

    ref.update(touch(collection, guest) | {"description": "Glows."})

    assert ref.get().get("members")[guest.uid]["name"] == ""


@each_owned
def test_a_guest_makes_nothing_public(guest, collection):
    good = owned(collection, guest)
    ref = guest.firestore.collection(collection).document(good["id"])

    with denied():
        ref.create(good | PUBLIC)
    ref.create(good)
    for also in ({}, TRASHED, {"name": "Glamdring"}):
        with denied():
            ref.update(touch(collection, guest) | PUBLIC | also)


@each_owned
def test_a_guest_does_not_publish_what_he_takes_out_of_the_trash(guest, collection):
    ref = created(collection, guest)
    ref.update(touch(collection, guest) | TRASHED)

    with denied():
        ref.update(touch(collection, guest) | PUBLIC | {"trashed": False, "purge_at": DELETE_FIELD})


@each_owned
def test_a_guest_may_edit_what_somebody_else_published(people, admin, guest, collection):
    ref = shared(admin, people | {"editor": guest}, collection, **PUBLIC)

    saving(ref, {"name": "Glamdring"})(guest)
    for change in ({"visibility": "private"}, {"is_template": True}, TRASHED):
        with denied():
            saving(ref, change)(guest)


@each_owned
def test_a_guest_saves_what_is_public_already_and_can_take_it_back_but_not_publish_it_again(guest, admin, collection):
    ref = created(collection, guest)
    admin.document(ref.path).update(PUBLIC)

    saving(ref, {"name": "Glamdring"})(guest)
    saving(ref, {"visibility": "private"})(guest)
    with denied():
        saving(ref, PUBLIC)(guest)


# ---- the trash

OUT = {"trashed": False, "purge_at": DELETE_FIELD}


@each_owned
@pytest.mark.parametrize("state", [{}, PUBLIC], ids=["private", "public"])
def test_only_the_owner_puts_one_into_the_trash_and_takes_it_out(people, admin, collection, state):
    ref = shared(admin, people, collection, **state)

    assert may(people, saving(ref, TRASHED)) == {"owner"}
    assert may(people, getting(ref)) == {"owner"}
    assert may(people, saving(ref, OUT)) == {"owner"}
    assert may(people, getting(ref)) == (ALL if state else READERS)


@each_owned
@pytest.mark.parametrize(
    "change",
    [
        {},
        {"name": "Glamdring"},
        {"purge_at": DELETE_FIELD},
        TRASHED,
        {"purge_at": NOW + timedelta(days=30, minutes=1)},
        {"trashed": False},
        OUT | {"purge_at": NOW + timedelta(days=30)},
        OUT | {"purge_at": None},
        OUT | {"trashed": DELETE_FIELD},
        OUT | {"trashed": None},
        OUT | {"trashed": "false"},
    ],
    ids=named,
)
def test_nobody_saves_what_is_in_the_trash(people, admin, collection, change):
    ref = shared(admin, people, collection, **TRASHED)

    assert may(people, saving(ref, change)) == NOBODY


@each_owned
@pytest.mark.parametrize(
    ("after", "allowed"),
    [
        ({"days": 29, "hours": -1}, False),
        ({"days": 29, "hours": 1}, True),
        ({"days": 31, "hours": -1}, True),
        ({"days": 31, "hours": 1}, False),
        ({"days": 30_000}, False),
        ({"days": -1}, False),
    ],
    ids=named,
)
def test_the_trash_is_emptied_after_about_30_days(people, collection, after, allowed):
    ref = created(collection, people["owner"])

    trashing = saving(ref, {"trashed": True, "purge_at": NOW + timedelta(**after)})

    assert may(people, trashing) == ({"owner"} if allowed else NOBODY)


@each_owned
@pytest.mark.parametrize(
    "change",
    [
        {"trashed": True},
        {"trashed": True, "purge_at": None},
        {"trashed": True, "purge_at": "2026-12-24"},
        {"trashed": True, "purge_at": DELETE_FIELD},
        {"trashed": True, "purge_at": SERVER_TIMESTAMP},
        TRASHED | {"trashed": "true"},
        TRASHED | {"trashed": 1},
        TRASHED | {"trashed": None},
        TRASHED | {"trashed": DELETE_FIELD},
    ],
    ids=named,
)
def test_nothing_is_half_in_the_trash(people, admin, collection, change):
    ref = shared(admin, people, collection, **PUBLIC)

    assert may(people, saving(ref, change)) == NOBODY


@each_owned
def test_its_owner_brings_back_one_that_says_neither(people, admin, collection):
    ref = shared(admin, people, collection, trashed=None, purge_at="soon")

    assert may(people, saving(ref, {"name": "x"})) == NOBODY
    assert may(people, saving(ref, OUT)) == {"owner"}


# ---- ids


@each_owned
def test_a_derived_id_is_its_owners_to_take(alice, bob, person, collection):
    pattern = person("eve", sub=".*", user_id=".*")
    pattern.uid = ".*"
    free = ["plain", "a-b_c", alice.uid, f"{bob.uid}-x", "x" * (127 - len(alice.uid))]

    for end in (*free, f"{alice.uid}.x"):
        new_id = end if "." in end else f"{end}-{alice.uid}"
        _creating(collection, owned(collection, alice) | {"id": new_id})(alice)
    for someone in (bob, pattern):
        for new_id in (
            f"{alice.uid}.z",
            f".{someone.uid}",
            "x.y",
            f"x{someone.uid}.y",
            f"{someone.uid}x.y",
            "z.",
            "x\n.y",
            f"{someone.uid}.",
            f"{someone.uid}.x.y",  # it would be the id of whom it was derived for whose uid is `uid.x`
        ):
            with denied():
                _creating(collection, owned(collection, someone) | {"id": new_id})(someone)


@pytest.mark.parametrize("collection", OWNED)
@pytest.mark.parametrize("odd", ["x y", "x\n", "x/y"[:1] + "\u00e9", "x" * 129, "(x)"])
def test_an_id_is_one_that_every_address_and_cursor_bears(alice, collection, odd):
    with denied():
        _creating(collection, owned(collection, alice) | {"id": odd})(alice)
