"""A change of several documents in one Commit; one that cannot be changed holds up no other."""

from collections.abc import Callable, Sequence
from typing import Any

from google.api_core.exceptions import InvalidArgument, PermissionDenied
from google.cloud.firestore import DocumentSnapshot

from shared.call import Call
from shared.firestore.batch import Batch
from shared.firestore.commit import commit

Left = list[dict[str, str]]  # path and reason


class Damaged(Exception):
    """It lacks what every document has."""


def change_each(
    call: Call, found: Sequence[DocumentSnapshot], change: Callable[[Batch, DocumentSnapshot], Any]
) -> tuple[int, Left]:
    """How many were changed, and which were not and why: together if that goes, otherwise each alone.

    Raises one of WRITE_CONFLICTS where somebody changed one meanwhile.
    """
    try:
        batch = call.db.batch()
        for snapshot in found:
            change(batch, snapshot)
        commit(batch, *found)
        return len(found), []
    except (PermissionDenied, InvalidArgument, Damaged) as error:
        if len(found) == 1:
            return 0, [{"path": found[0].reference.path, "reason": _reason(error)}]
    each = [change_each(call, [snapshot], change) for snapshot in found]
    return sum(count for count, _ in each), [left for _, some in each for left in some]


def _reason(error: Exception) -> str:
    if isinstance(error, InvalidArgument):
        return "It is as large as a document may be, and nothing can be written to it."
    return "It is damaged: the rules let nobody write to it as it is."
