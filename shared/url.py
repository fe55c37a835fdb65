"""What stands in an address: `<tool:tool>` is a tool's entry in the registry, `<id:project_id>` an id.

Anything else there is an unknown address: 404.
"""

from typing import Any

from marshmallow import ValidationError as Invalid
from werkzeug.routing import BaseConverter, ValidationError

from shared.schemas.strict import ID
from shared.schemas.tools import TOOLS, Tool


class ToolConverter(BaseConverter):
    """The name of a tool."""

    def to_python(self, value: str) -> Tool:
        if value not in TOOLS:
            raise ValidationError
        return TOOLS[value]

    def to_url(self, value: Any) -> str:
        return value.name if isinstance(value, Tool) else str(value)


class IdConverter(BaseConverter):
    """A document's id."""

    def to_python(self, value: str) -> str:
        try:
            return str(ID(value))
        except Invalid as error:
            raise ValidationError from error


CONVERTERS: dict[type[BaseConverter], dict[str, Any]] = {  # each with its OpenAPI schema
    ToolConverter: {"type": "string", "enum": list(TOOLS)},
    IdConverter: {"type": "string", "maxLength": 128},
}
NAMES = {"tool": ToolConverter, "id": IdConverter}
