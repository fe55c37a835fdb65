"""A save: a state that was kept, by name and for a reason. It never changes."""

import functools

from marshmallow import RAISE, fields, validate

from shared.schemas.signature import Signed
from shared.schemas.strict import Schema, Timestamp, identifier, name_of_something, text


class SaveSummary(Signed):
    """A save in a list: everything but its state."""

    id = identifier(dump_only=True)
    name = text(200, dump_only=True)
    tool = fields.String(dump_only=True)  # none: what a session held beside its tools
    preview = text(200, dump_only=True)  # the first words that a person would read in it
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
    next = fields.String()  # the cursor of the next page, if there is one


class SaveQuery(Schema):
    """Which page of the list."""

    class Meta:
        unknown = RAISE

    cursor = fields.String()  # `next` of the page before


class NewSave(Schema):
    """A save to be: of the state that is stored, or of the one that is sent."""

    wrapped_in = 1  # levels of the body around a state
    nullable = False

    id = identifier(required=True)  # a UUID that the client chose: repeated, it finds the save that it made
    name = name_of_something(required=True)
    reason = fields.String(
        required=True, validate=validate.OneOf(("named", "checkpoint", "before-restore", "conflict"))
    )


@functools.cache
def new_save_schema(state: type[Schema]) -> type[NewSave]:
    """The body of a save of such a state."""
    return type(f"New{state.__name__}Save", (NewSave,), {"state": fields.Nested(state), "__doc__": NewSave.__doc__})


class MadeSave(SaveSummary):
    """The save that was made, or was there."""

    etag = fields.String()  # the save's own
