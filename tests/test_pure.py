"""The pure parts, by property: merge patches, field paths, conversions, promotion."""

import sys

import pytest
from google.cloud.firestore import DELETE_FIELD
from google.cloud.firestore_v1.field_path import FieldPath
from hypothesis import given
from hypothesis import strategies as st

from shared.drafts import OPEN_CONFLICTS, POINTER, draft_of, state_of
from shared.firestore.batch import update_of
from shared.firestore.field_paths import field_paths, without_nulls
from shared.firestore.read import fields_of
from shared.http.body import _without_twins as without_twins
from shared.merge.differences import leaf_differences
from shared.projects.promotion import as_base, changes, object_of, state_from
from shared.recovery.backup import read
from shared.schemas.tools import TOOLS

CARD = TOOLS["cardgenerator"]
names = st.text(min_size=1, max_size=6) | st.sampled_from(["a", "b", "a.b", "`", "\\", "name", "draft_item_data"])
scalars = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(max_size=5)
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(names, inner, max_size=3))
maps = st.dictionaries(names, values, max_size=4)


def merged(target, patch):
    """RFC 7396, as its section 2 writes it, but that an object which sets nothing is skipped where there is none."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        elif isinstance(result.get(name), dict) or not isinstance(value, dict) or without_nulls(value):
            result[name] = merged(result.get(name), value)
    return result


def applied(document, paths):
    """What Firestore does with field paths."""
    for path, value in paths.items():
        place = document
        for name in path[:-1]:
            if not isinstance(place.get(name), dict):
                if value is DELETE_FIELD:
                    break
                place[name] = {}
            place = place[name]
        else:
            place.pop(path[-1], None) if value is DELETE_FIELD else place.__setitem__(path[-1], value)
    return document


def calls_of(run):
    """How many calls of functions, and steps of generators, a call takes. (A tracer would be in coverage's way.)"""
    count = 0

    def profile(frame, event, argument):
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(profile)
    try:
        run()
    finally:
        sys.setprofile(None)
    return count


class Counted(str):
    """A key that counts how often it is compared."""

    compared = 0
    __hash__ = str.__hash__

    def __eq__(self, other):
        Counted.compared += 1
        return str.__eq__(self, other)


def many(length, name="a", inner="x"):
    return {f"{name}{i}": {inner: i} for i in range(length)}


@pytest.mark.parametrize(
    "run",
    [
        lambda length: leaf_differences(many(length), many(length, inner="y")),
        lambda length: leaf_differences(many(length), many(length, "b")),
        lambda length: read({"tool": "cardgenerator", "state": many(length, "odd ")}),
        lambda length: read({"tool": "cardgenerator", **many(length, "odd ")}),
    ],
    ids=["the same maps, other leaves", "other maps", "a backup of unknown fields", "unknown facts of a backup"],
)
def test_what_twice_as_much_costs_is_twice_as_many_steps(run):
    run(10)  # what is made once

    assert calls_of(lambda: run(1_600)) < 2.2 * calls_of(lambda: run(800))


def test_a_key_that_stands_twice_is_found_in_one_pass():
    keys = [Counted(f"k{i}") for i in range(5_000)]

    with pytest.raises(ValueError, match="'k4999' stands twice"):
        without_twins([(key, 1) for key in [*keys, keys[-1]]])

    assert Counted.compared < 10 * len(keys)


@given(maps, maps)
def test_field_paths_do_what_rfc_7396_says_but_for_empty_objects(document, patch):
    document = without_nulls(document)

    assert without_nulls(applied(document, field_paths(patch))) == without_nulls(merged(document, patch))


@given(maps)
def test_what_put_stores_has_neither_null_nor_empty_objects_outside_of_lists(state):
    def leaves(value):
        return [leaf for inner in value.values() for leaf in leaves(inner)] if isinstance(value, dict) else [value]

    stored = without_nulls(state)

    assert None not in leaves(stored) if stored else stored == {}
    assert without_nulls(stored) == stored


@given(st.dictionaries(names, values.filter(lambda v: v is not None and v != {}), min_size=1, max_size=4))
def test_a_field_update_holds_every_value_under_its_own_path(fields):
    paths = field_paths(without_nulls(fields))

    write = update_of("projects/p/databases/(default)/documents/a/b", paths)

    assert sorted(write.update_mask.field_paths) == sorted(FieldPath(*path).to_api_repr() for path in paths)
    assert fields_of(write.update) == applied({}, paths)


def test_the_two_names_of_every_card_field_belong_together():
    draft, state = set(CARD.draft().fields) - {POINTER, OPEN_CONFLICTS}, set(CARD.state().fields)

    assert set(state_of(CARD, dict.fromkeys(draft))) == state
    assert set(draft_of(CARD, dict.fromkeys(state))) == draft


@given(st.sampled_from(list(TOOLS.values())), st.data())
def test_a_draft_survives_becoming_a_projects_state_and_back(tool, data):
    known = st.sampled_from(sorted(set(tool.draft().fields) - {POINTER, OPEN_CONFLICTS}))
    draft = data.draw(st.dictionaries(known | names.filter(lambda n: n not in tool.state().fields), values, max_size=5))

    assert draft_of(tool, state_of(tool, draft)) == draft


@given(st.sampled_from(list(TOOLS.values())), st.data())
def test_a_projects_state_survives_becoming_a_draft_and_back(tool, data):
    known = st.sampled_from(sorted(tool.state().fields)).filter(lambda name: name not in (POINTER, OPEN_CONFLICTS))
    unknown = names.filter(lambda name: name not in tool.draft().fields)
    state = data.draw(st.dictionaries(known | unknown, values, max_size=5))

    assert state_of(tool, draft_of(tool, state)) == state


def card(item, **state):
    return {"name": "Project", "state": {"itemDetails": item, **state}}


def test_a_card_becomes_an_item_with_its_fields_where_the_design_document_says():
    item = {
        "name": "Sunblade",
        "description": "It shines.",
        "rarity": "Rare",
        "damageFormula": "1d8",
        "Forged By": "Ilma",
    }
    state = {"selectedAssets": {"border": "b", "templateBlob": "..."}, "userId": "u", "metadata": {"lastSaved": "1"}}

    assert object_of(CARD, card(item, **state), "dnd5e") == {
        "type": "item",
        "name": "Sunblade",
        "description": "It shines.",
        "systemData": {"dnd5e": {"rarity": "Rare", "damage": "1d8", "Forged By": "Ilma"}},
        "customProperties": {"selectedAssets": {"border": "b"}},
    }
    assert object_of(CARD, {"name": "Project"}, "dnd5e") == {"type": "item", "name": "Project"}


def test_a_store_is_called_what_its_title_block_says():
    blocks = {"block-0": {"type": "title", "title": "The Keel", "description": "Salvage"}, "block-1": None}
    store = {"name": "Project", "state": {"store_draft_data": {"storeData": blocks}, "recent_stores": ["a"]}}

    found = object_of(TOOLS["storegenerator"], store, "dnd5e")

    assert (found["type"], found["name"], found["description"]) == ("store", "The Keel", "Salvage")
    assert found["systemData"] == {"dnd5e": {"storeData": blocks}}
    assert object_of(TOOLS["storegenerator"], {"name": "Project"}, "dnd5e") == {"type": "store", "name": "Project"}


states = {
    "cardgenerator": st.fixed_dictionaries(
        {},
        optional={
            "itemDetails": st.dictionaries(names.filter(lambda n: n not in ("damage", "name", "description")), values),
            "currentStep": st.text(),
            "toolSpecificData": maps,
            "selectedAssets": st.dictionaries(st.sampled_from(["border", "finalImage"]), st.text(), min_size=1),
        },
    ),
    "statblockgenerator": st.fixed_dictionaries(
        {}, optional={"statblock_draft_data": maps, "generation_lock": st.booleans()}
    ),
    "storegenerator": st.fixed_dictionaries({}, optional={"store_draft_data": st.fixed_dictionaries({"x": values})}),
    "ruleslawyer": st.fixed_dictionaries({}, optional={"search_context": maps, "favorite_rules": st.lists(st.text())}),
}


@given(st.sampled_from(sorted(states)), st.data(), st.text(min_size=1).filter(str.strip))
def test_an_object_opens_as_the_work_that_it_was_promoted_from(tool, data, name):
    tool, state = TOOLS[tool], without_nulls(data.draw(states[tool]))
    if tool.titled:
        state[tool.thing] = state.get(tool.thing, {}) | {"name": name.strip()[:200], "description": "It shines."}

    found = state_from(tool, object_of(tool, {"name": "Project", "state": state}, "dnd5e"), "dnd5e")

    assert found == state


json_maps = st.dictionaries(names, values.filter(lambda v: v is not None), max_size=4)


@given(json_maps, json_maps)
def test_the_changes_of_a_promotion_lead_from_what_it_gave_to_what_it_gives(before, now):
    before, now = without_nulls(before), without_nulls(now)

    assert without_nulls(applied(before, changes(as_base(before), now, "dnd5e"))) == now


@given(json_maps)
def test_a_promotion_without_edits_changes_nothing(given_):
    assert changes(as_base(without_nulls(given_)), without_nulls(given_), "dnd5e") == {}
