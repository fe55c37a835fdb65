"""Compares what the tour found with the source, leaf by leaf. It shares no code with what wrote it: only the files.

{"index": "adamantine-armor", "name": "Adamantine Armor", "desc": [...], ...}       a source
a project's state.itemDetails, an object's systemData.dnd5e, a draft_item_data      where it is looked for
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

Leaf = tuple[tuple[Any, ...], Any]


DATA = Path(__file__).resolve().parent.parent / "tests" / "data"


def differences(
    items: Sequence[Mapping[str, Any]],
    projects: Sequence[Mapping[str, Any]],
    objects: Sequence[Mapping[str, Any]],
    drafts: Sequence[Mapping[str, Any]],
) -> int:
    """How many leaves are missing, wrong, or too many; a document that is missing counts with all its leaves."""
    cards = [_at(project, "state", "itemDetails") for project in projects]
    things = [(_at(thing, "systemData", "dnd5e") or {}) | _title(thing) for thing in objects]
    opened = [_at(draft, "draft_item_data") for draft in drafts]
    count = 0
    for item in items:
        name, wanted = item["index"], _card(item)
        count += _compare(f"project {name}", wanted, [c for c in cards if _at(c, "srd", "index") == name])
        count += _compare(f"object {name}", wanted, [t for t in things if _at(t, "srd", "index") == name])
        count += _compare(f"draft {name}", wanted, [d for d in opened if _at(d, "srd", "index") == name])
    for name, wanted, where, key in _others():
        count += _compare(f"project {name}", wanted, [f for p in projects if _is(f := _at(p, "state", where), key)])
        count += _compare(f"draft {name}", wanted, [f for d in drafts if _is(f := _at(d, where), key)])
    made = len(items) + len({name.partition(",")[0] for name, *_ in _others()})
    return count + sum(abs(len(found) - made) for found in (projects, objects, drafts))


def _card(item: Mapping[str, Any]) -> Any:
    """What must be found of an item, wherever it is."""
    category = item["equipment_category"]
    srd = {"index": item["index"], "variant": item["variant"], "variants": item["variants"]}
    return {
        "name": item["name"],
        "description": "\n\n".join(item["desc"]),
        "type": category["name"],
        "rarity": item["rarity"]["name"],
        "properties": item["desc"],
        "srd": srd | {"category": category["index"]},
    }


def _title(thing: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": thing.get("name"), "description": thing.get("description")}


def _others() -> Iterator[tuple[str, Any, str, Leaf]]:
    """What must be found of the other three tools' work: (name, content, its field, the leaf that tells it apart)."""
    store = json.loads(DATA.joinpath("store.json").read_text())
    title = next(block["title"] for block in store["storeData"].values() if "title" in block)
    key = next(name for name, block in store["storeData"].items() if "title" in block)
    yield "store", store, "store_draft_data", (("storeData", key, "title"), title)
    for monster in json.loads(DATA.joinpath("monsters.json").read_text()):
        yield monster["index"], _creature(monster), "statblock_draft_data", (("index",), monster["index"])
    for number, ruling in enumerate(json.loads(DATA.joinpath("rulings.json").read_text())):
        first = ((0, "question"), ruling["asked"][0]["question"])
        yield f"ruling {number}, asked", ruling["asked"], "active_query_history", first
        yield f"ruling {number}, kept", ruling["favorites"], "favorite_rules", ((0,), ruling["favorites"][0])


def _creature(monster: Mapping[str, Any]) -> Any:
    names = {"str": "strength", "dex": "dexterity", "con": "constitution"}
    names |= {"int": "intelligence", "wis": "wisdom", "cha": "charisma"}
    speed = {kind: said.removesuffix(" ft.") for kind, said in monster["speed"].items() if kind != "hover"}
    same = ("name", "size", "type", "languages", "index", "xp")
    return {name: monster[name] for name in same} | {
        "armorClass": monster["armor_class"][0]["value"],
        "hitPoints": monster["hit_points"],
        "speed": {kind: int(feet) for kind, feet in speed.items()},
        "abilities": {short: monster[name] for short, name in names.items()},
        "challengeRating": monster["challenge_rating"],
        "actions": [{"name": action["name"], "desc": action["desc"]} for action in monster["actions"]],
    }


def _is(found: Any, key: Leaf) -> bool:
    return key in list(_leaves(found))


def _compare(what: str, expected: Any, found: Sequence[Any]) -> int:
    wanted = dict(_leaves(expected))
    if len(found) != 1:
        print(f"  {what}: found {len(found)} times")
        return len(wanted)
    there = dict(_leaves(found[0]))
    wrong = [path for path in wanted.keys() | there.keys() if (path, wanted.get(path)) != (path, there.get(path))]
    for path in wrong:
        print(f"  {what}: {'.'.join(map(str, path))} is {there.get(path)!r:.80}, not {wanted.get(path)!r:.80}")
    return len(wrong)


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[Leaf]:
    inside = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    if not inside:
        yield path, value
    for name, inner in inside:
        yield from _leaves(inner, (*path, name))


def _at(value: Any, *path: str) -> Any:
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value
