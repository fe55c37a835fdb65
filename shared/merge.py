"""Three-way merge: what two sides made of a state, from what both had seen. Pure functions.

    merged, conflicts = merge(base, mine, current)

Maps merge field by field, lists of scalars as sets, lists of maps by their ids; everything else is one value. Where one
side alone changed a value, its change is taken. Where both did, it is a conflict: mine stands, but an edit stands
against a deletion. A conflict is reported with all three values, so no edit of either side vanishes unnoticed.

mine = base gives current, current = base gives mine, and merging the same again into the result changes nothing.
"""

from collections.abc import Callable, Mapping
from typing import Any

MISSING: Any = type("Missing", (), {"__repr__": lambda self: "MISSING"})()

Conflict = dict[str, Any]  # path, and of base, mine and theirs those that there are
Report = Callable[[str, Any, Any, Any], None]


def merge(
    base: Mapping[str, Any], mine: Mapping[str, Any], current: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Conflict]]:
    """The merged state, and what both sides changed. None of the three holds null or an empty map outside of lists."""
    conflicts: list[Conflict] = []

    def report(path: str, base: Any, mine: Any, theirs: Any) -> None:
        values = {"base": base, "mine": mine, "theirs": theirs}
        conflicts.append({"path": path} | {side: value for side, value in values.items() if value is not MISSING})

    merged = _map(base, mine, current, "", report)
    return merged, conflicts


def same(one: Any, other: Any) -> bool:
    """Equal as JSON: 1 is 1.0, and neither is true."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same(value, other[name]) for name, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)


def _value(base: Any, mine: Any, current: Any, path: str, report: Report) -> Any:
    if same(mine, current) or same(current, base):
        return mine
    if same(mine, base):
        return current
    if isinstance(mine, Mapping) and isinstance(current, Mapping):
        before = base if isinstance(base, Mapping) else {}
        return _map(before, mine, current, f"{path}.", report) or MISSING
    if isinstance(mine, list) and isinstance(current, list):
        was, left, right = _keyed(base if isinstance(base, list) else []), _keyed(mine), _keyed(current)
        if was is not None and left is not None and right is not None and len(_kinds(was, left, right)) <= 1:
            return _list(was, left, right, path, report)
    report(path, base, mine, current)
    return current if mine is MISSING else mine


def _map(
    base: Mapping[Any, Any], mine: Mapping[Any, Any], current: Mapping[Any, Any], prefix: str, report: Report
) -> dict[Any, Any]:
    merged = {}
    for name in dict.fromkeys([*current, *mine]):
        path = f"{prefix}{name[-1] if isinstance(name, tuple) else name}"
        value = _value(base.get(name, MISSING), mine.get(name, MISSING), current.get(name, MISSING), path, report)
        if value is not MISSING:
            merged[name] = value
    return merged


def _keyed(side: list[Any]) -> dict[Any, Any] | None:
    """The list by what tells its elements apart: themselves, or their ids. None if nothing does."""
    if all(not isinstance(element, Mapping | list) for element in side):
        keyed = {("value", isinstance(element, bool), element): element for element in side}
    elif all(isinstance(element, Mapping) and isinstance(element.get("id"), str | int) for element in side):
        keyed = {("id", isinstance(element["id"], bool), element["id"]): element for element in side}
    else:
        return None
    return keyed if len(keyed) == len(side) else None


def _kinds(*sides: dict[Any, Any]) -> set[str]:
    """By what the elements are told apart: a list of both kinds could not be merged again."""
    return {key[0] for side in sides for key in side}


def _list(base: dict[Any, Any], mine: dict[Any, Any], current: dict[Any, Any], path: str, report: Report) -> list[Any]:
    """What either side added is in it, what either took out is not. If both moved elements about, mine is the order."""
    merged = _map(base, mine, current, f"{path}.", report)
    moved = [side for side in (mine, current) if _order(side, base) != _order(base, side)]
    if len(moved) == 2 and _order(mine, current) != _order(current, mine):
        report(path, *(list(side.values()) for side in (base, mine, current)))
    first, then = (mine, current) if moved and moved[0] is mine else (current, mine)
    return [merged[key] for key in dict.fromkeys([*first, *then]) if key in merged]


def _order(side: dict[Any, Any], common: dict[Any, Any]) -> list[Any]:
    return [key for key in side if key in common]
