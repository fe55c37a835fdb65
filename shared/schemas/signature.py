"""Who wrote a document last, and with which save: `updated_by`, which firestore.rules pins to the caller's token."""

from marshmallow import fields

from shared.schemas.strict import Schema

SCHEMA_VERSION = 1


class Signature(Schema):
    """uid and name come from the ID token; device and save_id from the X-Device-Id and X-Save-Id headers."""

    uid = fields.String(dump_only=True)
    name = fields.String(dump_only=True)
    device = fields.String(dump_only=True)
    save_id = fields.String(dump_only=True)  # a client recognises its own save whose answer got lost


def last_saves() -> fields.Dict:
    """The last save of each writer, by the first character of its id: one's own is found there, whoever saved since."""
    return fields.Dict(keys=fields.String(), values=fields.String(), dump_only=True)


class Signed(Schema):
    """What every document carries."""

    schema_version = fields.Integer(dump_only=True)
    updated_by = fields.Nested(Signature, dump_only=True)
    damaged = fields.List(fields.String(), dump_only=True)  # field paths that could not be read; never stored
