"""A client's backup, read as far as it can be: it may be cut off, of wrong types, or larger than any document.

What cannot be read is no error: it is told apart, by field path, so that it can be kept.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.exceptions import RequestEntityTooLarge, UnprocessableEntity

from shared.drafts import CLOCKS, OPEN_CONFLICTS, POINTER
from shared.firestore.field_paths import without_nulls
from shared.firestore.storable import MAX_BYTES, MAX_KEPT
from shared.recovery.salvage import Rest, dropped, fitted, salvaged
from shared.schemas.recovery import Backup as BackupSchema
from shared.schemas.strict import schema_of
from shared.schemas.tool import MAX_ATTEMPTS
from shared.schemas.tools import TOOLS, Tool


@dataclass(frozen=True)
class Backup:
    """What could be read of a backup, and the rest."""

    tool: Tool
    state: dict[str, Any]  # as a project's state
    base: dict[str, Any] | None
    facts: Mapping[str, Any]  # the fields of schemas/recovery.py beside the states
    rest: Rest
    attempts: tuple[dict[str, Any], ...] = ()  # what was sent on that base and not answered: one may have been stored

    def without_unreadable(self, state: dict[str, Any]) -> dict[str, Any]:
        """The same state, without what could not be read of the backup's: what is missing there was not deleted."""
        for path, _ in self.rest:
            if path[0] == "state" and len(path) > 1:
                dropped(state, path[1:])
        return state


def read(sent: Any) -> Backup:
    """The backup in the body. Raises 422 where it does not say of which tool it is, 413 where it is too much."""
    if not isinstance(sent, Mapping):
        raise UnprocessableEntity("A backup is a JSON object.")
    states = {side: sent[side] for side in ("state", "base") if isinstance(sent.get(side), Mapping)}
    attempts: Any = sent.get("attempts")
    aside = {*states, "attempts"}
    kept = {name: value for name, value in sent.items() if name == "state" or name not in aside}
    if (size := len(json.dumps(kept, ensure_ascii=False).encode(errors="replace"))) > MAX_KEPT:
        raise RequestEntityTooLarge(
            f"The backup has {size:,} bytes beside `base` and `attempts`, at most {MAX_KEPT:,} are kept."
        )
    facts, rest = salvaged(schema_of(BackupSchema), {name: value for name, value in sent.items() if name not in aside})
    if not (tool := TOOLS.get(facts.get("tool") or "")):
        raise UnprocessableEntity(f"Found {sent.get('tool')!r} as `tool`: send one of {', '.join(TOOLS)}.")
    state, unreadable = _state(tool, states.get("state", {}))
    base = _state(tool, states["base"])[0] if "base" in states else None
    rest += [(("state", *path), value) for path, value in (*unreadable, *fitted(state, MAX_BYTES))]
    if text := facts.pop("raw", None):
        rest.append((("raw",), text))
    newest = attempts[-MAX_ATTEMPTS:] if isinstance(attempts, list) else []
    tried = tuple(_state(tool, one)[0] for one in newest if isinstance(one, Mapping))
    backup = Backup(tool, state, base, facts, rest, tried)
    if base is not None:
        backup.without_unreadable(base)
    return backup


def _state(tool: Tool, sent: Mapping[str, Any]) -> tuple[dict[str, Any], Rest]:
    schema, draft = schema_of(tool.state), schema_of(tool.draft)
    named = {key: value for key, value in sent.items() if schema.meant_by(key) not in CLOCKS}
    named = {key: value for key, value in named.items() if draft.meant_by(key) not in (POINTER, OPEN_CONFLICTS)}
    found, rest = salvaged(schema, named)
    return without_nulls(found), rest
