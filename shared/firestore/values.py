"""Reading never raises: a document that someone made malformed is shown as far as its schema understands it.

The rest is named by field path in `damaged`, so that nothing vanishes unnoticed, and one bad document spoils no list.
"""

import base64
import functools
import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from google.cloud.firestore import DocumentSnapshot, GeoPoint
from marshmallow import INCLUDE, Schema, ValidationError, fields, missing

from shared.firestore.read import Foreign

PLAIN = {str, bool, int, type(None)}


def content(snapshot: DocumentSnapshot) -> dict[str, Any]:
    """A snapshot's fields; none where the document is missing."""
    return snapshot.to_dict() or {}


def readable(schema: Schema, stored: Mapping[str, Any]) -> dict[str, Any]:
    """The stored map in the wire's terms, defaults filled in, with `damaged` if some of it could not be read."""
    healthy, damaged = split_damaged(schema, stored)
    return _presented(schema, wire(healthy)) | ({"damaged": damaged} if damaged else {})


def split_damaged(schema: Schema, stored: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """What the schema understands of a stored map, as it is stored; and the field paths of what it does not."""
    damaged: list[str] = []
    return _map(schema, stored, "", damaged), sorted(damaged)


def _presented(schema: Schema, shown: Mapping[str, Any]) -> dict[str, Any]:
    """The same map in the schema's order, without what is internal, and with each missing field's `dump_default`."""
    found: dict[str, Any] = {}
    for name, field in schema.fields.items():
        if field.metadata.get("internal"):
            continue
        if isinstance(field, fields.Nested) and isinstance(shown.get(name, {}), dict):
            inner = _presented(field.schema, shown.get(name, {}))
            found |= {name: inner} if inner or name in shown else {}
        elif name in shown or field.dump_default is not missing:
            found[name] = shown.get(name, field.dump_default)
    return found | {name: value for name, value in shown.items() if name not in schema.fields}


def _map(schema: Schema, stored: Mapping[str, Any], path: str, damaged: list[str]) -> dict[str, Any]:
    shown = {}
    for name, value in stored.items():
        field = schema.fields.get(name)
        below = f"{path}{name}"
        if field is not None:
            found = _value(field, value, below, damaged)
        elif schema.unknown == INCLUDE:
            found = value
        else:
            found = missing
            damaged.append(below)
        if found is not missing:
            shown[name] = found
    return shown


def _value(field: fields.Field[Any], value: Any, path: str, damaged: list[str]) -> Any:
    return _reader(field)(field, value, path, damaged)


@functools.lru_cache(maxsize=4_096)  # schemas are kept, and their fields with them
def _reader(field: fields.Field[Any]) -> Callable[..., Any]:
    """How a field is read."""
    if isinstance(field, fields.Nested):
        return _inner_map
    if isinstance(field, fields.List) and field.dump_only and isinstance(field.inner, fields.Nested):
        return _entries
    if isinstance(field, fields.Dict) and isinstance(field.value_field, fields.Nested):
        return _maps
    return _leaf


def _inner_map(field: Any, value: Any, path: str, damaged: list[str]) -> Any:
    if not isinstance(value, dict):
        return _leaf(field, value, path, damaged)
    return _map(field.schema, value, f"{path}.", damaged)


def _entries(field: Any, value: Any, path: str, damaged: list[str]) -> Any:
    """The server's own entries, which have times in them, as no wire has."""
    if not isinstance(value, list):
        damaged.append(path)
        return missing
    entries = [_value(field.inner, inner, f"{path}.{i}", damaged) for i, inner in enumerate(value)]
    return [entry for entry in entries if entry is not missing and entry.keys() == field.inner.schema.fields.keys()]


def _maps(field: Any, value: Any, path: str, damaged: list[str]) -> Any:
    if not isinstance(value, dict):
        return _leaf(field, value, path, damaged)
    found = {key: _value(field.value_field, inner, f"{path}.{key}", damaged) for key, inner in value.items()}
    return {key: inner for key, inner in found.items() if inner is not missing}


def _leaf(field: fields.Field[Any], value: Any, path: str, damaged: list[str]) -> Any:
    try:
        if isinstance(value, Foreign):
            raise ValidationError("no JSON")
        # marshmallow takes a text for a time, and bytes for a text; Firestore keeps them apart.
        if isinstance(field, fields.DateTime) != isinstance(value, datetime) and not isinstance(field, fields.Raw):
            raise ValidationError("a time, and not a time")
        if isinstance(field, fields.String) and isinstance(value, bytes):
            raise ValidationError("bytes are no text")
        if value is None and "may_be_null" not in field.metadata:
            raise ValidationError("null is never stored")
        field.deserialize(value)
        return value
    except ValidationError as error:
        damaged.append(path)
        partly = error.valid_data
        return partly if isinstance(partly, dict | list) and partly else missing


@functools.lru_cache(maxsize=4_096)
def natural(key: str) -> tuple[tuple[int, str], ...]:
    """By which keys are sorted as people count: `block-2` before `block-10`."""
    parts = re.split(r"(\d+)", str(key))
    return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in parts)


def wire(value: Any) -> Any:
    """A value of Firestore's as JSON: RFC 3339 for timestamps; what JSON has no word for as text."""
    if type(value) in PLAIN:
        return value
    if isinstance(value, dict):  # Firestore's maps have no order: two reads give the same bytes
        return {key: wire(value[key]) for key in sorted(value, key=natural)}
    if isinstance(value, list):
        return [wire(inner) for inner in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, GeoPoint):
        return {"latitude": value.latitude, "longitude": value.longitude}
    return value if isinstance(value, float) else str(value)
