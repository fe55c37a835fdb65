"""The registry of tools: a tool is one entry here and one schema. docs/adding-a-tool.md walks through it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.schemas.card import CardDraft, CardSessionData
from shared.schemas.rules import RulesDraft
from shared.schemas.statblock import StatblockDraft
from shared.schemas.store import StoreDraft
from shared.schemas.strict import Schema
from shared.schemas.tool import ToolDraft


@dataclass(frozen=True)
class Tool:
    """How one tool's work is named and stored, and how it becomes an object of the library."""

    name: str  # in addresses, and the field of its map in the session
    noun: str  # what one piece of its work is called
    draft: type[ToolDraft]  # that map
    state: type[Schema]  # the `state` of its projects
    projects: str  # the collection of its projects
    saves: str  # the subcollection of a project's (or session's) saves
    object_type: str
    thing: str  # the field of the state that is the thing itself: it becomes systemData[ruleset]
    titled: bool = True  # whether the thing has `name` and `description`: they become the object's
    renamed: Mapping[str, str] = field(default_factory=dict, hash=False)  # a field of the thing -> its name there


TOOLS = {
    tool.name: tool
    for tool in (
        Tool(
            "cardgenerator", "card", CardDraft, CardSessionData, "cardgen_projects", "card_sessions",
            "item", "itemDetails", renamed={"damageFormula": "damage"},
        ),
        Tool(
            "storegenerator", "store", StoreDraft, StoreDraft, "tool_projects", "tool_saves",
            "store", "store_draft_data", titled=False,
        ),
        Tool(
            "ruleslawyer", "ruling", RulesDraft, RulesDraft, "tool_projects", "tool_saves",
            "rule", "search_context", titled=False,
        ),
        Tool(
            "statblockgenerator", "statblock", StatblockDraft, StatblockDraft, "tool_projects", "tool_saves",
            "statblock", "statblock_draft_data",
        ),
    )
}  # fmt: skip
