"""Which field paths lead from one state to another."""

from collections.abc import Mapping
from typing import Any

from google.cloud.firestore import DELETE_FIELD

from shared.firestore.field_paths import FieldPaths, field_paths
from shared.firestore.values import wire
from shared.merge.values import same


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
