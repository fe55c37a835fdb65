"""How large the parts of a document are, about as Firestore counts them: so that "too large" can name a part."""

from collections.abc import Mapping
from typing import Any

MAX_DOCUMENT = 2**20  # bytes, Firestore's


def largest_part(fields: Mapping[str, Any]) -> tuple[str, int]:
    """The largest field, or field of a map at the top, with its bytes."""
    return max(_parts(fields).items(), key=lambda named: named[1])


def _parts(fields: Mapping[str, Any]) -> dict[str, int]:
    """Each top-level field, and each field of a map there, with about the bytes that Firestore counts for it."""
    sizes: dict[str, int] = {}
    for name, value in fields.items():
        inner = _inside(name, value)
        sizes |= inner or {name: size_of(value)}
    return sizes


def _inside(name: str, value: Any) -> dict[str, int]:
    return {f"{name}.{key}": size_of(inner) for key, inner in value.items()} if isinstance(value, Mapping) else {}


def size_of(value: Any) -> int:
    """The bytes of a value, about as Firestore counts them."""
    if isinstance(value, Mapping):
        return sum(len(str(key).encode()) + 1 + size_of(inner) for key, inner in value.items())
    if isinstance(value, list):
        return sum(map(size_of, value))
    if isinstance(value, str | bytes):
        return len(value.encode(errors="replace") if isinstance(value, str) else value) + 1
    return 1 if value is None or isinstance(value, bool) else 8
