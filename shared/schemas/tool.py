"""What every tool's map in a session has in common: the design document's ToolSessionState, in snake_case."""

from typing import ClassVar

from shared.schemas.strict import Boolean, Schema, Timestamp, flags, free_map, identifier, text


class ToolDraft(Schema):
    """A tool's working state in the session: the home of what no project holds yet."""

    max_bytes = 200_000  # of a request's body

    aliases: ClassVar[dict[str, str]] = {
        "current_step_id": "current_step",
        "project_id": "current_project_id",
        "active_project_id": "current_project_id",
        "last_updated": "last_saved",
    }

    draft_id = identifier()  # a UUID that a new draft brings: tells one draft from another
    current_step = text(200)
    step_completion = flags()
    tool_specific_data = free_map()
    session_data = free_map()  # the first system's name for the same
    active_object_id = text(200)
    current_project_id = identifier()  # the project that is this tool's home, if one is open
    auto_save_enabled = Boolean()
    last_saved = Timestamp()  # set at each save, unless the client says when
