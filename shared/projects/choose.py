"""Choosing between the two values of an open conflict: the entry goes, and whatever is not chosen is in a save."""

from collections.abc import Callable, Mapping
from typing import Any

from werkzeug.exceptions import Conflict

from shared.answer import Document
from shared.drafts import without_clocks
from shared.firestore.commit import commit, retry_on_conflict
from shared.firestore.subject import explained_by
from shared.merge.conflicts import with_value
from shared.merge.differences import differences
from shared.precondition import as_seen
from shared.projects.home import Home, conflict_save, merge_response, save_state


def choose(read: Callable[[], Home], sent: Mapping[str, Any]) -> Document:
    """The state after the choice. Repeated, or of an entry that is not open, it is as it is, and nothing is written.

    Under an If-Match it is made on what was seen: 412 where somebody saved since.
    """

    def read_then_write() -> Document:
        home = read()
        with explained_by(home.subject):
            return _chosen(home, **sent)

    return retry_on_conflict(read_then_write)


def _chosen(home: Home, save_id: str, path: str, choice: str) -> Document:
    left = [entry for entry in home.conflicts if (entry["save_id"], entry["path"]) != (save_id, path)]
    state, kept, update_time = without_clocks(home.current), None, home.snapshot.update_time
    if len(left) < len(home.conflicts):
        as_seen(home.call, home.subject, home.snapshot)
        changes = {}
        batch = home.call.db.batch()
        if choice == "other":
            state, before = _with_other(home, save_id, path), state
            changes = differences(before, state, home.field)
        if changes:
            kept = conflict_save(home, home.current, "Before a choice")
            batch.create(home.saves.document(kept["id"]), kept)
        home.update(batch, changes | home.with_conflicts(left))
        update_time = commit(batch, home.snapshot)[-1].update_time
    return merge_response(home, state, left, update_time, save_of_present=kept and kept["id"])


def _with_other(home: Home, save_id: str, path: str) -> dict[str, Any]:
    if not (other := save_state(home.saves.document(save_id))):
        raise Conflict("The save that holds the other value is gone: choose `stored`.")
    return with_value(without_clocks(home.current), path, other)
