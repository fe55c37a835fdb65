"""A request's JSON, read strictly: what Firestore could not keep is refused here, by its path, before anything is sent.

Two things the libraries get wrong for us: flask-smorest loads a body of another Content-Type as `{}`, and
`request.max_content_length` becomes a 500 under functions-framework, which reads the body again. So this reads it.
"""

import functools
import json
from typing import Any

from flask import Request, g, request
from flask_smorest import Blueprint as SmorestBlueprint
from marshmallow import Schema, ValidationError
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnprocessableEntity, UnsupportedMediaType

from shared.firestore.storable import MAX_BYTES, MAX_DEPTH, unstorable
from shared.http.begin import call
from shared.http.response import as_response
from shared.schemas.strict import schema_of


class JsonParser(FlaskParser):
    """What `@routes.arguments` reads a body or a query with: the schemas say what is unknown, nothing is dropped."""

    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {}  # noqa: RUF012 (as the library declares it)

    def load_json(self, req: Request, schema: Any) -> Any:
        return body_for(schema)


_PARSER = JsonParser()


class Blueprint(SmorestBlueprint):  # type: ignore[misc]
    """A flask-smorest Blueprint whose bodies are read strictly, each by one instance of its schema."""

    ARGUMENTS_PARSER = _PARSER

    def route(self, rule: str, **options: Any) -> Any:
        """As flask-smorest has it; each view is given the request's Call first."""
        register = super().route(rule, **options)

        def routed(view: Any) -> Any:
            @functools.wraps(view)
            def called(*args: Any, **inside: Any) -> Any:
                return view(call(), *args, **inside)

            register(called)
            return view

        return routed

    def response(self, status_code: int, schema: Any = None, **options: Any) -> Any:
        """As flask-smorest has it; what a view returns is an Answer."""
        register = super().response(status_code, schema, **options)

        def answered(view: Any) -> Any:
            @functools.wraps(view)
            def answer(*args: Any, **inside: Any) -> Any:
                return as_response(view(*args, **inside))

            return register(answer)

        return answered

    def arguments(self, schema: Any, **options: Any) -> Any:
        return super().arguments(schema_of(schema) if isinstance(schema, type) else schema, **options)


def body(schema: Schema) -> dict[str, Any]:
    """The request's body as the schema loads it, where the address decides which schema that is."""
    sent = body_for(schema)
    try:
        loaded: dict[str, Any] = schema.load(sent)
    except ValidationError as error:
        raise _refused({"json": error.messages}) from error
    return loaded


def body_for(schema: Any) -> Any:
    """The parsed body, within the bounds of a schema."""
    return json_body(getattr(schema, "max_bytes", MAX_BYTES), MAX_DEPTH + getattr(schema, "wrapped_in", 0))


def described_as(*schemas: type[Schema]) -> dict[str, Any]:
    """The OpenAPI of such a body: one of these."""
    one_of = schemas[0] if len(schemas) == 1 else {"oneOf": list(schemas)}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": one_of}}}}


def json_body(max_bytes: int, max_depth: int) -> Any:
    """The parsed body of the request. Raises 415, 413, 400 (not JSON) or 422 (JSON that Firestore cannot keep)."""
    value = parsed_body(max_bytes)
    found_wrong: dict[str, list[str]] = {}
    for path, reason in unstorable(value, max_depth):
        found_wrong.setdefault(_printable(".".join(map(str, path))), []).append(reason)
    if found_wrong:
        raise _refused(found_wrong)
    return value


def _refused(messages: Any) -> UnprocessableEntity:
    """As webargs raises it."""
    refused = UnprocessableEntity()
    refused.data = {"messages": messages}  # type: ignore[attr-defined]
    return refused


def parsed_body(max_bytes: int) -> Any:
    """The same, whatever Firestore makes of it."""
    if not request.is_json:
        found = request.mimetype or "no Content-Type"
        raise UnsupportedMediaType(f"Found {found}: send application/json.")
    sent = _bounded(max_bytes)
    if not sent.strip():
        raise BadRequest("The body is empty: send a JSON object.")
    try:
        g.sent = json.loads(sent, object_pairs_hook=_without_twins)
        return g.sent
    except (ValueError, RecursionError) as error:
        raise BadRequest(f"The body is not JSON: {error}") from error


def _bounded(max_bytes: int) -> bytes:
    length = request.content_length or 0
    try:
        sent = b"" if length > max_bytes else request.stream.read(max_bytes + 1)  # a chunked body has no length
    except ValueError as error:
        raise BadRequest("The body is broken: its chunks do not add up.") from error
    if max(length, len(sent)) > max_bytes:
        raise RequestEntityTooLarge(
            f"The body has {max(length, len(sent)):,} bytes or more, at most {max_bytes:,} are stored."
        )
    return sent


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"the key {name!r} stands twice in one object")
        found[name] = value
    return found


def _printable(text: str) -> str:
    return text.encode(errors="replace").decode()
