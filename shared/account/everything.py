"""All that a person owns: streamed out line by line, or deleted, both to be gone on with after an interruption."""

import contextvars
import json
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain
from typing import Any, TypeVar

from google.api_core.exceptions import GoogleAPICallError, InvalidArgument, PermissionDenied
from google.cloud.firestore import DocumentSnapshot
from werkzeug.exceptions import UnprocessableEntity

from shared.account.owned import COLLECTIONS, READ, documents, owned_in, saves_beside
from shared.call import Call
from shared.firestore.page import document_id
from shared.firestore.values import content, wire
from shared.projects.trash import trash_fields
from shared.session.document import session_ref
from shared.sharing.document import document_write_fields

T = TypeVar("T")

SECONDS = 20  # a call: the function ends after 30


def export_everything(call: Call, after: str = "") -> Iterator[str]:
    """A line of JSON for each document {path, update_time, data}, and a last one: {done: true} or {next: path}.

    Raises 422 for an `after` that is no path of these, and what the first read raises.
    """
    parts = after.split("/")
    mine = parts[0] in COLLECTIONS or parts[:2] == ["sessions", call.caller.uid]
    try:
        if after and not (mine and len(parts) in (2, 4) and all(map(document_id, parts))):
            raise ValueError("none of the caller's")
    except ValueError as error:
        message = "`after` is no path of yours: send the `path` of the last line that arrived."
        raise UnprocessableEntity(message) from error
    found = _in_this_request(documents(call, after))
    first = next(found, None)
    return _lines(chain([first], found) if first else iter(()), after)


def _in_this_request(found: Iterator[T]) -> Iterator[T]:
    """The same, also when it is asked for after the request's context is gone, while the answer is sent."""
    context = contextvars.copy_context()
    while (snapshot := context.run(next, found, None)) is not None:
        yield snapshot


def _lines(found: Iterator[DocumentSnapshot], last: str) -> Iterator[str]:
    began = time.monotonic()
    end: dict[str, Any] = {"done": True}
    try:
        for snapshot in found:
            last = snapshot.reference.path
            yield _line({"path": last, "update_time": wire(snapshot.update_time), "data": wire(content(snapshot))})
            if time.monotonic() - began > SECONDS:
                end = {"next": last}
                break
    except GoogleAPICallError as error:  # the status has been sent: the last line says where to go on
        end = {"next": last, "problem": f"Firestore answered {error.code}: try again from `next`."}
    yield _line(end)


def _line(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False) + "\n"


def delete_everything(call: Call) -> dict[str, Any]:
    """Delete for good what the caller owns, saves before what they belong to and the session last."""
    began, count = time.monotonic(), 0
    for collection in COLLECTIONS:
        some = owned_in(call, collection).select(["created_at", "members", "trashed"]).limit(READ)
        while found := list(some.stream()):
            for parent in found:
                _close(call, parent)
                count += _delete_with_saves(call, parent)
                if time.monotonic() - began > SECONDS:
                    return {"deleted": count, "done": False}
    session = session_ref(call).get()
    count += _delete_with_saves(call, session)
    return {"deleted": count, "done": True}


def _close(call: Call, parent: DocumentSnapshot) -> None:
    """Into the trash with what others may save to: whoever goes on saving there would keep this from its end."""
    stored = content(parent)
    others = len(stored["members"]) > 1 if isinstance(stored.get("members"), dict) else True
    if others and stored.get("trashed") is False:
        with suppress(PermissionDenied, InvalidArgument):  # damaged, or too large to be written: it is deleted as it is
            parent.reference.update(trash_fields() | document_write_fields(call))


def _delete_with_saves(call: Call, parent: DocumentSnapshot) -> int:
    count = 0
    for saves in saves_beside(parent).values():
        while found := list(saves.select([]).limit(READ).stream()):
            batch = call.db.batch()
            for save in found:
                batch.delete(save.reference)
            batch.commit()
            count += len(found)
    if parent.exists:
        parent.reference.delete()
    return count + parent.exists
