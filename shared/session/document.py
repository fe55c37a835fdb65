"""The caller's session document: where it is, how it is shown, when it is alive, and how a new one begins."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from google.cloud.firestore import SERVER_TIMESTAMP, DocumentReference, DocumentSnapshot
from werkzeug.exceptions import NotFound

from shared.answer import Document, saved_response
from shared.call import Call
from shared.firestore.field_paths import FieldPaths, field_paths
from shared.firestore.subject import Subject
from shared.firestore.values import content, readable
from shared.schemas.session import LISTS, Session
from shared.schemas.strict import schema_of
from shared.schemas.tools import TOOLS
from shared.write import update


def session_ref(call: Call) -> DocumentReference:
    """The caller's session: its id is the uid, so that the rules can decide by the id alone."""
    return call.db.collection("sessions").document(call.caller.uid)


def own_session(call: Call) -> Subject:
    """The same, as the document that a request is about."""
    return Subject(session_ref(call), "session", shown)


def shown(stored: Mapping[str, Any]) -> dict[str, Any]:
    """The session as GET answers it: its lists newest first, as many of each as people look at."""
    found = readable(schema_of(Session), stored)
    for name, most in LISTS.items():
        found[name] = found.get(name, [])[: -most - 1 : -1]  # the store appends: newest last
    return found


def is_active(snapshot: DocumentSnapshot) -> bool:
    """Whether the session may be resumed. TTL deletes an expired one only hours later, so every read asks."""
    expires_at = content(snapshot).get("expires_at")
    return bool(snapshot.exists) and not (isinstance(expires_at, datetime) and expires_at <= datetime.now(UTC))


def require_active(snapshot: DocumentSnapshot) -> DocumentSnapshot:
    """The same snapshot, or 404."""
    if not is_active(snapshot):
        raise NotFound("There is no session, or it has expired: PUT /api/session begins one.")
    return snapshot


def working_on(call: Call, **context: Any) -> FieldPaths:
    """Where the person is now (current_tool, active_project_id): for the session, and for the device that asks."""
    device = call.device if context else None
    here = {"devices": {device: context | {"last_seen": SERVER_TIMESTAMP}}} if device else {}
    return field_paths(context | here)


def fresh(call: Call) -> dict[str, Any]:
    """A new session's document."""
    return {
        "session_id": call.caller.uid,
        "user_id": call.caller.uid,
        "created_at": SERVER_TIMESTAMP,
        "current_tool": next(iter(TOOLS)),
        **{name: [] for name in LISTS},
        **call.session_write_fields(),
    }


def save_session(call: Call, fields: Mapping[Any, Any]) -> Document:
    """The receipt of one write to the caller's session, under the request's If-Match; every write lets it live on."""
    now = call.session_write_fields()
    return saved_response(
        call, update(call, own_session(call), dict(fields) | now | call.last_save()), expires_at=now["expires_at"]
    )
