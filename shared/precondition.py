"""What an If-Match asks: 412 with the document as it is now, where somebody saved since."""

from google.cloud.firestore import DocumentSnapshot
from werkzeug.exceptions import Conflict, HTTPException, PreconditionFailed

from shared.call import Call
from shared.firestore.etag import etag
from shared.firestore.subject import ID_TAKEN, Subject, missing, readable
from shared.firestore.values import content, wire


def as_seen(call: Call, about: Subject, snapshot: DocumentSnapshot) -> None:
    """Raises 412 where the request's If-Match saw another version than this one: asked before anything is decided."""
    seen = call.if_match
    if seen is not None and etag(seen) != etag(snapshot.update_time):
        raise _stale(about, snapshot)


def changed_since(about: Subject, creating: bool = False) -> HTTPException:
    """412 with the document as it is now. Not the caller's to read: 404; or 409, if it was to be created."""
    snapshot = readable(about)
    if snapshot is None:
        return Conflict(ID_TAKEN) if creating else missing(about)
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
