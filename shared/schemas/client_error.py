"""What a page reports of itself. It may say too much: each text is cut to its bound, and a token in it is left out."""

import re
import typing

from marshmallow import fields, pre_load, validate

from shared.schemas.strict import MapOf, Schema, Timestamp

# A JWT: its header is base64 of `{"`. What only begins like one is matched as well, or the rest would be searched
# again from each place in it.
TOKEN = re.compile(r"\bey[\w-]+(\.[\w-]+\.[\w-]*)?")
QUERY = re.compile(r"\?[^#]*")  # of an address: it may hold a code that signs somebody in


class Said(fields.String):
    """A text of which the first so many characters count."""

    def __init__(self, most: int, **options: typing.Any):
        super().__init__(**options)
        self.most = most

    def _deserialize(self, value: typing.Any, *args: typing.Any, **kwargs: typing.Any) -> str:
        said: str = super()._deserialize(value, *args, **kwargs)
        return TOKEN.sub(lambda found: "(token)" if found[1] else found[0], said)[: self.most]


class Address(Said):
    """The address of a page, without its query."""

    def _deserialize(self, value: typing.Any, *args: typing.Any, **kwargs: typing.Any) -> str:
        return QUERY.sub("", super()._deserialize(value, *args, **kwargs))


class Lines(fields.List[typing.Any]):
    """A list of which the last 100 count."""

    def _deserialize(self, value: typing.Any, *args: typing.Any, **kwargs: typing.Any) -> list[typing.Any]:
        return super()._deserialize(value[-100:] if isinstance(value, list) else value, *args, **kwargs)


class SaveStatus(Schema):
    """What the page's save status was; its state alone will do."""

    state = Said(40, required=True)  # saved, unsaved, offline ...
    detail = Said(500)
    at = Timestamp()

    @pre_load
    def state_alone(self, data: typing.Any, **_: typing.Any) -> typing.Any:
        return {"state": data} if isinstance(data, str) else data


class ClientError(Schema):
    """A report: what the person says is missing, or what went wrong in the page."""

    max_bytes = 64_000

    message = Said(2_000, required=True)
    status = fields.Nested(SaveStatus)
    ids = MapOf(keys=Said(40), values=Said(200, allow_none=True), validate=validate.Length(max=20))  # project, tab ...
    log = Lines(Said(300))  # the page's debug log, newest last
    url = Address(500)
    user_agent = Said(500)
