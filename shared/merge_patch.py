"""A JSON merge patch (after RFC 7396) as Firestore field paths: one for each leaf, so that an autosave needs no read.

null deletes, a list is replaced, an empty object is skipped, and what is not sent is not touched: two tabs that save
different fields both win. Neither null nor `{}` is ever stored as the value of a field.
"""

from collections.abc import Mapping
from typing import Any

from google.cloud.firestore import DELETE_FIELD

from shared.merge import same
from shared.reading import wire

FieldPaths = dict[tuple[str, ...], Any]


def field_paths(patch: Mapping[str, Any], *under: str) -> FieldPaths:
    """The path of each leaf, below `under`, with its value or DELETE_FIELD: what shared/batch.py writes."""
    paths: FieldPaths = {}
    for name, value in patch.items():
        if isinstance(value, Mapping):
            paths |= field_paths(value, *under, name)
        else:
            paths[(*under, name)] = DELETE_FIELD if value is None else value
    return paths


def pruned(state: Mapping[str, Any]) -> dict[str, Any]:
    """A whole state as it is stored by PUT: without nulls and empty objects. Lists are kept as they were sent."""
    kept = {name: pruned(value) if isinstance(value, Mapping) else value for name, value in state.items()}
    return {name: value for name, value in kept.items() if value is not None and value != {}}


def differences(before: Mapping[str, Any], now: Mapping[str, Any], *under: str) -> FieldPaths:
    """The field paths that lead from one state to the other. A map that is gone is deleted whole."""
    found: FieldPaths = {}
    for name in before.keys() | now.keys():
        old, new = before.get(name), now.get(name)
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            found |= differences(old, new, *under, name)
        elif not same(wire(new), wire(old)):
            found[(*under, name)] = DELETE_FIELD if name not in now else new
    return found


def leaf_differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> FieldPaths:
    """The same leaf by leaf, for a document in which others may have put something beside these."""
    old, new = field_paths(before), field_paths(now)
    leading = {path[:length] for path in new for length in range(1, len(path))}
    gone = {path: DELETE_FIELD for path in old.keys() - new.keys() - leading}
    return gone | {path: value for path, value in new.items() if path not in old or not same(wire(value), old[path])}
