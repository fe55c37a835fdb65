"""Read, then write on the condition that nobody wrote in between: what a transaction would do for us."""

import random
import time
from collections.abc import Callable
from typing import Any, TypeVar

from google.api_core import exceptions as cloud
from google.cloud.firestore import DocumentReference, DocumentSnapshot

from shared.firestore.batch import Batch

T = TypeVar("T")

ATTEMPTS = 8
WRITE_CONFLICTS = (cloud.FailedPrecondition, cloud.AlreadyExists, cloud.NotFound, cloud.Aborted)


def retry_on_conflict(read_then_write: Callable[[], T], attempts: int = ATTEMPTS) -> T:
    """The result of the first try that no other writer got in the way of; the last try's error is raised."""
    for attempt in range(attempts - 1):
        try:
            return read_then_write()
        except WRITE_CONFLICTS:
            time.sleep(random.uniform(0, 0.02 * 2**attempt))
    return read_then_write()


def commit(batch: Batch, *seen: DocumentSnapshot) -> list[Any]:
    """Commit what was decided on these snapshots; returns the write results. Raises one of LOST if they are outdated.

    Rules are judged before preconditions: what was allowed when it was read may be forbidden by what the winner of a
    race wrote. So a PERMISSION_DENIED is only believed if nothing has changed since.
    """
    try:
        return batch.commit()
    except cloud.PermissionDenied:
        if any(_update_time(snapshot) != snapshot.update_time for snapshot in seen):
            raise cloud.Aborted("changed since it was read") from None
        raise


def is_there(ref: DocumentReference) -> bool:
    """Whether there is a document that the caller may read."""
    try:
        return bool(ref.get(["id"]).exists)
    except cloud.PermissionDenied:
        return False


def _update_time(snapshot: DocumentSnapshot) -> Any:
    try:
        return snapshot.reference.get().update_time
    except cloud.PermissionDenied:  # it is gone, or not the caller's any more
        return None
