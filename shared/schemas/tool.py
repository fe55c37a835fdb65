"""What every tool's map in a session has in common: the design document's ToolSessionState, in snake_case."""

import functools
from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import fields, pre_load, validate

from shared.schemas.conflict import OpenConflict
from shared.schemas.strict import Boolean, Schema, Timestamp, flags, free_map, identifier, text

MAX_ATTEMPTS = 3


class Merge(Schema):
    """What a client's save was based on, and what it made of that: merged with what others made of it meanwhile."""

    wrapped_in = 1  # levels of the body around a state
    max_bytes = (2 + MAX_ATTEMPTS) * 2**20  # a state may be as large as a document, and this holds several

    # Where both replaced the same: what is under the hands of who types stands, or what is stored
    stands = fields.String(
        validate=validate.OneOf(("mine", "stored")), load_default="mine", metadata={"never_null": True}
    )

    @pre_load
    def without_open_conflicts(self, data: Any, **_: Any) -> Any:
        """A client may send a draft as it read it: the conflicts in it are the server's."""
        if not isinstance(data, Mapping):
            return data
        sides = {name: _without_conflicts(data[name]) for name in ("base", "mine") if name in data}
        if isinstance(attempts := data.get("attempts"), list):
            sides["attempts"] = list(map(_without_conflicts, attempts))
        return {**data, **sides}


def _without_conflicts(state: Any) -> Any:
    return (
        {name: value for name, value in state.items() if name != "conflicts"} if isinstance(state, Mapping) else state
    )


@functools.cache
def merge_schema(state: type[Schema]) -> type[Merge]:
    """The body of a merge of such states."""
    sides: dict[str, Any] = {side: fields.Nested(state, required=True) for side in ("base", "mine")}
    # Earlier saves of this client's that were not answered: one of them may have been stored
    sides["attempts"] = fields.List(
        fields.Nested(state),
        load_default=[],
        validate=validate.Length(max=MAX_ATTEMPTS),
        metadata={"never_null": True},
    )
    return type(f"Merge{state.__name__}", (Merge,), sides | {"__doc__": Merge.__doc__})


class Merged(Schema):
    """The state that a merge made."""

    state = fields.Dict(keys=fields.String())
    conflicts = fields.List(fields.Nested(OpenConflict))  # all of the document's that are open now
    edits_kept = fields.List(fields.String())  # where one side deleted what the other edited: the edit stands
    etag = fields.String()
    save_id = fields.String()
    save_of_other = fields.String()  # the save that keeps the side that gave way, where both replaced the same
    name = fields.String()  # of the project that it was merged into
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
    conflicts = fields.List(fields.Nested(OpenConflict), dump_only=True)  # that are open
