"""A client's backup, read as far as it can be: it may be cut off, of wrong types, or larger than any document.

What cannot be read is no error: it is told apart, by field path, so that it can be kept.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import marshmallow
from marshmallow import ValidationError, fields
from werkzeug.exceptions import UnprocessableEntity

from shared.conversion import CLOCKS, POINTER
from shared.json_body import MAX_BYTES, MAX_DEPTH, Path, unkeepable
from shared.merge_patch import pruned
from shared.schemas.recovery import Backup as BackupSchema
from shared.schemas.strict import Schema
from shared.schemas.tools import TOOLS, Tool

# What a state says of itself. Without anything beside these, it is an untouched form.
ABOUT_ITSELF = {
    "currentStep", "stepCompletion", "autoSaveEnabled", "draftId", "sessionId", "userId", "metadata",
    "current_step", "step_completion", "auto_save_enabled", "draft_id", "session_id", "user_id",
    "current_step_id", "generation_lock", "active_object_id", "activeObjectId", POINTER, *CLOCKS,
}  # fmt: skip


@dataclass(frozen=True)
class Backup:
    """What could be read of a backup, and the rest by field path."""

    tool: Tool
    state: dict[str, Any]  # as a project's state
    base: dict[str, Any] | None
    facts: Mapping[str, Any]  # the fields of schemas/recovery.py beside the states
    rest: dict[Path, Any]


def read(sent: Any) -> Backup:
    """The backup in a request's body. Raises 422 where it does not even say of which tool it is."""
    if not isinstance(sent, Mapping):
        raise UnprocessableEntity("A backup is a JSON object.")
    facts, rest = salvaged(BackupSchema(), sent)
    if not (tool := TOOLS.get(facts.get("tool") or "")):
        raise UnprocessableEntity(f"Found {sent.get('tool')!r} as `tool`: send one of {', '.join(TOOLS)}.")
    state, unreadable = _state(tool, facts.pop("state", None) or {})
    base = facts.pop("base", None)
    readable_base = None if base is None else _state(tool, base)[0]
    too_large = _fitted(state)
    for path in (*unreadable, *too_large):  # what is not in `state` is not therefore deleted
        dropped(readable_base or {}, path)
    rest |= {("state", *path): value for path, value in (unreadable | too_large).items()}
    if text := facts.pop("raw", None):
        rest[("raw",)] = text
    return Backup(tool, state, readable_base, facts, rest)


def holds_work(state: Mapping[str, Any]) -> bool:
    """Whether anything in a state was made by a person: more than the empty form that it began as."""
    return any(_says_something(value) for name, value in state.items() if name not in ABOUT_ITSELF)


def _says_something(value: Any) -> bool:
    if isinstance(value, Mapping | list):
        return any(map(_says_something, value.values() if isinstance(value, Mapping) else value))
    return value not in ("", None, False)


def _state(tool: Tool, sent: Mapping[str, Any]) -> tuple[dict[str, Any], dict[Path, Any]]:
    schema = tool.state()
    named = {key: value for key, value in sent.items() if schema.meant_by(key) not in CLOCKS}
    named = {key: value for key, value in named.items() if tool.draft().meant_by(key) != POINTER}
    found, rest = salvaged(schema, named)
    return pruned(found), rest


def salvaged(schema: Schema, sent: Mapping[str, Any]) -> tuple[dict[str, Any], dict[Path, Any]]:
    """What the schema loads of a map, and what had to be taken out for it, by path."""
    kept: dict[str, Any] = json.loads(json.dumps(sent))
    rest: dict[Path, Any] = {}
    refused = [path for path, _ in unkeepable(kept, MAX_DEPTH + getattr(schema, "wrapped_in", 0))]
    while kept:
        for path in sorted(set(refused), key=_order, reverse=True):  # the last element of a list first
            _take(schema, kept, path, rest)
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


def _take(schema: Any, value: Any, path: Path, rest: dict[Path, Any]) -> None:
    """Move what is at the path out of the value, or the nearest thing above it that is there, whatever its spelling."""
    found: Path = ()
    for step in path:
        spelled = _key(schema, value, step)
        if spelled is None:
            break
        above, at, value, found = value, spelled, value[spelled], (*found, step)
        schema = _inside(schema, step)
    if found:
        rest[found] = above.pop(at)
    else:  # the whole map is refused, and nothing in it is named
        rest |= {(key,): value.pop(key) for key in list(value)}


def _key(schema: Any, value: Any, step: str | int) -> Any:
    if isinstance(value, list):
        return step
    keys = value if isinstance(value, Mapping) else ()
    return next(
        (key for key in keys if key == step or (isinstance(schema, Schema) and schema.meant_by(key) == step)), None
    )


def _inside(schema: Any, step: str | int) -> Any:
    """What describes the value one step further down: a schema, a field, or nothing."""
    if isinstance(schema, marshmallow.Schema):
        field = schema.fields.get(str(step))
    else:
        field = getattr(schema, "inner", None) or getattr(schema, "value_field", None)
    return field.schema if isinstance(field, fields.Nested) else field


def _fitted(state: dict[str, Any]) -> dict[Path, Any]:
    """Take the largest parts out of a state until a document can hold it; returns them by path."""
    out: dict[Path, Any] = {}
    while _bytes(state) > MAX_BYTES:
        path: Path = ()
        above: dict[Any, Any] = {}
        inner: Any = state
        while isinstance(inner, dict) and inner:
            name = max(inner, key=lambda key: _bytes(inner[key]))
            path, above, inner = (*path, name), inner, inner[name]
        out[path] = above.pop(path[-1])
    return out


def _bytes(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False, default=str).encode(errors="replace"))


def dropped(state: Any, path: Path) -> None:
    """Remove what is at the path from a state, if it is there. A part of a list stays."""
    for step in path[:-1]:
        state = state.get(step) if isinstance(state, dict) else None
    if isinstance(state, dict):
        state.pop(path[-1], None)
