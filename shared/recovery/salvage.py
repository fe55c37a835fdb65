"""Reading as much of a map as its schema understands, and telling the rest apart: nothing is refused or lost."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import marshmallow
from marshmallow import ValidationError, fields

from shared.firestore.size import size_of
from shared.firestore.storable import MAX_DEPTH, Path, unstorable
from shared.schemas.content import Content, ContentMap
from shared.schemas.strict import Schema

Rest = list[tuple[Path, Any]]  # what was taken out, each with the path where it was


def salvaged(schema: Schema, sent: Mapping[str, Any]) -> tuple[dict[str, Any], Rest]:
    """What the schema loads of a map, and what had to be taken out for it."""
    kept: dict[str, Any] = json.loads(json.dumps(sent))
    rest: Rest = []
    refused = [path for path, _ in unstorable(kept, MAX_DEPTH)]
    while kept:
        gone: set[Path] = set()
        for path in sorted(set(refused), key=_order, reverse=True):  # the last element of a list first
            if not any(path[:steps] in gone for steps in range(1, len(path) + 1)):
                gone.add(_take(schema, kept, path, rest))
        try:
            loaded: dict[str, Any] = schema.load(kept)
            return loaded, rest
        except ValidationError as error:
            refused = list(_paths(error.messages))
    return {}, rest


def _order(path: Path) -> tuple[Any, ...]:
    return tuple((isinstance(step, str), step) for step in path)


def _paths(messages: Any, path: Path = ()) -> Iterator[Path]:
    """Where marshmallow's messages say that something is wrong."""
    if isinstance(messages, Mapping):
        for step, inner in messages.items():
            yield from _paths(inner, path if step == "_schema" else (*path, step))
    else:
        yield path


def _take(schema: Any, value: Any, path: Path, rest: Rest) -> Path:
    """Move what is at the path out of the value, or the nearest thing above it that is there, whatever its spelling.

    Content that nothing would be left of goes whole: an empty map would replace what was stored in its place. Returns
    how much of the path led to what was taken.
    """
    way: list[tuple[Any, Any, Path, Any]] = []  # at each step: what it is in, its key there, its path, its field
    found: Path = ()
    for step in path:
        spelled = _key(schema, value, step)
        if spelled is None:
            break
        found = (*found, schema.meant_by(step) if isinstance(schema, Schema) and isinstance(step, str) else step)
        field = _field(schema, found[-1])
        way.append((value, spelled, found, field))
        value, schema = value[spelled], field.schema if isinstance(field, fields.Nested) else field
    while len(way) > 1 and isinstance(way[-2][0], Mapping) and _is_all_of_content(way[-1][0], way[-2][3]):
        way.pop()
    if way:
        above, at, found, _ = way[-1]
        rest.append((found, above.pop(at)))
    else:  # the whole map is refused, and nothing in it is named
        rest += [((key,), value.pop(key)) for key in list(value)]
    return path[: len(way)]


def _is_all_of_content(value: Any, field: Any) -> bool:
    return isinstance(value, Mapping) and len(value) == 1 and (field is None or isinstance(field, Content | ContentMap))


def _key(schema: Any, value: Any, step: str | int) -> Any:
    """The key, as it is spelled there, of what messages call by the field's name."""
    if isinstance(value, list):
        return step if isinstance(step, int) and step < len(value) else None
    keys = value if isinstance(value, Mapping) else ()
    if step in keys:  # where two spellings of one field are there, the one that is named
        return step
    return next((key for key in keys if isinstance(schema, Schema) and schema.meant_by(key) == step), None)


def _field(schema: Any, step: str | int) -> Any:
    """What describes the value one step further down: a field, or nothing."""
    if isinstance(schema, marshmallow.Schema):
        return schema.fields.get(str(step))
    return getattr(schema, "inner", None) or getattr(schema, "value_field", None)


def fitted(state: dict[str, Any], most: int) -> Rest:
    """Take the largest parts out of a state until it has at most so many bytes, as Firestore counts them."""
    excess, rest = size_of(state) - most, []
    for path, size in sorted(_leaves(state), key=lambda leaf: -leaf[1]):
        if excess <= 0:
            break
        rest.append((path, dropped(state, path)))
        excess -= size
    return rest


def _leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, int]]:
    for name, inner in value.items():
        if isinstance(inner, dict) and inner:
            yield from _leaves(inner, (*path, name))
        else:
            yield (*path, name), size_of({name: inner})


def dropped(state: Any, path: Path) -> Any:
    """Remove what is at the path from a state, if it is there, and return it. A part of a list stays."""
    for step in path[:-1]:
        state = state.get(step) if isinstance(state, dict) else None
    return state.pop(path[-1], None) if isinstance(state, dict) else None
