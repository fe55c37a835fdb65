"""What stands in an address: `<tool:tool>` is a tool's entry in the registry, `<id:project_id>` an id.

Anything else there is an unknown address: 404. By a pattern, since werkzeug says 405 of an address that a converter
refuses and that it knows with other methods.
"""

from typing import Any

from werkzeug.routing import BaseConverter

from shared.schemas.strict import ID
from shared.schemas.tools import TOOLS, Tool


class ToolConverter(BaseConverter):
    """The name of a tool."""

    regex = "|".join(TOOLS)

    def to_python(self, value: str) -> Tool:
        return TOOLS[value]

    def to_url(self, value: Any) -> str:
        return value.name if isinstance(value, Tool) else str(value)


class IdConverter(BaseConverter):
    """A document's id."""

    regex = str(ID.regex.pattern).removesuffix("$")


CONVERTERS: dict[type[BaseConverter], dict[str, Any]] = {  # each with its OpenAPI schema
    ToolConverter: {"type": "string", "enum": list(TOOLS)},
    IdConverter: {"type": "string", "maxLength": 128},
}
NAMES = {"tool": ToolConverter, "id": IdConverter}
