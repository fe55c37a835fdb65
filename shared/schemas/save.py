"""A save: a state that was kept, by name and for a reason. It never changes."""

from marshmallow import fields

from shared.schemas.signature import Signed
from shared.schemas.strict import Schema, Timestamp, identifier, text


class SaveSummary(Signed):
    """A save in a list: everything but its state."""

    id = identifier(dump_only=True)
    name = text(200, dump_only=True)
    tool = fields.String(dump_only=True)  # none: what a session held beside its tools
    reason = fields.String(dump_only=True)  # named, checkpoint, before-restore, conflict, quarantine, expired
    created_at = Timestamp(dump_only=True)
    created_by = fields.String(dump_only=True)
    purge_at = Timestamp(dump_only=True)
    parent_created_at = Timestamp(dump_only=True)


class Save(SaveSummary):
    """A save with its state."""

    state = fields.Dict(keys=fields.String(), dump_only=True)


class SavePage(Schema):
    """Saves, newest first."""

    saves = fields.List(fields.Nested(SaveSummary))
