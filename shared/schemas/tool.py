"""What every tool's map in a session has in common: the design document's ToolSessionState, in snake_case."""

import functools
from typing import ClassVar

from marshmallow import fields

from shared.schemas.strict import Boolean, Schema, Timestamp, flags, free_map, identifier, text


class Merge(Schema):
    """What a client's save was based on, and what it made of that: merged with what others made of it meanwhile."""

    wrapped_in = 1  # levels of the body around a state


@functools.cache
def merge_schema(state: type[Schema]) -> type[Merge]:
    """The body of a merge of such states."""
    sides = {side: fields.Nested(state, required=True) for side in ("base", "mine")}
    return type(f"Merge{state.__name__}", (Merge,), sides | {"__doc__": Merge.__doc__})


class Merged(Schema):
    """The state that a merge made."""

    state = fields.Dict(keys=fields.String())
    conflicts = fields.List(fields.Dict(keys=fields.String()))  # path, and of base, mine, theirs those that there are
    etag = fields.String()
    save_of_theirs = fields.String()  # the save that keeps their state, where some of it gave way
    project = fields.Dict(keys=fields.String())  # what my draft became, where another draft was in its place


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
