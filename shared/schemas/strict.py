"""marshmallow as this project uses it: exact about JSON types, generous about spelling.

A field that is not `required` may be null, which in a merge patch deletes it (RFC 7396). One spelling is stored;
`Name`, `NAME`, "Damage Formula" and `damage_formula` are understood on load as the field they mean.
"""

import functools
import re
import typing
from collections.abc import Mapping
from datetime import UTC, datetime

import marshmallow
from marshmallow import INCLUDE, RAISE, ValidationError, fields, pre_load, validate


def _folded(name: str) -> str:
    return re.sub(r"[\s_-]", "", name).casefold()


class Schema(marshmallow.Schema):
    """One map of fields. An unknown field is an error unless the schema says that it keeps them."""

    aliases: typing.ClassVar[dict[str, str]] = {}  # another word for a field -> its name
    nullable: typing.ClassVar[bool] = True  # whether null, which deletes, means anything here
    error_messages = {  # noqa: RUF012
        "unknown": "Not a field here, or one that only the server sets.",
        "type": "Must be a JSON object.",
    }

    class Meta:
        unknown = RAISE

    def on_bind_field(self, name: str, field: fields.Field[typing.Any]) -> None:
        field.allow_none = self.nullable and not field.required and "never_null" not in field.metadata

    def meant_by(self, key: str) -> str:
        """The name of the field that this key spells; the key itself if it spells none."""
        if key in self.fields:
            return key
        return self._spellings.get(_folded(key), key)

    @functools.cached_property
    def _spellings(self) -> dict[str, str]:
        names = {_folded(name): name for name in self.fields}
        return names | {_folded(alias): name for alias, name in self.aliases.items()}

    @pre_load
    def one_spelling(self, data: typing.Any, **_: typing.Any) -> typing.Any:
        """The same map under the fields' own names; two spellings that disagree are an error."""
        if not isinstance(data, Mapping):
            return data
        loaded = {key: value for key, value in data.items() if key in self.fields}
        for key, value in data.items():
            name = self.meant_by(key)
            if name != key and loaded.get(name, value) != value:
                raise ValidationError({key: [f"Disagrees with '{name}', which it means: send one of them."]})
            loaded[name] = value
        return loaded


S = typing.TypeVar("S", bound=marshmallow.Schema)


@functools.cache
def schema_of(schema: type[S], partial: bool = False) -> S:
    """The one instance of a schema: making one costs as much as loading a document with it."""
    return schema(partial=partial)


class OpenSchema(Schema):
    """A map of some known fields. What else a tool puts there is kept as it is."""

    class Meta:
        unknown = INCLUDE


class Boolean(fields.Boolean):
    """true or false, and nothing that merely looks like it."""

    def _deserialize(self, value: typing.Any, *_: typing.Any, **__: typing.Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class Number(fields.Field[float]):
    """A JSON number, kept as it was sent: 3 stays 3."""

    default_error_messages = {"invalid": "Not a valid number."}  # noqa: RUF012

    def _deserialize(self, value: typing.Any, *_: typing.Any, **__: typing.Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.make_error("invalid")
        return value


class Timestamp(fields.AwareDateTime):
    """A Firestore timestamp; RFC 3339 on the wire.

    A number, or a text of digits, is read as ms since 1970, as the first clients sent it.
    """

    def _deserialize(self, value: typing.Any, *args: typing.Any, **kwargs: typing.Any) -> datetime:
        try:
            value = int(value) if isinstance(value, str) and value.isdecimal() and len(value) < 20 else value
            if isinstance(value, int | float) and not isinstance(value, bool):
                value = datetime.fromtimestamp(value / 1000, UTC)
            return super()._deserialize(value, *args, **kwargs).astimezone(UTC)
        except ValidationError:
            raise
        except (OverflowError, OSError, ValueError) as error:  # a year that no calendar has
            raise self.make_error("invalid", input=value, obj_type="datetime") from error


class Short(fields.Field[typing.Any]):
    """A field of which most values are short texts: these need no validator to say so."""

    most: int  # characters

    def deserialize(self, value: typing.Any, *args: typing.Any, **kwargs: typing.Any) -> typing.Any:
        if type(value) is str and len(value) <= self.most:
            return value
        return super().deserialize(value, *args, **kwargs)


class Text(Short, fields.String):
    """A string of at most so many characters."""

    def __init__(self, most: int, **options: typing.Any):
        super().__init__(validate=validate.Length(max=most), **options)
        self.most = most


def text(most: int, **options: typing.Any) -> Text:
    """A string of at most so many characters."""
    return Text(most, **options)


def name_of_something(**options: typing.Any) -> fields.String:
    """A name that people see: 1 to 200 characters, not only white space."""
    pattern = validate.Regexp(r"(?s).*\S", error="Must hold more than white space.")
    return fields.String(validate=[validate.Length(min=1, max=200), pattern], **options)


# Firestore refuses `/`, `.`, `..` and `__x__` as ids.
ID = validate.Regexp(
    r"(?!\.{1,2}$)(?!__.*__$)[A-Za-z0-9._~:@+-]{1,128}$(?!\n)",  # Python's $ stands before a newline, too
    error="Not an id: 1 to 128 of A-Z a-z 0-9 . _ ~ : @ + - (a random UUID is best).",
)


def is_id(value: typing.Any) -> bool:
    """Whether it may be a document's id."""
    try:
        return bool(ID(value))
    except (ValidationError, TypeError):
        return False


def identifier(**options: typing.Any) -> fields.String:
    """An id that becomes part of a document's path: what a UUID or a Firebase uid is made of."""
    return fields.String(validate=ID, **options)


def texts(most: int, longest: int = 2_000, **options: typing.Any) -> fields.List[typing.Any]:
    """A list of at most so many strings."""
    return fields.List(text(longest), validate=validate.Length(max=most), **options)


class MapOf(fields.Dict):
    """A map of names to values of one kind; its errors are filed under the names alone."""

    def _deserialize(self, value: typing.Any, *args: typing.Any, **kwargs: typing.Any) -> typing.Any:
        try:
            return super()._deserialize(value, *args, **kwargs)  # type: ignore[no-untyped-call]
        except ValidationError as error:
            found = error.messages
            if isinstance(found, dict):
                found = {name: inner.get("value", inner) for name, inner in found.items()}
            raise ValidationError(found, valid_data=error.valid_data) from error


def flags(**options: typing.Any) -> fields.Dict:
    """A map of names to true or false."""
    return MapOf(keys=fields.String(), values=Boolean(allow_none=True), **options)


def free_map(**options: typing.Any) -> fields.Dict:
    """A map whose content is the tool's own business."""
    return fields.Dict(keys=fields.String(), **options)


def maps(most: int, **options: typing.Any) -> fields.List[typing.Any]:
    """A list of at most so many free maps."""
    return fields.List(free_map(), validate=validate.Length(max=most), **options)
