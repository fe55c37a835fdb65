"""The document that a request is about, as its refusals are explained by: which it is, and how its GET shows it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from google.api_core.exceptions import GoogleAPIError, PermissionDenied
from google.cloud.firestore import DocumentReference, DocumentSnapshot
from werkzeug.exceptions import Conflict, NotFound

from shared.firestore.values import content
from shared.schemas.signature import SCHEMA_VERSION

ID_TAKEN = "The id is taken by something else: choose another random id."

Show = Callable[[Mapping[str, Any]], dict[str, Any]]  # a stored document -> what its GET answers


@dataclass(frozen=True)
class Subject:
    """`kind` is what an error calls it; `show` gives what `current` shows of it; `needs` the role that this takes.

    A document of another `tool` is not there.
    """

    ref: DocumentReference
    kind: str
    show: Show
    needs: str = "editor"
    tool: str | None = None

    def get(self, fields: Sequence[str] | None = None) -> DocumentSnapshot:
        """Read it, or these fields of it. One RPC."""
        with explained_by(self):
            return self.ref.get(fields)


@contextmanager
def explained_by(subject: Subject) -> Iterator[None]:
    """What Firestore refuses in here is answered with what this document shows, unless another one was named within."""
    try:
        yield
    except GoogleAPIError as error:
        if not hasattr(error, "subject"):
            error.subject = subject  # type: ignore[attr-defined]
        raise


def subject_of(error: GoogleAPIError) -> Subject | None:
    """The document that explains this refusal, where one was named."""
    found: Subject | None = getattr(error, "subject", None)
    return found


def missing(about: Subject | None) -> NotFound:
    """404: it is not there, or not the caller's to read; which of the two, nobody learns."""
    if about and about.kind == "session":
        return NotFound("There is no session: PUT /api/session begins one.")
    return NotFound(f"There is no such {about.kind if about else 'document'}, or it is not yours to read.")


def read_existing(subject: Subject, fields: Sequence[str] | None = None) -> DocumentSnapshot:
    """Read the document, or these fields of it. Raises 404 where it is missing, or another tool's than expected."""
    return require_existing(subject, subject.get(fields))


def require_existing(subject: Subject, snapshot: DocumentSnapshot) -> DocumentSnapshot:
    """The same snapshot of it, or 404."""
    if not snapshot.exists or _is_anothers(subject, snapshot):
        raise missing(subject)
    return snapshot


def _is_anothers(about: Subject, snapshot: DocumentSnapshot) -> bool:
    tool = content(snapshot).get("tool")
    return about.tool is not None and isinstance(tool, str) and tool != about.tool


def in_trash(what: str) -> Conflict:
    """409: it stays as it is until it is taken out."""
    return Conflict(f"The {what} is in the trash: take it out first.")


def newer(snapshot: DocumentSnapshot, kind: str) -> Conflict | None:
    """409 if a newer version of this software wrote the document: what we do not know is not damage."""
    version = content(snapshot).get("schema_version")
    if isinstance(version, int) and version > SCHEMA_VERSION:
        return Conflict(f"The {kind} was written by a newer version ({version}): reload to get it.")
    return None


def readable(about: Subject) -> DocumentSnapshot | None:
    """Its snapshot; None where it is missing, not the caller's to read, or another tool's."""
    try:
        snapshot = about.ref.get()
    except PermissionDenied:
        return None
    return snapshot if snapshot.exists and not _is_anothers(about, snapshot) else None
