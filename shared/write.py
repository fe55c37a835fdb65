"""The one write that most requests are: some fields of one document, under the request's If-Match."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from shared.call import Call
from shared.firestore.subject import Subject, explained_by


def update(call: Call, subject: Subject, fields: Mapping[Any, Any]) -> datetime:
    """Change these fields (names, or tuples of names) and nothing else; returns the document's new update time."""
    batch = call.db.batch()
    batch.update(subject.ref, fields, option=call.if_unchanged())
    with explained_by(subject):
        written: datetime = batch.commit()[0].update_time
    return written
