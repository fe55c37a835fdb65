"""Which role somebody has in a document that has members."""

from collections.abc import Mapping
from typing import Any

from shared.call import Call


def role_of(call: Call, stored: Mapping[str, Any]) -> str:
    """The caller's role in a document that has members: owner, editor, viewer, or reader of a public one."""
    if stored.get("user_id") == call.caller.uid:
        return "owner"
    members = stored.get("members")
    mine = members.get(call.caller.uid) if isinstance(members, Mapping) else None
    return str(mine.get("role")) if isinstance(mine, Mapping) else "reader"
