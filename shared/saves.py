"""Saves: a state kept under a name and a reason, beside the session or project that it was the state of."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from google.cloud.firestore import SERVER_TIMESTAMP

from shared.caller import caller, signed
from shared.schemas.tools import Tool


def new_save(
    tool: Tool | None, name: str, reason: str, state: Mapping[str, Any], parent_created_at: datetime | None = None
) -> dict[str, Any]:
    """A save's document. `parent_created_at` ties it to this very parent: not to a later one that has the same id."""
    save = {
        "id": str(uuid.uuid4()),
        "name": name,
        "tool": tool and tool.name,
        "state": state,
        "reason": reason,
        "created_at": SERVER_TIMESTAMP,
        "created_by": caller().uid,
        "parent_created_at": parent_created_at,
        **signed(),
    }
    return {field: value for field, value in save.items() if value is not None}
