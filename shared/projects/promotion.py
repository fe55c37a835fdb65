"""Promotion: a project's work becomes an object of the library, and an object work in its tool again. Pure functions.

The thing itself (a card's item, a creature, a store) becomes `systemData[ruleset]`, its name and description the
object's; every other field of the state keeps its name, under customProperties. So the object opens as the work it was.
A promotion that is repeated after edits changes just what those edits changed (`changes`): what was edited in the
library since then stays.
"""

import json
from collections.abc import Mapping
from typing import Any

from shared.firestore.field_paths import FieldPaths
from shared.firestore.values import wire
from shared.merge.differences import leaf_differences
from shared.schemas.strict import schema_of
from shared.schemas.tools import TOOLS, Tool

OPENED_BY = {tool.object_type: tool for tool in TOOLS.values()}
# The work's own business: who made it where and when. And the rendered picture, which would fill the object.
NOT_PROMOTED = {
    "sessionId", "userId", "draftId", "lastSaved", "metadata",
    "session_id", "user_id", "draft_id", "last_saved",
}  # fmt: skip
TITLE = ("name", "description")
TOO_LARGE = ("selectedAssets", "templateBlob")


def object_of(tool: Tool, project: Mapping[str, Any], ruleset: str) -> dict[str, Any]:
    """The fields of the object that a project gives."""
    state = project.get("state") or {}
    thing = dict(state.get(tool.thing) or {})
    title = _title(tool, thing)
    if tool.titled:
        thing = {key: value for key, value in thing.items() if key not in TITLE or not isinstance(value, str)}
    system = {tool.renamed.get(key, key): value for key, value in thing.items()}
    rest = {key: value for key, value in state.items() if key not in NOT_PROMOTED and key != tool.thing}
    if assets := {k: v for k, v in rest.pop(TOO_LARGE[0], {}).items() if k != TOO_LARGE[1]}:
        rest[TOO_LARGE[0]] = assets
    given = {
        "type": tool.object_type,
        "name": title_of(tool, state) or project.get("name") or f"Untitled {tool.noun}",
        "description": title.get("description"),
        "systemData": {ruleset: system} if system else None,
        "customProperties": rest or None,
    }
    return {key: value for key, value in given.items() if value is not None}


def state_from(tool: Tool, thing: Mapping[str, Any], ruleset: str) -> dict[str, Any]:
    """The state of the work that an object opens as: what `object_of` made of it, the other way."""
    names = {there: here for here, there in tool.renamed.items()}
    system = (thing.get("systemData") or {}).get(ruleset)
    own = {names.get(key, key): value for key, value in system.items()} if isinstance(system, Mapping) else {}
    title = {key: thing[key] for key in TITLE if thing.get(key)} if tool.titled else {}
    inner = title | own  # what was no text is there as it came
    fields = schema_of(tool.state).fields
    known = {key: value for key, value in (thing.get("customProperties") or {}).items() if key in fields}
    return known | ({tool.thing: inner} if inner else {})


def title_of(tool: Tool, state: Mapping[str, Any]) -> str:
    """What the work itself is called; empty if it has no name yet."""
    thing = state.get(tool.thing)
    name: str = _title(tool, thing).get("name", "") if isinstance(thing, Mapping) else ""
    return name.strip()[:200]


def _title(tool: Tool, thing: Mapping[str, Any]) -> dict[str, Any]:
    """The thing's name and description, as far as they are texts: its own, or a store's title block's."""
    if tool.titled:
        return {key: thing[key] for key in TITLE if isinstance(thing.get(key), str)}
    page = thing.get("storeData")
    blocks = [block for block in page.values() if isinstance(block, Mapping)] if isinstance(page, Mapping) else []
    blocks = [block for block in blocks if block.get("type") == "title"]
    title = {"name": blocks[0].get("title"), "description": blocks[0].get("description")} if blocks else {}
    return {key: value for key, value in title.items() if isinstance(value, str)}


def as_base(given: Mapping[str, Any]) -> str:
    """What a promotion gave, as the text that the object's `origin` keeps of it."""
    return json.dumps(wire(given), ensure_ascii=False, sort_keys=True)


def changes(base: Any, given: Mapping[str, Any], ruleset: str) -> FieldPaths:
    """The field paths in which what is given now differs from what the last promotion gave (`as_base`).

    What was given under another ruleset stays. A base that is none, as somebody may have written it, is an empty one.
    """
    try:
        before = json.loads(base)
    except (ValueError, TypeError):
        before = {}
    before = before if isinstance(before, dict) else {}
    systems = before.get("systemData")
    now = given.get("systemData") or {ruleset: {}}
    others = {name: data for name, data in systems.items() if name not in now} if isinstance(systems, dict) else {}
    return leaf_differences(before, dict(given) | ({"systemData": others | now} if others else {}))
