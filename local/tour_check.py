"""Compares what the tour found with the source, leaf by leaf. It shares no code with what wrote it: only the file.

{"index": "adamantine-armor", "name": "Adamantine Armor", "desc": [...], ...}   the source
a project's state.itemDetails, and an object's systemData.dnd5e                 what was found
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Leaf = tuple[tuple[Any, ...], Any]


def differences(
    items: Sequence[Mapping[str, Any]],
    projects: Sequence[Mapping[str, Any]],
    objects: Sequence[Mapping[str, Any]],
) -> int:
    """How many leaves are missing, wrong, or too many; a document that is missing counts with all its leaves."""
    count = 0
    for item in items:
        key = item["index"]
        found_projects = [p for p in projects if _at(p, "state", "itemDetails", "srd", "index") == key]
        found_objects = [o for o in objects if _at(o, "systemData", "dnd5e", "srd", "index") == key]
        count += _compare(f"project {key}", _card(item), [_at(p, "state") for p in found_projects])
        count += _compare(f"object {key}", _thing(item), [_public(o) for o in found_objects])
    extra = len(projects) + len(objects) - 2 * len(items)
    return count + max(0, extra)


def _card(item: Mapping[str, Any]) -> Any:
    """What the `state` of the item's project must hold."""
    return {
        "currentStep": "final-assembly",
        "stepCompletion": {"core-image": True},
        "itemDetails": _facts(item) | {"name": item["name"], "description": "\n\n".join(item["desc"])},
    }


def _thing(item: Mapping[str, Any]) -> Any:
    """What the item's object must hold."""
    return {
        "type": "item",
        "name": item["name"],
        "description": "\n\n".join(item["desc"]),
        "rulesets": ["dnd5e"],
        "visibility": "private",
        "systemData": {"dnd5e": _facts(item)},
    }


def _facts(item: Mapping[str, Any]) -> dict[str, Any]:
    category = item["equipment_category"]
    srd = {"index": item["index"], "variant": item["variant"], "variants": item["variants"]}
    return {
        "type": category["name"],
        "rarity": item["rarity"]["name"],
        "properties": item["desc"],
        "srd": srd | {"category": category["index"]},
    }


def _public(thing: Mapping[str, Any]) -> Any:
    return {name: thing.get(name) for name in ("type", "name", "description", "rulesets", "visibility", "systemData")}


def _compare(what: str, expected: Any, found: Sequence[Any]) -> int:
    wanted = dict(_leaves(expected))
    if len(found) != 1:
        print(f"  {what}: found {len(found)} times")
        return len(wanted)
    there = dict(_leaves({name: value for name, value in found[0].items() if name not in ("lastSaved", "draftId")}))
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
