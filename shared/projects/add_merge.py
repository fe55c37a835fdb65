"""A merge as it is added to a batch.

Where both sides replaced the same, the side that gives way becomes a save beside the document, whole, and each such
path an open conflict of the document that names the save.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared.drafts import CLOCKS, without_clocks
from shared.firestore.batch import Batch
from shared.firestore.commit import is_there
from shared.merge import CONFLICT, EDIT_KEPT, merge, same
from shared.merge.conflicts import Entry, bounded, value_at
from shared.merge.values import Side
from shared.projects.home import Home, caller_at, conflict_save, save_state, with_new_conflicts, write

UNREPORTED = {*CLOCKS, "metadata.lastSaved"}


@dataclass(frozen=True)
class Merge:
    """A merge as it is about to be written."""

    state: dict[str, Any]
    conflicts: list[Entry]  # all that are open afterwards
    edits_kept: list[str] = field(default_factory=list)  # paths where an edit stands against a deletion
    kept: dict[str, Any] | None = None  # the save of the side that gives way
    kept_at: str | None = None  # its id, also where it was there before


def add_merge(
    batch: Batch,
    home: Home,
    base: Mapping[str, Any],
    mine: Mapping[str, Any],
    stands: Side = "mine",
    changed_at: datetime | None = None,
    save_id: str | None = None,
) -> Merge:
    """Add to the batch what the merge changes, and a save of the side that gives way where both replaced the same.

    Mine was `changed_at` then, or now. Where a save with the `save_id` is there already, its conflicts have been told.
    """
    current, mine = without_clocks(home.current), without_clocks(mine)
    merged, found = merge(without_clocks(base), mine, current, stands)
    found = [report for report in found if report["path"] not in UNREPORTED]
    paths = [report["path"] for report in found if report["kind"] == CONFLICT]
    other, author = (mine, caller_at(home.call, changed_at)) if stands == "stored" else (home.current, home.author)
    new, kept_at = still_unopened(home, paths, other)
    name = "Before a merge" if stands == "mine" else "Gave way in a merge"
    kept = conflict_save(home, other, name) if new else None
    if kept and save_id:
        kept |= {"id": save_id}
        if is_there(home.saves.document(save_id)):
            new, kept, kept_at = [], None, save_id
    write(batch, home, merged, kept, new, author)
    return Merge(
        merged,
        with_new_conflicts(home, kept, new, author),
        [report["path"] for report in found if report["kind"] == EDIT_KEPT],
        kept,
        kept["id"] if kept else kept_at,
    )


def still_unopened(home: Home, paths: Iterable[str], other: Mapping[str, Any]) -> tuple[list[str], str | None]:
    """Those of the paths where no open conflict has the same other value; and a save of such a conflict."""
    states: dict[str, Mapping[str, Any]] = {}
    unopened, known = [], None
    for path in paths:
        for entry in home.conflicts:
            if entry["path"] == bounded(path):
                if entry["save_id"] not in states:
                    states[entry["save_id"]] = save_state(home.saves.document(entry["save_id"]))
                if same(value_at(states[entry["save_id"]], path), value_at(other, path)):
                    known = entry["save_id"]
                    break
        else:
            unopened.append(path)
    return unopened, known
