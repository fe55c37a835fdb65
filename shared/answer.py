"""Answers that carry an ETag: the representation of a document, and the receipt of a write."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Response, jsonify, request
from google.cloud.firestore import SERVER_TIMESTAMP

from shared.call import Call
from shared.conditional import etag
from shared.reading import wire


def representation(shown: Mapping[str, Any], update_time: datetime, status: int = 200) -> Response:
    """A document as JSON with its ETag; 304 without a body where the caller has it already."""
    response = jsonify(shown)
    response.status_code = status
    response.headers["ETag"] = etag(update_time)
    if request.method == "GET" and request.if_none_match.contains_weak(etag(update_time).strip('"')):
        response.status_code = 304
        response.set_data(b"")
    return response


def receipt(call: Call, update_time: datetime, **more: Any) -> Response:
    """What was stored and when, so that the next save can say what it is based on."""
    save_id = call.save_id
    body = {"etag": etag(update_time), "update_time": wire(update_time), **wire(more)}
    return representation(body | ({"save_id": save_id} if save_id else {}), update_time)


def settled(written: Any, update_time: datetime) -> Any:
    """What was written, as a read would now find it: the server's time, in whole ms, where SERVER_TIMESTAMP stood."""
    if isinstance(written, Mapping):
        return {name: settled(value, update_time) for name, value in written.items()}
    whole_ms = update_time.replace(microsecond=update_time.microsecond // 1000 * 1000)
    return whole_ms if written is SERVER_TIMESTAMP else written
