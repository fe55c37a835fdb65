"""Content is stored as it came: whatever a person types, or a tool takes from elsewhere, through every home it has."""

import json
import uuid
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.firestore.batch import Value, fill
from shared.firestore.read import decoded

REFERENCE = sorted(Path(__file__).parent.parent.joinpath("../shared/data/formats").glob("*.json"))
THING = {
    "cardgenerator": ("draft_item_data", "itemDetails"),
    "statblockgenerator": ("statblock_draft_data", "statblock_draft_data"),
    "storegenerator": ("store_draft_data", "store_draft_data"),
}
TABLE = {"caption": "d4", "rows": [["1", "A wolf"], ["2", [["3"], []]], [{"[]": ["as stored"]}, {"[][]": 1}]]}
MONSTER = {
    "name": "Bandit",
    "size": ["M"],
    "armorClass": [15, {"ac": 17, "condition": "with mage armor"}],
    "hitPoints": "5d8 + 5",
    "speed": "30 ft., climb 20 ft.",
    "abilities": {"str": "9", "dex": 14, "con": None},
    "senses": ["darkvision 60 ft."],
    "savingThrows": {"dex": "+4"},
    "challengeRating": {"cr": "1/2", "lair": 1},
    "actions": [{"name": "Bite", "attack_bonus": "+4", "damage": {"parts": [["1d6 + 2", "piercing"]]}}, "Multiattack"],
    "spells": "none",
    "legendaryActions": [],
    "languages": ["Common"],
    "tags": "bandits",
    "entries": [TABLE],
}
CARD = {"name": 7, "value": 50, "weight": 0.25, "properties": "one line", "description": ["A", ["B"]], "table": TABLE}
STORE = {"block-0": {"type": "title", "title": 12, "core_inventory": [{"name": "Rope", "cost": 1}, "a bell"]}}
KNOWN = [
    ("cardgenerator", CARD),
    ("cardgenerator", {"name": "Rope", "properties": [1, None, ["x"]], "value": {"gp": 1}}),
    ("statblockgenerator", MONSTER),
    ("statblockgenerator", {"name": ["two", "names"], "abilities": "strong", "hitPoints": True, "actions": "bites"}),
    ("storegenerator", {"storeData": STORE}),
]


def through(person, tool, thing):
    """The thing as it is read after each of its homes: draft, project, object, draft again."""
    in_draft, in_project = THING[tool]
    address = f"/api/session/tools/{tool}"
    person.put("/api/session", {})
    assert person.patch(address, {"draft_id": str(uuid.uuid4()), in_draft: thing}).status_code == 200
    yield person.get("/api/session").json[tool][in_draft]
    project = person.post(f"/api/{tool}/projects", {"name": "x", "from_draft": True}).json
    yield project["state"][in_project]
    again = person.patch(f"/api/{tool}/projects/{project['id']}", {"state": {in_project: thing}})
    assert again.status_code == 200, again.text
    yield person.get(f"/api/{tool}/projects/{project['id']}").json["state"][in_project]
    promoted = person.post("/api/objects/promote", {"tool": tool, "project_id": project["id"]})
    assert promoted.status_code == 201, promoted.text
    opened = person.post(f"/api/objects/{promoted.json['id']}/open", {"draft_id": str(uuid.uuid4())})
    assert opened.status_code == 200, opened.text
    assert "damaged" not in opened.json["draft"]
    yield opened.json["draft"][in_draft]
    exported = [json.loads(line) for line in person.get("/api/account/export").text.splitlines()]
    yield next(line["data"][tool][in_draft] for line in exported if line.get("path", "").startswith("sessions/"))


def as_stored(value):
    """Without null and empty maps, as a merge patch has it (RFC 7396); lists are kept as they came."""
    kept = {name: as_stored(inner) if isinstance(inner, dict) else inner for name, inner in value.items()}
    return {name: inner for name, inner in kept.items() if inner is not None and inner != {}}


# Fault S25
@pytest.mark.parametrize(("tool", "thing"), KNOWN)
def test_a_number_for_a_text_a_text_for_a_map_and_lists_in_lists_are_kept_in_every_home(alice, tool, thing):
    for found in through(alice, tool, thing):
        assert found == as_stored(thing)


@pytest.mark.skipif(not REFERENCE, reason="the reference material is not here")
@pytest.mark.parametrize("file", REFERENCE, ids=lambda file: file.stem)
@pytest.mark.parametrize("tool", ["cardgenerator", "statblockgenerator"])
def test_a_file_of_another_tools_format_comes_back_as_it_is(alice, tool, file):
    thing = {"name": file.stem[:200], "source": json.loads(file.read_text())}

    for found in through(alice, tool, thing):
        assert found == {"name": thing["name"]} | as_stored({"source": thing["source"]})


def test_two_who_edit_rows_of_a_table_both_find_their_rows(alice):
    address = "/api/session/tools/cardgenerator"
    base = {"draft_id": "d1", "draft_item_data": {"rows": [["1", "wolf"], ["2", "bear"]]}}
    alice.put("/api/session", {})
    alice.put(address, base)
    theirs = alice.put(address, base | {"draft_item_data": {"rows": [["1", "wolf"], ["2", "bear"], ["3", "owl"]]}})

    mine = base | {"draft_item_data": {"rows": [["1", "dire wolf"], ["2", "bear"]]}}
    sent = {"base": base, "mine": mine}
    merged = alice.post(f"{address}/merge", sent, headers={"If-Match": theirs.headers["ETag"]})

    assert merged.json["state"]["draft_item_data"]["rows"] == [["1", "dire wolf"], ["2", "bear"], ["3", "owl"]]


@pytest.mark.parametrize(("lists", "status"), [(7, 200), (40, 422)])
def test_lists_in_lists_are_as_deep_as_firestore_keeps_them(alice, lists, status):
    alice.put("/api/session", {})
    rows = "deep"
    for _ in range(lists):
        rows = [rows]

    answer = alice.patch("/api/session/tools/cardgenerator", {"tool_specific_data": {"rows": rows}})

    assert answer.status_code == status
    if status == 200:
        assert alice.get("/api/session").json["cardgenerator"]["tool_specific_data"]["rows"] == rows


keys = st.sampled_from(["[]", "[][]", "[][][]", "a", "[", "[]a"]) | st.text(max_size=4)
scalars = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(max_size=5) | st.floats(-10, 10)
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=2))


@given(values)
def test_every_json_value_is_stored_and_read_as_it_came(value):
    message = Value()
    fill(message, value)

    assert decoded(message) == value
    assert not any_list_in_a_list(message)


def any_list_in_a_list(message):
    inner = message.array_value.values if message.HasField("array_value") else message.map_value.fields.values()
    found = message.HasField("array_value") and any(one.HasField("array_value") for one in inner)
    return found or any(map(any_list_in_a_list, inner))
