"""The rules lawyer: questions asked, and the rules worth keeping."""

from shared.schemas.strict import free_map, maps, texts
from shared.schemas.tool import ToolDraft


class RulesDraft(ToolDraft):
    """`ruleslawyer` in a session."""

    active_query_history = maps(500)
    favorite_rules = texts(500)
    search_context = free_map()
