"""Why Firestore refused, in HTTP's words: the document is read once more, as the caller, to tell the cases apart.

PERMISSION_DENIED comes without a reason. A caller who may not read a document learns nothing of it but 404.
"""

from datetime import UTC, datetime

from flask import g, request
from google.api_core import exceptions as cloud
from werkzeug.exceptions import (
    Conflict,
    Forbidden,
    HTTPException,
    InternalServerError,
    RequestEntityTooLarge,
    ServiceUnavailable,
    Unauthorized,
    UnprocessableEntity,
)

from shared.call import Call
from shared.firestore.size import largest_part
from shared.firestore.subject import ID_TAKEN, Subject, in_trash, missing, newer, readable, subject_of
from shared.firestore.values import content
from shared.precondition import changed_since
from shared.sharing.roles import role_of

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
        return Conflict(ID_TAKEN)
    if isinstance(error, cloud.NotFound) or (isinstance(error, cloud.PermissionDenied) and (reading or not about)):
        return missing(about)
    if about and not reading and isinstance(error, cloud.PermissionDenied):
        return _denied(call, about)
    if not reading and isinstance(error, cloud.FailedPrecondition):
        if about and "If-Match" in request.headers:
            return changed_since(about)
        return ServiceUnavailable("Other writes kept changing the document. Nothing was written: retry.")
    if about and not reading and isinstance(error, cloud.InvalidArgument):
        return _invalid(about, error)
    return InternalServerError()


def _denied(call: Call, about: Subject) -> HTTPException:
    snapshot = readable(about)
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
        return in_trash(about.kind)
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


def _invalid(about: Subject, error: cloud.InvalidArgument) -> HTTPException:
    if "size" not in str(error.message) and "bytes" not in str(error.message):
        return UnprocessableEntity(f"Firestore refused it: {error.message}")
    snapshot = readable(about)
    sent = {
        f"what was sent.{name}": value for name, value in g.get("sent", {}).items() if name not in ("base", "attempts")
    }
    part, size = largest_part({**(content(snapshot) if snapshot else {}), **sent})
    return RequestEntityTooLarge(
        f"The {about.kind} would be larger than 1 MiB. Its largest part is {part} with about {size:,} bytes."
    )
