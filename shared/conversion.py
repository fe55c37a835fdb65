"""Draft <-> project state: the same fields under two names, so that work moves between its two homes and loses nothing.

Pure functions. A card's draft is snake_case and its state the design document's CardSessionData; the other tools use
one set of names for both.
"""

import re
from collections.abc import Mapping
from typing import Any

from shared.schemas.strict import schema_of
from shared.schemas.tools import Tool

CLOCKS = ("last_saved", "lastSaved", "last_modified")  # every save changes these: they are no work
OPEN_CONFLICTS = "conflicts"  # of a draft: a project has its own beside the state
POINTER = "current_project_id"  # says which project is open: it stays in the session
_CARD_NAMES = {"draft_item_data": "itemDetails"}  # all others are the same words in camelCase


def has_work(draft: Mapping[str, Any]) -> bool:
    """Whether a tool's map holds more than its pointer to a project."""
    return bool(draft.keys() - {POINTER, OPEN_CONFLICTS, "last_saved"})


def state_of(tool: Tool, draft: Mapping[str, Any]) -> dict[str, Any]:
    """A draft as the `state` of a project."""
    return {state_name(tool, name): value for name, value in draft.items() if name not in (POINTER, OPEN_CONFLICTS)}


def draft_of(tool: Tool, state: Mapping[str, Any]) -> dict[str, Any]:
    """A project's `state` as a draft."""
    spelled = [name for name in schema_of(tool.draft).fields if name not in (POINTER, OPEN_CONFLICTS)]
    names = {state_name(tool, name): name for name in spelled}
    return {names.get(name, name): value for name, value in state.items()}


def state_name(tool: Tool, name: str) -> str:
    """The name that a field of a draft has in a project's state."""
    if tool.draft is tool.state or name not in schema_of(tool.draft).fields:
        return name
    return _CARD_NAMES.get(name, re.sub(r"_([a-z])", lambda letter: letter[1].upper(), name))


def without_clocks(state: Mapping[str, Any]) -> dict[str, Any]:
    """The state without the times that every save changes: nobody needs to hear of these."""
    return {name: value for name, value in state.items() if name not in CLOCKS}
