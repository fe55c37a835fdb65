"""Carrying a merge out: one read, one Commit on the condition that nobody wrote meanwhile, retried a few times."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from google.api_core.exceptions import AlreadyExists, PermissionDenied
from google.cloud.firestore import DocumentReference, DocumentSnapshot

from shared.answer import Document
from shared.call import Call
from shared.drafts import has_work, state_of
from shared.firestore.commit import commit
from shared.firestore.field_paths import without_nulls
from shared.firestore.subject import explained_by, in_trash, read_existing
from shared.firestore.values import content
from shared.precondition import as_seen
from shared.projects.add_merge import Merge, add_merge
from shared.projects.attempts import newest_stored
from shared.projects.document import SUMMARY, project_of_draft, project_ref, summary, the_project
from shared.projects.home import (
    Home,
    in_project,
    in_session,
    merge_response,
)
from shared.schemas.tools import Tool
from shared.session.document import own_session, require_active


def merge_into_session(call: Call, tool: Tool, sent: Mapping[str, Any]) -> Document:
    """The tool's state in the session, merged. A draft that meets another draft becomes a project of its own.

    Under an If-Match, as in a project: a merge that comes late, or once more, after another save is 412.
    """
    home = in_session(call, tool, require_active(own_session(call).get()))
    with explained_by(home.subject):
        return _merged_into_session(home, sent)


def _merged_into_session(home: Home, sent: Mapping[str, Any]) -> Document:
    if _is_repeated(home):
        return _as_it_is(home)
    base, mine = without_nulls(sent["base"]), without_nulls(sent["mine"])
    if mine.get("draft_id") and home.current.get("draft_id") not in (None, mine["draft_id"]):
        return _apart(home, base, mine)
    if mine.get("draft_id") and base and not has_work(home.current) and (project := _became(home, mine)):
        _into_earlier_project(home, project, base, mine)
        return _gone_to(home, project.reference)
    return _merged(home, sent)


def merge_into_project(call: Call, tool: Tool, project_id: str, sent: Mapping[str, Any]) -> Document:
    """A project's state, merged."""
    home = in_project(call, tool, read_existing(the_project(call, tool, project_id)))
    with explained_by(home.subject):
        return _as_it_is(home) if _is_repeated(home) else _merged(home, sent)


def _merged(home: Home, sent: Mapping[str, Any]) -> Document:
    batch = home.call.db.batch()
    base = newest_stored(home, without_nulls(sent["base"]), map(without_nulls, sent["attempts"]))
    done = add_merge(batch, home, base, without_nulls(sent["mine"]), sent["stands"])
    update_time = commit(batch, home.snapshot)[-1].update_time if len(batch) else home.snapshot.update_time
    return _answer(home, done, update_time)


def _is_repeated(home: Home) -> bool:
    """Whether this very request was carried out before, and its answer lost.

    Raises 412 where it was not, and what is stored is not what its If-Match saw.
    """
    if home.call.save_id in home.last_saves:
        return True
    as_seen(home.call, home.subject, home.snapshot)
    return False


def _as_it_is(home: Home, **more: Any) -> Document:
    return _answer(home, Merge(home.current, home.conflicts), home.snapshot.update_time, **more)


def _answer(home: Home, done: Merge, update_time: datetime, **more: Any) -> Document:
    name = content(home.snapshot).get("name") if home.in_project else None
    more |= {"edits_kept": done.edits_kept, "save_of_other": done.kept_at, "name": name}
    return merge_response(home, done.state, done.conflicts, update_time, **more)


def _apart(home: Home, base: dict[str, Any], mine: dict[str, Any]) -> Document:
    """Two drafts are two pieces of work. The id of the new project comes from the draft's, so that a retry finds it."""
    call, tool, project_id = home.call, home.tool, home.call.derived_id(mine["draft_id"])
    ref = project_ref(call, tool, project_id)
    try:
        ref.create(project_of_draft(call, tool, project_id, mine) | {"last_saves": call.last_saves()})
    except (AlreadyExists, PermissionDenied):  # made before, by this merge: the id is the caller's alone
        _into_earlier_project(home, read_existing(the_project(call, tool, project_id)), base, mine)
    return _gone_to(home, ref)


def _gone_to(home: Home, project: DocumentReference) -> Document:
    """The draft's words are in that project."""
    made = summary(content(project.get(SUMMARY)))
    return _as_it_is(home, project=made)


def _became(home: Home, draft: Mapping[str, Any]) -> DocumentSnapshot | None:
    """The project that a draft, which the session holds no more, was saved as on another device."""
    try:
        found: DocumentSnapshot = project_ref(home.call, home.tool, home.call.derived_id(draft["draft_id"])).get()
    except PermissionDenied:  # there is none
        return None
    return found if found.exists and not content(found).get("trashed") else None


def _into_earlier_project(home: Home, project: DocumentSnapshot, base: dict[str, Any], mine: dict[str, Any]) -> None:
    if content(project).get("trashed"):
        raise in_trash("project that this draft became")
    call, tool, batch = home.call, home.tool, home.call.db.batch()
    add_merge(batch, in_project(call, tool, project), state_of(tool, base), state_of(tool, mine))
    if len(batch):
        commit(batch, project)
