"""What Firestore, or its Python client, would refuse to keep, told before anything is sent."""

import math
from collections.abc import Iterator
from typing import Any

MAX_BYTES = 900_000  # a document may hold 1 MiB
MAX_KEPT = 3_000_000  # of a backup: its state, and what no document can hold and is kept in pieces
MAX_BACKUP = MAX_KEPT + 4 * 2**20  # with what it is only compared with: its base, and what was tried
MAX_DEPTH = 20  # Firestore's, counted from a document's top-level fields
MAX_KEY_BYTES = 1_500  # Firestore's

Path = tuple[str | int, ...]  # of keys and positions


def unstorable(value: Any, levels: int, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Each path that Firestore (or its Python client) would refuse, with the reason. `levels` may follow."""
    if isinstance(value, dict | list) and levels < 1:
        yield path, f"Nested deeper than {MAX_DEPTH} levels."
    elif isinstance(value, dict):
        for key, inner in value.items():
            if reason := _wrong_key(key):
                yield (*path, key), reason
            if not _is_plain(inner):
                yield from unstorable(inner, levels - 1, (*path, key))
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            if not _is_plain(inner):  # a list in a list has a map between them where it is stored
                yield from unstorable(inner, levels - 1 - isinstance(inner, list), (*path, i))
    elif reason := _wrong_leaf(value):
        yield path, reason


def _is_plain(value: Any) -> bool:
    """What most values are, and nothing is wrong with."""
    return value is None or (type(value) is str and value.isascii())


def _wrong_key(key: str) -> str | None:
    if not key:
        return "A key is empty."
    if key.startswith("__") and key.endswith("__"):
        return "Firestore keeps names like __this__ for itself."
    if _wrong_leaf(key):
        return "A key is not valid Unicode (a lone surrogate)."
    if len(key) > MAX_KEY_BYTES // 4 and len(key.encode()) > MAX_KEY_BYTES:
        return f"A key is longer than {MAX_KEY_BYTES:,} bytes."
    return None


def _wrong_leaf(value: Any) -> str | None:
    if isinstance(value, float) and not math.isfinite(value):
        return "Not a number that JSON has: NaN and Infinity cannot be stored."
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        return "An integer beyond 64 bits: send it as a string."
    if isinstance(value, str) and not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            return "Not valid Unicode: it holds half of a surrogate pair."
    return None
