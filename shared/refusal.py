"""Why Firestore refused, in HTTP's words: the document is read once more, as the caller, to tell the cases apart.

PERMISSION_DENIED comes without a reason. A caller who may not read a document learns nothing of it but 404.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from flask import g, request
from google.api_core import exceptions as cloud
from google.cloud.firestore import DocumentSnapshot
from werkzeug.exceptions import (
    Conflict,
    Forbidden,
    HTTPException,
    InternalServerError,
    NotFound,
    PreconditionFailed,
    RequestEntityTooLarge,
    ServiceUnavailable,
    Unauthorized,
    UnprocessableEntity,
)

from shared.call import Call
from shared.conditional import etag
from shared.reading import content, wire
from shared.schemas.signature import SCHEMA_VERSION
from shared.size import largest_part
from shared.subject import Subject, subject_of

PASSING = (
    cloud.ServiceUnavailable,
    cloud.Aborted,
    cloud.ResourceExhausted,
    cloud.DeadlineExceeded,
    cloud.RetryError,
)


def refusal(call: Call, error: cloud.GoogleAPIError) -> HTTPException:
    """The HTTP exception that says what Firestore's error means for this request."""
    try:
        return _explained(call, error, subject_of(error))
    except cloud.GoogleAPIError:  # of the read that would have explained it
        return ServiceUnavailable("Firestore is unavailable or too slow. Nothing was acknowledged: try again.")


def _explained(call: Call, error: cloud.GoogleAPIError, about: Subject | None) -> HTTPException:
    reading = request.method in ("GET", "HEAD")
    if isinstance(error, cloud.Unauthenticated):
        return Unauthorized("Firestore refused the ID token: get a new one and try again.")
    if isinstance(error, PASSING):
        return ServiceUnavailable("Firestore is unavailable or too slow. Nothing was acknowledged: try again.")
    if isinstance(error, cloud.AlreadyExists):
        return Conflict("The id is taken by something else: choose another random id.")
    if isinstance(error, cloud.NotFound) or (isinstance(error, cloud.PermissionDenied) and (reading or not about)):
        return missing(about)
    if about and not reading and isinstance(error, cloud.PermissionDenied):
        return _denied(call, about)
    if not reading and isinstance(error, cloud.FailedPrecondition):
        if about and "If-Match" in request.headers:
            return changed_since(about)
        return ServiceUnavailable("Somebody kept saving meanwhile. Nothing was written: try again.")
    if about and not reading and isinstance(error, cloud.InvalidArgument):
        return _invalid(about, error)
    return InternalServerError()


def missing(about: Subject | None) -> NotFound:
    """404: it is not there, or not the caller's to read; which of the two, nobody learns."""
    if about and about.kind == "session":
        return NotFound("There is no session: PUT /api/session begins one.")
    return NotFound(f"There is no such {about.kind if about else 'document'}, or it is not yours to read.")


def existing(subject: Subject, fields: Sequence[str] | None = None) -> DocumentSnapshot:
    """Read the document, or these fields of it. Raises 404 where it is missing, or another tool's than expected."""
    return there(subject, subject.get(fields))


def there(subject: Subject, snapshot: DocumentSnapshot) -> DocumentSnapshot:
    """The same snapshot of it, or 404."""
    if not snapshot.exists or _is_anothers(subject, snapshot):
        raise missing(subject)
    return snapshot


def _is_anothers(about: Subject, snapshot: DocumentSnapshot) -> bool:
    tool = content(snapshot).get("tool")
    return about.tool is not None and isinstance(tool, str) and tool != about.tool


def _read(about: Subject) -> DocumentSnapshot | None:
    try:
        snapshot = about.ref.get()
    except cloud.PermissionDenied:
        return None
    return snapshot if snapshot.exists and not _is_anothers(about, snapshot) else None


def newer(snapshot: DocumentSnapshot, kind: str) -> Conflict | None:
    """409 if a newer version of this software wrote the document: what we do not know is not damage."""
    version = content(snapshot).get("schema_version")
    if isinstance(version, int) and version > SCHEMA_VERSION:
        return Conflict(f"The {kind} was written by a newer version ({version}): reload to get it.")
    return None


def _denied(call: Call, about: Subject) -> HTTPException:
    snapshot = _read(about)
    if snapshot is None:
        return missing(about)
    stored = content(snapshot)
    if conflict := newer(snapshot, about.kind):
        return conflict
    expires_at = stored.get("expires_at")
    if isinstance(expires_at, datetime) and expires_at <= datetime.now(UTC):
        return Conflict(
            f"The {about.kind} expired on {expires_at:%Y-%m-%d}: PUT starts afresh and keeps its content as saves."
        )
    if stored.get("trashed") is True:
        return Conflict(f"The {about.kind} is in the trash: take it out first.")
    if "damaged" in about.show(stored):
        repair = "PATCH the fields named there" if about.kind == "object" else "PUT repairs it"
        return Conflict(f"The {about.kind} is damaged (see `damaged` in its GET): {repair}.")
    role = role_of(call, stored)
    if "members" in stored and role not in ("owner", about.needs):
        return Forbidden(f"You may read this {about.kind} as its {role}; for this you need the role {about.needs}.")
    if snapshot.update_time > call.began_at:
        return ServiceUnavailable(f"Somebody changed the {about.kind} meanwhile. Nothing was written: try again.")
    return UnprocessableEntity(
        f"A bound of the rules forbids this: a field of the {about.kind} is too large or has too many entries."
    )


def role_of(call: Call, stored: Mapping[str, Any]) -> str:
    """The caller's role in a document that has members: owner, editor, viewer, or reader of a public one."""
    if stored.get("user_id") == call.caller.uid:
        return "owner"
    members = stored.get("members")
    mine = members.get(call.caller.uid) if isinstance(members, Mapping) else None
    return str(mine.get("role")) if isinstance(mine, Mapping) else "reader"


def as_seen(call: Call, about: Subject, snapshot: DocumentSnapshot) -> None:
    """Raises 412 where the request's If-Match saw another version than this one: asked before anything is decided."""
    seen = call.if_match
    if seen is not None and etag(seen) != etag(snapshot.update_time):
        raise _stale(about, snapshot)


def changed_since(about: Subject) -> HTTPException:
    """412 with the document as it is now; 404 where it is not there, or 409 where it is not the caller's to read."""
    snapshot = _read(about)
    if snapshot is None:
        return Conflict("The id is taken by something else.") if request.if_none_match else missing(about)
    return _stale(about, snapshot)


def _stale(about: Subject, snapshot: DocumentSnapshot) -> HTTPException:
    stored = content(snapshot)
    stale = PreconditionFailed(
        f"Somebody saved this {about.kind} since you read it. Nothing was written: see `current`."
    )
    stale.data = {  # type: ignore[attr-defined]
        "members": {
            "current": about.show(stored),
            "etag": etag(snapshot.update_time),
            "updated_by": wire(stored.get("updated_by")),
            "update_time": wire(snapshot.update_time),
        }
    }
    return stale


def _invalid(about: Subject, error: cloud.InvalidArgument) -> HTTPException:
    if "size" not in str(error.message) and "bytes" not in str(error.message):
        return UnprocessableEntity(f"Firestore refused it: {error.message}")
    snapshot = _read(about)
    sent = {
        f"what was sent.{name}": value for name, value in g.get("sent", {}).items() if name not in ("base", "attempts")
    }
    part, size = largest_part({**(content(snapshot) if snapshot else {}), **sent})
    return RequestEntityTooLarge(
        f"The {about.kind} would be larger than 1 MiB. Its largest part is {part} with about {size:,} bytes."
    )
