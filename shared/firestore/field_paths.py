"""A JSON merge patch (after RFC 7396) as Firestore field paths: one for each leaf, so that an autosave needs no read.

null deletes, a list is replaced, an empty object is skipped, and what is not sent is not touched: two tabs that save
different fields both win. Neither null nor `{}` is ever stored as the value of a field.
"""

from collections.abc import Mapping
from typing import Any

from google.cloud.firestore import DELETE_FIELD

FieldPaths = dict[tuple[str, ...], Any]


def field_paths(patch: Mapping[str, Any], *under: str) -> FieldPaths:
    """The path of each leaf, below `under`, with its value or DELETE_FIELD: what shared/firestore/batch.py writes."""
    paths: FieldPaths = {}
    for name, value in patch.items():
        if isinstance(value, Mapping):
            paths |= field_paths(value, *under, name)
        else:
            paths[(*under, name)] = DELETE_FIELD if value is None else value
    return paths


def without_nulls(state: Mapping[str, Any]) -> dict[str, Any]:
    """A whole state as it is stored by PUT: without nulls and empty objects. Lists are kept as they were sent."""
    kept = {name: without_nulls(value) if isinstance(value, Mapping) else value for name, value in state.items()}
    return {name: value for name, value in kept.items() if value is not None and value != {}}
