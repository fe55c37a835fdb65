"""Open conflicts in sessions and projects: who may save there opens and closes them; their list is bounded."""

import uuid

import pytest
from google.cloud.firestore import DELETE_FIELD, SERVER_TIMESTAMP
from rules_builders import (
    NOW,
    PROJECTS,
    a_save,
    a_session,
    created,
    denied,
    may,
    owned,
    people_around,
    shared,
    signed_by,
    touch,
)

ENTRY = {"path": "itemDetails.name", "by": "Bob", "device": "laptop", "at": NOW, "save_id": "7c9e6679"}
LONG = {"path": "p" * 1_500, "by": "b" * 5_000, "device": "d" * 128, "at": NOW, "save_id": "s" * 128}
BAD = {
    "a text": "x",
    "a map": {"0": ENTRY},
    "null": None,
    "an entry that is a text": ["x"],
    "a path that is a number": [ENTRY | {"path": 5}],
    "a path that is a list": [ENTRY | {"path": ["a"]}],
    "a name that is null": [ENTRY | {"by": None}],
    "a time that is a text": [ENTRY | {"at": "2026-11-26T00:00:00Z"}],
    "a device that is a map": [ENTRY | {"device": {}}],
    "a save whose id is empty": [ENTRY | {"save_id": ""}],
    "a save whose id is a path": [ENTRY | {"save_id": "a/b"}],
    "a save whose id is a number": [ENTRY | {"save_id": 5}],
    "a save whose id is a list": [ENTRY | {"save_id": ["a"]}],
    "a save whose id no document has": [ENTRY | {"save_id": "x" * 129}],
    "no save": [{name: value for name, value in ENTRY.items() if name != "save_id"}],
    "another field": [ENTRY | {"other": 1}],
    "another field in place of one": [{name: v for name, v in ENTRY.items() if name != "by"} | {"other": "x"}],
    "a path that is too long": [ENTRY | {"path": "x" * 9_001}],
    "a bad one behind a good one": [ENTRY, ENTRY | {"path": 5}],
    "thirteen at once": [ENTRY | {"save_id": str(i)} for i in range(13)],
}
BAD |= {
    f"a bad one as the last of {n}": [*(ENTRY | {"save_id": str(i)} for i in range(n - 1)), ENTRY | {"at": 1}]
    for n in range(1, 13)
}
each_bad = pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
TOOL_MAPS = ["cardgenerator", "storegenerator", "ruleslawyer", "statblockgenerator"]


def entries(first, count):
    return [LONG | {"save_id": f"{i:0128}"} for i in range(first, first + count)]


@pytest.mark.parametrize("collection", PROJECTS)
@each_bad
def test_a_project_with_a_bad_list_of_conflicts_is_neither_created_nor_saved(alice, collection, bad):
    with denied():
        created(collection, alice, conflicts=bad)
    ref = created(collection, alice, conflicts=[ENTRY | {"save_id": "before"}])
    with denied():
        ref.update(touch(collection, alice) | {"conflicts": bad})


@pytest.mark.parametrize("tool", TOOL_MAPS)
@each_bad
def test_a_session_with_a_bad_list_of_conflicts_is_neither_begun_nor_saved(alice, tool, bad):
    ref = alice.firestore.collection("sessions").document(alice.uid)
    with denied():
        ref.create(a_session(alice, **{tool: {"conflicts": bad}}))
    ref.create(a_session(alice, **{tool: {"conflicts": [ENTRY | {"save_id": "before"}]}}))
    with denied():
        ref.update(touch("sessions", alice) | {(tool, "conflicts"): bad})


@pytest.mark.parametrize("collection", PROJECTS)
def test_twelve_at_once_and_twenty_in_all_may_be_open_in_a_project(alice, collection):
    ref = created(collection, alice, conflicts=entries(0, 12))

    ref.update(touch(collection, alice) | {"conflicts": entries(0, 20)})
    ref.update(touch(collection, alice) | {"conflicts": entries(12, 20)})
    with denied():
        ref.update(touch(collection, alice) | {"conflicts": entries(12, 21)})
    ref.update(touch(collection, alice) | {"conflicts": entries(15, 3)})
    ref.update(touch(collection, alice) | {"conflicts": DELETE_FIELD})


@pytest.mark.parametrize("tool", TOOL_MAPS)
def test_twelve_at_once_and_twenty_in_all_may_be_open_in_a_draft(alice, tool):
    ref = alice.firestore.collection("sessions").document(alice.uid)
    ref.create(a_session(alice, **{tool: {"conflicts": entries(0, 12)}}))

    ref.update(touch("sessions", alice) | {(tool, "conflicts"): entries(0, 20)})
    ref.update(touch("sessions", alice) | {(tool, "conflicts"): entries(12, 20)})
    with denied():
        ref.update(touch("sessions", alice) | {(tool, "conflicts"): entries(12, 21)})
    ref.update(touch("sessions", alice) | {(tool, "conflicts"): DELETE_FIELD})
    ref.update(touch("sessions", alice) | {tool: DELETE_FIELD})


@pytest.mark.parametrize("collection", PROJECTS)
def test_who_saves_a_project_opens_its_conflicts_and_nobody_else(alice, person, admin, collection):
    people = people_around(alice, person)
    ref = shared(admin, people, collection)

    def opening(someone):
        change = {"conflicts": [ENTRY | {"save_id": str(uuid.uuid4())}]}
        someone.firestore.document(ref.path).update(signed_by(someone, collection) | change)

    assert may(people, opening) == {"editor", "owner"}


@pytest.mark.parametrize(
    ("collection", "saves"), [("cardgen_projects", "card_sessions"), ("tool_projects", "tool_saves")]
)
def test_a_save_may_come_with_the_project_that_it_lies_beside_and_with_no_other(alice, bob, collection, saves):
    def together(someone, beside):
        project = owned(collection, someone)
        batch = someone.firestore.batch()
        batch.create(someone.firestore.collection(collection).document(project["id"]), project)
        ref = someone.firestore.document(f"{collection}/{beside or project['id']}/{saves}/{uuid.uuid4()}")
        save = a_save(someone, ref.id, parent_created_at=SERVER_TIMESTAMP)
        batch.create(ref, save | {"tool": project["tool"]})
        batch.commit()

    hers = created(collection, alice)

    together(bob, None)
    with denied():
        together(bob, hers.id)
    with denied():  # hers was not created just now
        together(alice, hers.id)
