"""The registry of tools: a tool is one entry here and one schema. docs/adding-a-tool.md walks through it."""

from dataclasses import dataclass

from shared.schemas.card import CardDraft, CardSessionData
from shared.schemas.rules import RulesDraft
from shared.schemas.statblock import StatblockDraft
from shared.schemas.store import StoreDraft
from shared.schemas.strict import Schema
from shared.schemas.tool import ToolDraft


@dataclass(frozen=True)
class Tool:
    """How one tool's work is named and stored."""

    name: str  # in addresses, and the field of its map in the session
    noun: str  # what one piece of its work is called
    draft: type[ToolDraft]  # that map
    state: type[Schema]  # the `state` of its projects
    projects: str  # the collection of its projects
    saves: str  # the subcollection of a project's (or session's) saves


TOOLS = {
    tool.name: tool
    for tool in (
        Tool("cardgenerator", "card", CardDraft, CardSessionData, "cardgen_projects", "card_sessions"),
        Tool("storegenerator", "store", StoreDraft, StoreDraft, "tool_projects", "tool_saves"),
        Tool("ruleslawyer", "ruling", RulesDraft, RulesDraft, "tool_projects", "tool_saves"),
        Tool("statblockgenerator", "statblock", StatblockDraft, StatblockDraft, "tool_projects", "tool_saves"),
    )
}
