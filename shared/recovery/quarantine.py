"""What could not be read of a backup goes into no state: it is kept as saves beside the session.

The saves' ids come from what they hold, so that the same backup, sent again, is kept once.
"""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from shared.call import Call
from shared.projects.promotion import title_of
from shared.recovery.backup import Backup
from shared.saves.document import new_save
from shared.schemas.tools import Tool

PIECE = 700_000  # characters of a save, all ASCII: a document may hold 1 MiB


def digest(value: Any) -> str:
    """The same 32 characters for the same JSON."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()[:32]


def unreadable_parts(call: Call, backup: Backup) -> list[dict[str, Any]]:
    """The saves that keep what could not be read of a backup, as JSON."""
    rest = [{"path": path, "value": value} for path, value in backup.rest]
    return in_pieces(call, backup.tool, f"Unreadable parts, {_when(backup)}", rest) if rest else []


def name_of(backup: Backup) -> str:
    """What a save of the backup's state is called."""
    name = title_of(backup.tool, backup.state) or f"Untitled {backup.tool.noun}"
    return f"{name[:150]}, {_when(backup)}"


def _when(backup: Backup) -> str:
    return f"backup of {backup.facts.get('timestamp') or datetime.now(UTC):%Y-%m-%d}"


def in_pieces(call: Call, tool: Tool | None, name: str, value: Any) -> list[dict[str, Any]]:
    """Saves that keep any value as JSON text, in as many pieces as it takes."""
    text = json.dumps(value, default=str)
    pieces = [text[at : at + PIECE] for at in range(0, len(text), PIECE)]
    return [
        _save(call, tool, f"{name} ({number} of {len(pieces)})", {"json": piece, "part": number, "of": len(pieces)})
        for number, piece in enumerate(pieces, 1)
    ]


def _save(call: Call, tool: Tool | None, name: str, state: dict[str, Any]) -> dict[str, Any]:
    return new_save(call, tool, name, "quarantine", state) | {"id": digest(state)}
