"""Carrying a merge out: one read, one Commit on the condition that nobody wrote meanwhile, retried a few times.

Where both sides replaced the same, the side that gives way becomes a save beside the document, whole, and each such
path an open conflict of the document that names the save.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from google.api_core.exceptions import AlreadyExists, PermissionDenied
from google.cloud.firestore import DocumentReference, DocumentSnapshot
from werkzeug.exceptions import Conflict

from shared.answer import Document
from shared.call import Call
from shared.drafts import CLOCKS, has_work, state_of, without_clocks
from shared.firestore.batch import Batch
from shared.firestore.commit import commit, is_there
from shared.firestore.field_paths import pruned
from shared.firestore.subject import existing, explained_by
from shared.firestore.values import content
from shared.merge import CONFLICT, EDIT_KEPT, merge, same
from shared.merge.conflicts import Entry, bounded, value_at
from shared.merge.values import Side
from shared.precondition import as_seen
from shared.projects.document import SUMMARY, project_of_draft, project_ref, summary, the_project
from shared.projects.home import (
    Home,
    answered,
    caller_at,
    conflict_save,
    in_project,
    in_session,
    opened,
    save_state,
    write,
)
from shared.projects.landed import landed
from shared.schemas.tools import Tool
from shared.session.document import living, own_session

UNREPORTED = {*CLOCKS, "metadata.lastSaved"}


@dataclass(frozen=True)
class Merge:
    """A merge as it is about to be written."""

    state: dict[str, Any]
    conflicts: list[Entry]  # all that are open afterwards
    edits_kept: list[str] = field(default_factory=list)  # paths where an edit stands against a deletion
    kept: dict[str, Any] | None = None  # the save of the side that gives way
    kept_at: str | None = None  # its id, also where it was there before


def merging(
    call: Call,
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
    other, author = (mine, caller_at(call, changed_at)) if stands == "stored" else (home.current, home.author)
    new, kept_at = still_unopened(home, paths, other)
    name = "Before a merge" if stands == "mine" else "Gave way in a merge"
    kept = conflict_save(call, home, other, name) if new else None
    if kept and save_id:
        kept |= {"id": save_id}
        if is_there(home.saves.document(save_id)):
            new, kept, kept_at = [], None, save_id
    write(batch, home, merged, kept, new, author)
    return Merge(
        merged,
        opened(home, kept, new, author),
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


def merged_into_session(call: Call, tool: Tool, sent: Mapping[str, Any]) -> Document:
    """The tool's state in the session, merged. A draft that meets another draft becomes a project of its own.

    Under an If-Match, as in a project: a merge that comes late, or once more, after another save is 412.
    """
    home = in_session(call, tool, living(own_session(call).get()))
    with explained_by(home.subject):
        return _merged_into_session(call, tool, home, sent)


def _merged_into_session(call: Call, tool: Tool, home: Home, sent: Mapping[str, Any]) -> Document:
    if _is_repeated(call, home):
        return _as_it_is(call, home)
    base, mine = pruned(sent["base"]), pruned(sent["mine"])
    if mine.get("draft_id") and home.current.get("draft_id") not in (None, mine["draft_id"]):
        return _apart(call, home, base, mine)
    if mine.get("draft_id") and base and not has_work(home.current) and (project := _became(call, tool, mine)):
        _into_earlier_project(call, tool, project, base, mine)
        return _gone_to(call, home, project.reference)
    return _merged(call, home, sent)


def merged_into_project(call: Call, tool: Tool, project_id: str, sent: Mapping[str, Any]) -> Document:
    """A project's state, merged."""
    home = in_project(call, tool, existing(the_project(call, tool, project_id)))
    with explained_by(home.subject):
        return _as_it_is(call, home) if _is_repeated(call, home) else _merged(call, home, sent)


def _merged(call: Call, home: Home, sent: Mapping[str, Any]) -> Document:
    batch = call.db.batch()
    base = landed(home, pruned(sent["base"]), map(pruned, sent["attempts"]))
    done = merging(call, batch, home, base, pruned(sent["mine"]), sent["stands"])
    update_time = commit(batch, home.snapshot)[-1].update_time if len(batch) else home.snapshot.update_time
    return _answer(call, home, done, update_time)


def _is_repeated(call: Call, home: Home) -> bool:
    """Whether this very request was carried out before, and its answer lost.

    Raises 412 where it was not, and what is stored is not what its If-Match saw.
    """
    if call.save_id in home.last_saves:
        return True
    as_seen(call, home.subject, home.snapshot)
    return False


def _as_it_is(call: Call, home: Home, **more: Any) -> Document:
    return _answer(call, home, Merge(home.current, home.conflicts), home.snapshot.update_time, **more)


def _answer(call: Call, home: Home, done: Merge, update_time: datetime, **more: Any) -> Document:
    name = content(home.snapshot).get("name") if home.in_project else None
    more |= {"edits_kept": done.edits_kept, "save_of_other": done.kept_at, "name": name}
    return answered(call, home, done.state, done.conflicts, update_time, **more)


def _apart(call: Call, home: Home, base: dict[str, Any], mine: dict[str, Any]) -> Document:
    """Two drafts are two pieces of work. The id of the new project comes from the draft's, so that a retry finds it."""
    tool, project_id = home.tool, call.derived_id(mine["draft_id"])
    ref = project_ref(call, tool, project_id)
    try:
        ref.create(project_of_draft(call, tool, project_id, mine) | {"last_saves": call.last_saves()})
    except (AlreadyExists, PermissionDenied):  # made before, by this merge: the id is the caller's alone
        _into_earlier_project(call, tool, existing(the_project(call, tool, project_id)), base, mine)
    return _gone_to(call, home, ref)


def _gone_to(call: Call, home: Home, project: DocumentReference) -> Document:
    """The draft's words are in that project."""
    made = summary(content(project.get(SUMMARY)))
    return _as_it_is(call, home, project=made)


def _became(call: Call, tool: Tool, draft: Mapping[str, Any]) -> DocumentSnapshot | None:
    """The project that a draft, which the session holds no more, was saved as on another device."""
    try:
        found: DocumentSnapshot = project_ref(call, tool, call.derived_id(draft["draft_id"])).get()
    except PermissionDenied:  # there is none
        return None
    return found if found.exists and not content(found).get("trashed") else None


def _into_earlier_project(
    call: Call, tool: Tool, project: DocumentSnapshot, base: dict[str, Any], mine: dict[str, Any]
) -> None:
    if content(project).get("trashed"):
        raise Conflict("The project that this draft became is in the trash: take it out first.")
    batch = call.db.batch()
    merging(call, batch, in_project(call, tool, project), state_of(tool, base), state_of(tool, mine))
    if len(batch):
        commit(batch, project)
