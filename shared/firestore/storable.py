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
    if isinstance(value, dict | list) and not levels:
        yield path, f"Nested deeper than {MAX_DEPTH} levels."
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from (((*path, key), reason) for reason in _wrong_key(key))
            yield from unstorable(inner, levels - 1, (*path, key))
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            if isinstance(inner, list):
                yield (*path, i), "A list directly in a list: put a map between them."
            yield from unstorable(inner, levels - 1, (*path, i))
    elif reason := _wrong_leaf(value):
        yield path, reason


def _wrong_key(key: str) -> Iterator[str]:
    if not key:
        yield "A key is empty."
    elif key.startswith("__") and key.endswith("__"):
        yield "Firestore keeps names like __this__ for itself."
    elif _wrong_leaf(key):
        yield "A key is not valid Unicode (a lone surrogate)."
    elif len(key.encode()) > MAX_KEY_BYTES:
        yield f"A key is longer than {MAX_KEY_BYTES:,} bytes."


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
