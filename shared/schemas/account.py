"""What a person owns altogether: taking it over, and away."""

from marshmallow import ValidationError, fields, validates_schema

from shared.schemas.strict import Boolean, Schema, identifier


class Claim(Schema):
    """A guest offers everything to an account; the account accepts it."""

    transfer_to = identifier()  # as the guest: the account's uid
    giver = identifier(data_key="from")  # as the account: the guest's uid

    @validates_schema
    def one_of_them(self, data: dict[str, str], **_: object) -> None:
        """The two steps are two calls, with two tokens."""
        if len([uid for uid in data.values() if uid]) != 1:
            raise ValidationError("Send either `transfer_to`, as the guest, or `from`, as the account.")


class Claimed(Schema):
    """How far it is: the same call again goes on where this one stopped."""

    done = Boolean()
    offered = fields.Integer()  # documents that the account may take now
    accepted = fields.Dict(keys=fields.String(), values=fields.Integer())  # projects, objects, drafts, saves
    left = fields.List(fields.Dict(keys=fields.String(), values=fields.String()))  # the guest's: path, reason


class Deleted(Schema):
    """How far it is: the same call again goes on where this one stopped."""

    done = Boolean()
    deleted = fields.Integer()  # documents, by this call


class ExportQuery(Schema):
    """Where to go on."""

    after = fields.String()  # the `path` of the last line that arrived, or `next` of a last line
