"""Creating a document under an id that the client chose, so that a retry finds what the first try made."""

from collections.abc import Mapping
from typing import Any

from google.api_core.exceptions import AlreadyExists, PermissionDenied
from werkzeug.exceptions import Conflict

from shared.answer import Document, as_stored
from shared.call import Call
from shared.firestore.subject import ID_TAKEN, Subject, explained_by, readable
from shared.firestore.values import content


def create(subject: Subject, document: Mapping[str, Any]) -> Document | None:
    """201 with the new document as its GET shows it, or None where the id is in use. One write."""
    try:
        with explained_by(subject):
            written = subject.ref.create(dict(document))
    except (AlreadyExists, PermissionDenied):  # rules judge a create of what is there as an update
        return None
    return Document(subject.show(as_stored(document, written.update_time)), written.update_time, 201)


def created_before(call: Call, subject: Subject, otherwise: str = ID_TAKEN) -> Document:
    """200 with the document as it is now, for a retry. Raises 409 where it is not the caller's own. One read."""
    found = readable(subject)
    if found is None or content(found).get("user_id") != call.caller.uid:
        raise Conflict(otherwise)
    return Document(subject.show(content(found)), found.update_time, 200)
