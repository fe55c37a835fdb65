"""A Blueprint becomes a Cloud Function: sign-in, problems, caching headers, and one log line a request."""

import math
import time
import traceback
from collections.abc import Callable
from typing import Any

from flask import Flask, Request, Response, g, request
from flask_smorest import Api
from google.api_core.exceptions import GoogleAPIError
from google.auth.exceptions import TransportError
from werkzeug import Response as BaseResponse
from werkzeug.exceptions import HTTPException, InternalServerError, NotFound, ServiceUnavailable

from shared.firestore.as_caller import deadline, operations
from shared.http import identity
from shared.http.begin import begin, call
from shared.http.body import Blueprint
from shared.http.converters import CONVERTERS, NAMES
from shared.http.explain import refusal
from shared.http.log import log, trace
from shared.http.problem import problem
from shared.schemas.content import ContentList, ContentMap


class _Api(Api):  # type: ignore[misc]
    def handle_http_exception(self, error: HTTPException) -> Response:
        if isinstance(error, NotFound) and request.routing_exception is error:
            error.description = f"There is nothing at {request.path}: docs/openapi.json lists the addresses."
        return problem(error)


def application(name: str, *blueprints: Blueprint) -> Flask:
    """The Flask app of some blueprints; its OpenAPI description comes with it."""
    app = Flask(name)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.config.update(API_TITLE="DungeonMind Storage", API_VERSION="1", OPENAPI_VERSION="3.1.0")
    app.url_map.converters |= NAMES
    app.before_request(_begin)
    app.register_error_handler(GoogleAPIError, lambda error: problem(refusal(call(), error)))
    app.register_error_handler(
        TransportError, lambda _: problem(ServiceUnavailable("Google's keys cannot be read: try again."))
    )
    app.register_error_handler(Exception, _bug)
    app.after_request(_finish)
    app.teardown_request(_end)
    api = _Api(app)
    api.ma_plugin.converter.add_attribute_function(_kept_as_it_came)
    for converter, described in CONVERTERS.items():
        api.register_converter(converter, lambda _, described=described: described)
    for blueprint in blueprints:
        api.register_blueprint(blueprint)
    return app


def _kept_as_it_came(_: Any, field: Any, ret: dict[str, Any], **__: Any) -> dict[str, Any]:
    """OpenAPI of what is usually a map or a list, and may be anything."""
    if not isinstance(field, ContentMap | ContentList):
        return {}
    usual = dict(ret)
    ret.clear()
    return {"anyOf": [usual, {}]}


def function(*blueprints: Blueprint) -> Callable[[Request], BaseResponse]:
    """The entry point that main.py re-exports: functions-framework wants a plain function."""
    identity.verifier()  # refuse to start where emulator settings meet production
    app = application(blueprints[0].name, *blueprints)

    def entry(request: Request) -> BaseResponse:
        with app.request_context(request.environ):
            response = app.full_dispatch_request()
        # As a stream: the framework's application, which is around ours, reads what is left of a body otherwise.
        response.response = iter(response.response)  # type: ignore[assignment]
        return response

    return entry


def _begin() -> None:
    g.began = time.perf_counter()
    begin(request)


def _end(_: BaseException | None) -> None:
    deadline.set(math.inf)  # whatever comes next in this thread has its own


def _bug(error: Exception) -> Response:
    log("ERROR", "".join(traceback.format_exception(error)), **trace(request))
    return problem(InternalServerError("This is a bug of ours; it has been noted. Nothing is known to be written."))


def _finish(response: Response) -> Response:
    # Hosting's CDN keeps a 404 without caching headers for 10 minutes.
    response.headers.setdefault("Cache-Control", "private, no-store")
    response.headers["X-Content-Type-Options"] = "nosniff"
    done = dict(operations.get())
    ms = round((time.perf_counter() - g.began) * 1000, 1)
    counted = " ".join(f"{count} {what}" for what, count in sorted(done.items()) if count)
    response.headers["Server-Timing"] = f'function;dur={ms}, firestore;desc="{counted}"'
    who = g.get("caller")
    log(
        "ERROR" if response.status_code == 500 else "INFO",
        f"{request.method} {request.url_rule or request.path} {response.status_code}",
        uid=who and who.uid,
        status=response.status_code,
        ms=ms,
        bytes_in=request.content_length or 0,
        firestore=done,
        **(g.call.facts if "call" in g else {}),
        **trace(request),
    )
    return response
