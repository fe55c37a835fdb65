"""Content: what a person types or a tool puts into a thing is kept as it came. What it usually is, is described.

"15 (natural armor)" where a number is expected, a number for a text, one line for a list, lists in lists: nobody's
evening is held up by a type. Texts and lists are bounded.
"""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, validate

from shared.schemas.strict import Short


class Content(Short, fields.Raw):
    """Whatever it is. A text is bounded."""

    def __init__(self, most: int, **options: Any):
        super().__init__(validate=_at_most(most, str), **options)
        self.most = most


class ContentMap(fields.Nested):
    """A map, usually: its known fields are spelled as the schema has them. Whatever else it is, is kept."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        return super()._deserialize(value, *args, **kwargs) if isinstance(value, Mapping) else value


class ContentList(fields.List):
    """A list, usually. Whatever else it is, is kept."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        return super()._deserialize(value, *args, **kwargs) if isinstance(value, list) else value


def _at_most(most: int, kind: type) -> Any:
    bound: Any = validate.Length(max=most)

    def bounded(value: Any) -> Any:
        return bound(value) if isinstance(value, kind) else value

    return bounded


def content(most: int = 10_000, **options: Any) -> Content:
    """Usually a text, of at most so many characters, or a number."""
    return Content(most, **options)


def contents(inner: fields.Field[Any], most: int) -> ContentList:
    """Usually a list, of at most so many."""
    inner.allow_none = True
    return ContentList(inner, validate=_at_most(most, list))
