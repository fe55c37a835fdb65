"""An answer as HTTP: JSON with its ETag, and 304 where the caller has it already."""

from typing import Any

from flask import Response, jsonify, request
from werkzeug import Response as BaseResponse

from shared.answer import Document
from shared.firestore.etag import etag


def as_response(answer: Any) -> BaseResponse:
    """What a view returns, as Flask sends it. A response stays what it is."""
    if isinstance(answer, BaseResponse):
        return answer
    if answer is None:
        return Response(status=204)
    if not isinstance(answer, Document):
        return jsonify(answer)
    response = Response() if answer.shown is None else jsonify(answer.shown)
    response.status_code = answer.status
    response.headers["ETag"] = etag(answer.update_time)
    if request.method == "GET" and request.if_none_match.contains_weak(etag(answer.update_time).strip('"')):
        response.status_code = 304
        response.set_data(b"")
    return response
