"""The trash: a deleted document stays for 30 days, in nobody's list but its owner's, until TTL empties it."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from google.api_core.exceptions import PermissionDenied
from google.cloud.firestore import DELETE_FIELD

from shared.answer import Document, saved_response
from shared.call import Call
from shared.firestore.subject import Subject
from shared.firestore.values import content
from shared.write import update

KEPT = timedelta(days=30)


def trash_fields() -> dict[str, Any]:
    """The fields of a document that goes there now."""
    return {"trashed": True, "purge_at": datetime.now(UTC) + KEPT}


def put_into_trash(call: Call, subject: Subject, saved_by: Mapping[str, Any]) -> Document:
    """204 with its ETag, also where it is there already."""
    try:
        update_time = update(call, subject, trash_fields() | dict(saved_by))
    except PermissionDenied:
        found = subject.get()
        if content(found).get("trashed") is not True:
            raise
        update_time = found.update_time
    return Document(None, update_time, 204)


def out_of_trash(call: Call, subject: Subject, saved_by: Mapping[str, Any]) -> Document:
    """The receipt of taking it out; nothing changes where it is not in there."""
    return saved_response(call, update(call, subject, {"trashed": False, "purge_at": DELETE_FIELD} | dict(saved_by)))
