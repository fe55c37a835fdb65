"""The statblock generator: a creature and what it can do."""

from shared.schemas.strict import free_map, text, texts
from shared.schemas.tool import ToolDraft


class StatblockDraft(ToolDraft):
    """`statblockgenerator` in a session."""

    active_statblock_id = text(200)
    statblock_draft_data = free_map()
    recent_statblocks = texts(50)
