"""The three-way merge, by property: nothing that either side did vanishes unreported."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from conftest import operations
from hypothesis import given
from hypothesis import strategies as st

from shared.merge import MISSING, merge, same
from shared.merge_patch import pruned

names = st.sampled_from(["a", "b", "c", "id", "name"])
scalars = st.booleans() | st.integers(-2, 2) | st.sampled_from(["x", "y", "", 1.0])
things = st.lists(st.fixed_dictionaries({"id": st.integers(0, 3)}, optional={"v": scalars}), max_size=4)
lists = st.lists(scalars, max_size=4) | things | st.lists(scalars | st.dictionaries(names, scalars), max_size=3)
values = st.recursive(scalars | lists, lambda inner: st.dictionaries(names, inner, max_size=3), max_leaves=8)
states = st.dictionaries(names, values, max_size=4).map(pruned)


@given(states, states)
def test_where_one_side_changed_nothing_the_others_state_stands(base, other):
    assert merge(base, base, other) == (other, [])
    assert merge(base, other, base) == (other, [])
    assert merge(base, other, other) == (other, [])


@given(states, states, states)
def test_merging_the_same_again_changes_nothing(base, mine, current):
    merged, _ = merge(base, mine, current)

    assert same(merge(base, mine, merged)[0], merged)


def leaves(value, path=()):
    """The fields of a state, each with its value; lists are one value."""
    if isinstance(value, dict) and value:
        return {leaf: found for name, inner in value.items() for leaf, found in leaves(inner, (*path, name)).items()}
    return {path: value}


def at(value, path):
    for name in path:
        value = value.get(name, MISSING) if isinstance(value, dict) else MISSING
    return value


@given(states, states, states)
def test_no_edit_of_either_side_vanishes_unreported(base, mine, current):
    merged, conflicts = merge(base, mine, current)
    reported = [conflict["path"] for conflict in conflicts]

    for side, other in ((mine, current), (current, mine)):
        for path in (leaves(side) | leaves(base)).keys() - {()}:
            was, became, now = at(base, path), at(side, path), at(merged, path)
            if same(was, became) or same(now, became) or isinstance(became, dict):
                continue
            dotted = ".".join(path)
            if any(dotted == r or dotted.startswith(r + ".") or r.startswith(dotted + ".") for r in reported):
                continue
            # Not as this side left it, and not reported: then a list that has all of this side's changes in it.
            assert isinstance(became, list) and isinstance(now, list), (path, was, became, now)
            before = was if isinstance(was, list) else []
            assert isinstance(at(other, path), list)
            for element in became:
                if not any(same(element, old) for old in before) and not isinstance(element, dict):
                    assert any(same(element, found) for found in now)
            for element in before:
                if not any(same(element, kept) for kept in became) and not isinstance(element, dict):
                    assert not any(same(element, found) for found in now)


@given(states, states, states)
def test_a_conflict_names_three_values_that_differ(base, mine, current):
    for conflict in merge(base, mine, current)[1]:
        sides = [conflict.get(side, MISSING) for side in ("base", "mine", "theirs")]
        assert not any(same(sides[i], sides[i - 1]) for i in range(3))


@pytest.mark.parametrize(
    ("base", "mine", "current", "merged", "conflicts"),
    [
        ({"a": 1}, {"a": 1, "b": 2}, {"a": 1, "c": 3}, {"a": 1, "b": 2, "c": 3}, []),
        ({"a": 1, "b": 1}, {"a": 1}, {"a": 1, "b": 1, "c": 3}, {"a": 1, "c": 3}, []),
        ({"a": 1}, {"a": 2}, {"a": 3}, {"a": 2}, [{"path": "a", "base": 1, "mine": 2, "theirs": 3}]),
        ({}, {"a": 2}, {"a": 3}, {"a": 2}, [{"path": "a", "mine": 2, "theirs": 3}]),
        ({"a": 1}, {}, {"a": 3}, {"a": 3}, [{"path": "a", "base": 1, "theirs": 3}]),
        ({"a": 1}, {"a": 3}, {}, {"a": 3}, [{"path": "a", "base": 1, "mine": 3}]),
        ({"a": {"x": 1}}, {"a": {"x": 1, "y": 2}}, {"a": {"x": 5}}, {"a": {"x": 5, "y": 2}}, []),
        ({"t": ["a", "b"]}, {"t": ["a", "b", "m"]}, {"t": ["b", "c"]}, {"t": ["b", "c", "m"]}, []),
        ({"t": ["a", "b"]}, {"t": ["b", "a"]}, {"t": ["a", "b", "c"]}, {"t": ["b", "a", "c"]}, []),
        (
            {"l": [{"id": 1, "n": "a", "p": 1}, {"id": 2}]},
            {"l": [{"id": 1, "n": "b", "p": 1}, {"id": 2}, {"id": 3}]},
            {"l": [{"id": 1, "n": "a", "p": 2}]},
            {"l": [{"id": 1, "n": "b", "p": 2}, {"id": 3}]},
            [],
        ),
        (
            {"l": [{"id": 1, "n": "a"}]},
            {"l": []},
            {"l": [{"id": 1, "n": "b"}]},
            {"l": [{"id": 1, "n": "b"}]},
            [{"path": "l.1", "base": {"id": 1, "n": "a"}, "theirs": {"id": 1, "n": "b"}}],
        ),
        (
            {"p": ["a", "b", "c"]},
            {"p": ["c", "b", "a"]},
            {"p": ["b", "a", "c"]},
            {"p": ["c", "b", "a"]},
            [{"path": "p", "base": ["a", "b", "c"], "mine": ["c", "b", "a"], "theirs": ["b", "a", "c"]}],
        ),
        (
            {"p": ["a"]},
            {"p": ["a", "a"]},
            {"p": ["a", "b"]},
            {"p": ["a", "a"]},
            [{"path": "p", "base": ["a"], "mine": ["a", "a"], "theirs": ["a", "b"]}],
        ),
        (
            {"p": [1]},
            {"p": [1, {"x": 1}]},
            {"p": [2]},
            {"p": [1, {"x": 1}]},
            [{"path": "p", "base": [1], "mine": [1, {"x": 1}], "theirs": [2]}],
        ),
        ({"n": 1}, {"n": True}, {"n": 1.0}, {"n": True}, []),
        ({}, {"l": [1]}, {"l": [{"id": 0}]}, {"l": [1]}, [{"path": "l", "mine": [1], "theirs": [{"id": 0}]}]),
    ],
)
def test_what_becomes_of_two_peoples_edits(base, mine, current, merged, conflicts):
    assert merge(base, mine, current) == (merged, conflicts)


def test_true_is_not_1_and_1_is_1_0():
    assert same(1, 1.0) and not same(1, True) and not same({"a": [0]}, {"a": [False]})


CARD = "/api/session/tools/cardgenerator"
PROJECTS = "/api/cardgenerator/projects"


@pytest.fixture(params=["session", "project"])
def place(request, alice):
    """Where a state is: how to read it, save it, and merge into it; with the names it has there."""
    alice.put("/api/session", {})
    if request.param == "session":
        return SimpleNamespace(
            read=lambda: alice.get("/api/session").json.get("cardgenerator", {}),
            save=lambda state, **options: alice.patch(CARD, state, **options),
            merge=lambda base, mine, **more: alice.post(f"{CARD}/merge", {"base": base, "mine": mine} | more),
            item="draft_item_data",
            saves=f"sessions/{alice.uid}/card_sessions",
        )
    path = f"{PROJECTS}/{alice.post(PROJECTS, {'name': 'Sunblade'}).json['id']}"
    return SimpleNamespace(
        read=lambda: alice.get(path).json.get("state", {}),
        save=lambda state, **options: alice.patch(path, {"state": state}, **options),
        merge=lambda base, mine, **more: alice.post(f"{path}/merge", {"base": base, "mine": mine} | more),
        item="itemDetails",
        saves=f"cardgen_projects/{path.rpartition('/')[2]}/card_sessions",
    )


def test_edits_of_different_fields_are_both_there_after_a_merge_of_one_read_and_one_commit(place):
    place.save({place.item: {"name": "Sunblade", "value": "1 gp"}})
    base = place.read()
    place.save({place.item: {"rarity": "Rare"}})

    answer = place.merge(base, base | {place.item: {"name": "Moonblade", "value": "1 gp"}})

    assert operations(answer) == {"BatchGetDocuments": 1, "reads": 1, "Commit": 1, "writes": 1}
    assert (answer.status_code, answer.json["conflicts"]) == (200, [])
    assert answer.json["state"][place.item] == {"name": "Moonblade", "value": "1 gp", "rarity": "Rare"}
    assert place.read()[place.item] == answer.json["state"][place.item]
    assert answer.json["etag"] == answer.headers["ETag"]


def test_a_save_whose_answer_was_lost_is_not_another_writers_though_others_saved_since(place):
    base = place.read()
    sent = base | {place.item: {"quote": "Shine"}}
    place.save(sent)  # and nobody heard of it
    place.save({place.item: {"name": "Sunblade"}})  # another tab

    answer = place.merge(base, base | {place.item: {"quote": "Shining on"}}, attempts=[base, sent])

    assert (answer.status_code, answer.json["conflicts"]) == (200, [])
    assert answer.json["state"][place.item] == {"quote": "Shining on", "name": "Sunblade"}


def test_a_save_that_was_never_stored_is_no_base(place):
    base = place.read()
    place.save({place.item: {"quote": "Shine"}})

    answer = place.merge(
        base, base | {place.item: {"quote": "Glow more"}}, attempts=[base | {place.item: {"quote": "Glow"}}]
    )

    assert answer.json["state"][place.item] == {"quote": "Shine Glow more"}
    too_many = place.merge(base, base, attempts=[base] * 4)
    assert (too_many.status_code, list(too_many.json["errors"])) == (422, ["attempts"])


def test_when_both_changed_one_field_both_values_are_kept_and_the_person_is_told(place, alice):
    place.save({place.item: {"name": "Sunblade", "quote": "Shine."}})
    base = place.read()
    place.save({place.item: {"name": "Starblade", "weight": "3 lb."}})

    mine = base | {place.item: {"name": "Moonblade", "quote": "Shine."}}
    answer = place.merge(base, mine)

    conflict = {"path": f"{place.item}.name", "base": "Sunblade", "mine": "Moonblade", "theirs": "Starblade"}
    assert answer.json["conflicts"] == [conflict]
    assert place.read()[place.item] == {"name": "Moonblade", "quote": "Shine.", "weight": "3 lb."}
    save = alice.firestore.document(f"{place.saves}/{answer.json['save_of_theirs']}").get().to_dict()
    assert (save["reason"], save["state"][place.item]["name"]) == ("conflict", "Starblade")

    again = place.merge(base, mine)
    assert again.json["state"] == answer.json["state"]
    assert again.headers["ETag"] == answer.headers["ETag"], "nothing was written"
    assert "save_of_theirs" not in again.json


def test_a_merge_takes_what_the_schemas_take(place):
    assert place.merge({}, {"no_such_field": 1}).status_code == 422
    assert place.merge({}, {place.item: {"name": 5}}).json["errors"].keys() == {f"mine.{place.item}.name"}
    assert place.merge({}, {place.item: {"NAME": "Sunblade"}}).json["state"][place.item] == {"name": "Sunblade"}


@pytest.mark.parametrize("tool", ["cardgenerator", "storegenerator"])
def test_what_gave_way_in_a_project_is_found_by_whoever_reads_it_and_by_nobody_else(alice, bob, nobody, guest, tool):
    step = "currentStep" if tool == "cardgenerator" else "current_step"
    path = f"/api/{tool}/projects/{alice.post(f'/api/{tool}/projects', {'name': 'S', 'state': {step: 'a'}}).json['id']}"
    kept = alice.post(f"{path}/merge", {"base": {step: "x"}, "mine": {step: "b"}}).json["save_of_theirs"]

    listed = alice.get(f"{path}/saves").json["saves"]

    assert [(save["id"], save["reason"], "state" in save) for save in listed] == [(kept, "conflict", False)]
    assert alice.get(f"{path}/saves/{kept}").json["state"] == {step: "a"}
    assert alice.get(f"{path}/saves/{uuid.uuid4()}").status_code == 404
    for address in (f"{path}/saves", f"{path}/saves/{kept}"):
        assert [who.get(address).status_code for who in (bob, guest, nobody)] == [404, 404, 401]


@pytest.mark.parametrize("place", ["project"], indirect=True)
def test_a_strangers_merge_is_404_and_changes_nothing(place, bob):
    place.save({place.item: {"name": "Sunblade"}})
    path = f"{PROJECTS}/{place.saves.split('/')[1]}/merge"

    assert bob.post(path, {"base": {}, "mine": {"currentStep": "x"}}).status_code == 404
    assert bob.post(f"{CARD}/merge", {"base": {}, "mine": {"current_step": "x"}}).status_code == 404
    assert place.read() == {place.item: {"name": "Sunblade"}}


def test_a_draft_that_meets_another_draft_becomes_a_project_of_its_own(alice):
    alice.put("/api/session", {})
    theirs = {"draft_id": str(uuid.uuid4()), "draft_item_data": {"name": "Starblade"}}
    alice.put(CARD, theirs)
    mine = {"draft_id": str(uuid.uuid4()), "draft_item_data": {"name": "Moonblade", "quote": "Hush."}}

    answers = [alice.post(f"{CARD}/merge", {"base": {}, "mine": mine}) for _ in range(3)]

    assert [answer.json["project"]["name"] for answer in answers] == ["Moonblade"] * 3
    assert alice.get("/api/session").json["cardgenerator"]["draft_item_data"] == {"name": "Starblade"}
    projects = alice.get(PROJECTS).json["projects"]
    assert len(projects) == 1
    assert alice.get(f"{PROJECTS}/{projects[0]['id']}").json["state"]["itemDetails"]["quote"] == "Hush."
    nameless = {"draft_id": str(uuid.uuid4()), "current_step": "core-image"}
    assert alice.post(f"{CARD}/merge", {"base": {}, "mine": nameless}).json["project"]["name"] == "Untitled card"


def test_eight_writers_with_if_match_and_merge_lose_nothing_that_was_acknowledged(place):
    rounds, writers = 200 if place.item == "itemDetails" else 25, 8

    def write(writer):
        base, etag = {}, '"2026-01-01T00:00:00Z"'
        for i in range(rounds):
            edit = {place.item: {f"w{writer}": i}}
            answer = place.save(edit, headers={"If-Match": etag})
            mine = base | {place.item: base.get(place.item, {}) | edit[place.item]}
            while answer.status_code in (412, 503):
                answer = place.merge(base, mine)
            assert answer.status_code == 200, answer.text
            base, etag = answer.json.get("state", mine), answer.json["etag"]

    with ThreadPoolExecutor(writers) as pool:
        list(pool.map(write, range(writers)))

    assert place.read()[place.item] == {f"w{writer}": rounds - 1 for writer in range(writers)}
