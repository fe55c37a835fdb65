"""The document that a request is about, as its refusals are explained by: which it is, and how its GET shows it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from google.api_core.exceptions import GoogleAPIError
from google.cloud.firestore import DocumentReference, DocumentSnapshot

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
