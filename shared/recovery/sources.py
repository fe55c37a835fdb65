"""What a backup is compared with: the living session, its own project, or another project of its name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from google.api_core.exceptions import PermissionDenied
from google.cloud.firestore import DocumentSnapshot

from shared.call import Call
from shared.drafts import draft_of, has_work, state_of, without_clocks
from shared.firestore.etag import update_time
from shared.firestore.size import size_of
from shared.firestore.subject import newer
from shared.firestore.values import content
from shared.merge import CONFLICT, merge, same
from shared.projects.document import newest_called, project_ref
from shared.projects.home import Home, in_project, in_session
from shared.projects.promotion import title_of
from shared.recovery.backup import Backup
from shared.recovery.decide import Draft, Facts, Seen
from shared.recovery.quarantine import digest
from shared.schemas.tool import ToolDraft
from shared.schemas.tools import Tool
from shared.session.open import active_session
from shared.sharing.roles import role_of

AGAIN = "-again"


@dataclass(frozen=True)
class Sources:
    """What there is."""

    session: DocumentSnapshot
    project: DocumentSnapshot | None  # the backup's own, if the caller may save it
    match: DocumentSnapshot | None  # the caller's newest of its name, where its own is gone or unknown
    new_id: str  # of the project that it becomes if need be: the same each time
    said: str | None  # the project that the backup belongs to; None: the draft, "": nobody knows


def sources(call: Call, backup: Backup) -> Sources:
    """Read what there is: three to six RPCs. A session that expired or is damaged is begun afresh."""
    session = active_session(call)
    said, draft = backup.facts.get("projectId", ""), draft_id(backup)
    former = backup.facts.get("formerProjectId")
    becoming = [
        backup.facts.get("newProjectId"),
        call.derived_id(draft) if draft else None,
    ]  # the client's word comes first
    found = {id_: _read(call, backup.tool, id_) for id_ in dict.fromkeys([said, *becoming, former]) if id_}
    new_id = next((id_ for id_ in becoming if id_ and not found[id_]), None)
    if new_id is None:  # the client named none, or one that is in the trash: its devices reach the same new one
        gone = next((id_ for id_ in becoming if id_), None)
        new_id = call.derived_id(f"{gone.rpartition('.')[2]}{AGAIN}" if gone else digest(backup.state))
        found[new_id] = _read(call, backup.tool, new_id)
    if (again := found[new_id]) and content(again).get("trashed"):
        new_id = call.derived_id(digest(backup.state))
        found[new_id] = _read(call, backup.tool, new_id)
    if said and not any(read and _is_savable(call, backup.tool, read) for read in found.values()):
        found[f"{said}{AGAIN}"] = _read(call, backup.tool, f"{said}{AGAIN}")  # a guest's, before the claim
    project = next((read for read in found.values() if read and _is_savable(call, backup.tool, read)), None)
    if not project and draft is not None and draft == in_session(call, backup.tool, session).current.get("draft_id"):
        said = None  # others wrote on, as a draft, after its project was put into the trash: one piece of work
    if project or said is None or not has_work(backup.state):
        return Sources(session, project, None, new_id, said)
    title = title_of(backup.tool, backup.state)
    match = newest_called(call, backup.tool, title) if title else None
    if match and match.id == new_id:  # another tab has just made it
        return Sources(session, match, None, new_id, said)
    return Sources(session, None, match, new_id, said)


def home_of(call: Call, tool: Tool, found: Sources) -> Home:
    """Where the work would be restored to."""
    project = found.project or found.match
    return in_project(call, tool, project) if project else in_session(call, tool, found.session)


def state_at(home: Home) -> dict[str, Any]:
    """The state that is stored there, as a project's state."""
    return without_clocks(home.current if home.field == "state" else state_of(home.tool, home.current))


def facts(call: Call, backup: Backup, found: Sources, fits: bool) -> Facts:
    """What the decision depends on. Whether it `fits`, Firestore tells."""
    home = home_of(call, backup.tool, found)
    said = found.said
    return Facts(
        whose="own",
        work=has_work(backup.state),
        unsaved=_is_unsaved(backup, state_at(home)),
        project="there" if found.project else "none" if said is None else "gone" if said else "unknown",
        match=found.match is not None,
        draft=_draft(backup, in_session(call, backup.tool, found.session).current),
        fits=fits,
        seen=_seen(backup, home, related=found.match is None),
    )


def _is_unsaved(backup: Backup, stored: Mapping[str, Any]) -> bool:
    """Whether anything was edited, and is not in what is stored."""
    if same(backup.state, stored) or same(backup.state, backup.base):
        return False
    # Without a base nobody knows what was taken out of it; but what it holds may be stored, word for word.
    merged, reports = merge(backup.base or {}, backup.state, stored, "stored")
    return any(report["kind"] == CONFLICT for report in reports) or not same(merged, stored)


def _read(call: Call, tool: Tool, project_id: str) -> DocumentSnapshot | None:
    """The project of this id if the caller may read it. Raises 409 where it is of a newer version."""
    try:
        found = project_ref(call, tool, project_id).get()
    except PermissionDenied:
        return None
    if conflict := newer(found, "project"):
        raise conflict
    return found


def _is_savable(call: Call, tool: Tool, project: DocumentSnapshot) -> bool:
    stored = content(project)
    is_of_tool = stored.get("tool") == tool.name and not stored.get("trashed")
    return is_of_tool and role_of(call, stored) in ("owner", "editor")


def _draft(backup: Backup, current: Mapping[str, Any]) -> Draft:
    if size_of(backup.state) > ToolDraft.max_bytes:
        return "another"  # too large for a session: it becomes a project
    if not has_work(current):
        return "none"
    ids = [found for found in (draft_id(backup), current.get("draft_id")) if found]
    is_based = backup.base is not None or "etag" in backup.facts
    return "same" if (len(ids) == 2 and ids[0] == ids[1]) or (len(ids) < 2 and is_based) else "another"


def draft_id(backup: Backup) -> Any:
    """The id by which one draft is told from another, if the backup has one."""
    return draft_of(backup.tool, backup.state).get("draft_id")


def _seen(backup: Backup, home: Home, related: bool) -> Seen:
    """How what is stored stands to the backup; of a project that only has its name, nothing but the age is known.

    What was typed into an empty form (its base is empty) is never newer than a project that it was not made from.
    """
    if related and _is_as_seen(backup.facts.get("etag"), home.snapshot):
        return "same"
    if related and backup.base is not None:
        return "base"
    if not related and backup.base == {}:
        return "older"
    stored_at = home.snapshot.update_time if home.field == "state" else home.current.get("last_saved")
    changed_at = backup.facts.get("timestamp")
    return "newer" if changed_at and changed_at > (stored_at or home.snapshot.update_time) else "older"


def _is_as_seen(tag: str | None, snapshot: DocumentSnapshot) -> bool:
    try:
        return bool(update_time(tag or "") == snapshot.update_time)
    except ValueError:
        return False
