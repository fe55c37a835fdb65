"""Every failure as application/problem+json (RFC 9457). shared/http/explain.py says why Firestore refuses."""

import json
from collections.abc import Mapping
from typing import Any

from flask import Response
from werkzeug.exceptions import HTTPException


def problem(error: HTTPException) -> Response:
    """The answer for an HTTP exception. Its `data`, if any, are webargs' messages or members of the problem."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": error.name,
        "status": error.code,
        "detail": error.description,
    }
    data = dict(getattr(error, "data", None) or {})
    if messages := data.pop("messages", None):
        errors = _by_field_path(messages.get("json", messages.get("query", messages)))
        body |= {"detail": "Some fields are wrong: see errors.", "errors": errors}
    body |= data.get("members", {})
    response = Response(json.dumps(body, ensure_ascii=False), error.code, mimetype="application/problem+json")
    if error.code == 503:
        response.headers["Retry-After"] = "1"
    if error.code == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if "etag" in body:
        response.headers["ETag"] = body["etag"]
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _by_field_path(messages: Any, path: str = "") -> dict[str, list[str]]:
    """marshmallow's nested messages, flat: {"state.itemDetails.name": ["Not a valid string."]}."""
    if isinstance(messages, Mapping):
        found: dict[str, list[str]] = {}
        for name, inner in messages.items():
            step = () if name == "_schema" else (str(name),)
            found |= _by_field_path(inner, ".".join([path, *step] if path else step))
        return found
    return {path: messages if isinstance(messages, list) else [str(messages)]}
