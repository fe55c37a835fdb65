"""The store generator: a shop, its people and its stock."""

from shared.schemas.strict import free_map, text, texts
from shared.schemas.tool import ToolDraft


class StoreDraft(ToolDraft):
    """`storegenerator` in a session."""

    active_store_id = text(200)
    store_draft_data = free_map()
    recent_stores = texts(50)
