"""Open conflicts of a document: where both sides replaced the same, until somebody chooses; and the choice."""

from marshmallow import fields, validate

from shared.schemas.strict import Schema, Timestamp, identifier, text

MOST = 20  # of a document; what is older is only a save
NEW_AT_ONCE = 12  # opened by one write: firestore.rules name each, and can check no more
LONGEST_PATH = 1_500  # letters


class OpenConflict(Schema):
    """One value stands in the document; the other one is in a save beside it."""

    path = text(LONGEST_PATH, dump_only=True)  # dotted, in the document's own names; an element of a list by its `id`
    by = text(5_000, dump_only=True)  # the name of whoever wrote the other value; a guest has none
    device = text(128, dump_only=True)  # and the id of the device
    at = Timestamp(dump_only=True)  # and when
    save_id = identifier(dump_only=True)  # the save that holds it


class Choice(Schema):
    """Which value of an open conflict it is to be."""

    nullable = False

    save_id = identifier(required=True)
    path = text(LONGEST_PATH, required=True)
    # stored: what is in the field now stays. other: the save's value takes its place, and what was there becomes a save
    choice = fields.String(required=True, validate=validate.OneOf(("stored", "other")))


class Chosen(Schema):
    """The state after a choice, and what is still open."""

    state = fields.Dict(keys=fields.String())
    conflicts = fields.List(fields.Nested(OpenConflict))
    etag = fields.String()
    save_of_present = fields.String()  # the save that keeps what the other value replaced
    save_id = fields.String()
