"""Lists directly in lists, which Firestore cannot store and real content has (the rows of a table).

An element of a list that is a list is stored as the map `{"[]": [...]}`. A map in a list whose only key is `[]`, `[][]`
and so on gets one more `[]`, so that reading, which undoes both, gives back what was written, whatever it was.
"""

import re
from collections.abc import Mapping
from typing import Any

KEY = "[]"
_ESCAPED = re.compile(r"(\[\])+")


def as_element(value: Any) -> Any:
    """An element of a list as it is stored."""
    if isinstance(value, list):
        return {KEY: value}
    return {f"{key}{KEY}": value[key] for key in value} if _is_like_one(value) else value


def from_element(stored: Any) -> Any:
    """The element that a stored one stands for."""
    if not _is_like_one(stored):
        return stored
    ((key, value),) = stored.items()
    if key != KEY:
        return {key.removesuffix(KEY): value}
    return value if isinstance(value, list) else stored  # not written by us


def _is_like_one(value: Any) -> bool:
    return isinstance(value, Mapping) and len(value) == 1 and bool(_ESCAPED.fullmatch(str(next(iter(value)))))
