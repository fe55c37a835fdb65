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
# What a state says of itself. Without anything beside these, it is an untouched form.
ABOUT_ITSELF = {
    "currentStep", "stepCompletion", "autoSaveEnabled", "draftId", "sessionId", "userId", "metadata",
    "current_step", "step_completion", "auto_save_enabled", "draft_id", "session_id", "user_id",
    "current_step_id", "generation_lock", "active_object_id", "activeObjectId", POINTER,
    OPEN_CONFLICTS, *CLOCKS,
}  # fmt: skip
_CARD_NAMES = {"draft_item_data": "itemDetails"}  # all others are the same words in camelCase


def has_work(state: Mapping[str, Any]) -> bool:
    """Whether anything in a state was made by a person: more than the empty form that it began as."""
    return any(_says_something(value) for name, value in state.items() if name not in ABOUT_ITSELF)


def _says_something(value: Any) -> bool:
    if isinstance(value, Mapping | list):
        return any(map(_says_something, value.values() if isinstance(value, Mapping) else value))
    return value not in ("", None, False)


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
