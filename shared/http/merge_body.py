"""The body of a merge: several states, each of which a document must have room for."""

from typing import Any

from marshmallow import Schema
from werkzeug.exceptions import RequestEntityTooLarge

from shared.firestore.size import MAX_DOCUMENT, largest_part, size_of
from shared.http.body import body
from shared.schemas.strict import schema_of
from shared.schemas.tool import merge_schema


def merge_body(state: type[Schema]) -> dict[str, Any]:
    """The request's body, whose states are of this schema. Raises 413 where one is larger than any document."""
    sent = body(schema_of(merge_schema(state)))
    attempts = {f"attempts.{i}": attempt for i, attempt in enumerate(sent["attempts"])}
    for name, side in ({"mine": sent["mine"], "base": sent["base"]} | attempts).items():
        if size_of(side) > MAX_DOCUMENT:
            part, size = largest_part({name: side})
            raise RequestEntityTooLarge(
                f"`{name}` would be larger than 1 MiB. Its largest part is {part} with about {size:,} bytes."
            )
    return sent
