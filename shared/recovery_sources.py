"""What a backup is compared with: the living session, its own project, or another project of its name."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from google.api_core.exceptions import PermissionDenied
from google.cloud.firestore import DocumentSnapshot

from shared.backup import Backup, holds_work
from shared.conditional import update_time
from shared.conversion import draft_of, state_of, without_clocks
from shared.merge import same
from shared.merging import Home, in_project, in_session
from shared.opening import living_session
from shared.projects import newest_called, project_ref, the_project
from shared.promotion import title_of
from shared.reading import content
from shared.recovery import Draft, Facts, Seen
from shared.refusal import newer, role_of
from shared.schemas.tool import ToolDraft
from shared.schemas.tools import Tool
from shared.user_firestore import WITHIN


@dataclass(frozen=True)
class Sources:
    """What there is."""

    session: DocumentSnapshot
    project: DocumentSnapshot | None  # the backup's own, if the caller may save it
    match: DocumentSnapshot | None  # the newest of its name, where its own is gone or unknown


def sources(backup: Backup, new_id: str) -> Sources:
    """Read what there is: three to five RPCs. A session that expired or is damaged is begun afresh."""
    session = living_session()
    said = backup.facts.get("projectId", "")
    project = _savable(backup.tool, said) or _savable(backup.tool, new_id)
    if project or said is None or not holds_work(backup.state):
        return Sources(session, project, None)
    title = title_of(backup.tool, backup.state)
    match = newest_called(backup.tool, title) if title else None
    if match and match.id == new_id:  # another tab has just made it
        return Sources(session, match, None)
    return Sources(session, None, match)


def home_of(tool: Tool, found: Sources) -> Home:
    """Where the work would be restored to."""
    project = found.project or found.match
    return in_project(tool, project) if project else in_session(tool, found.session)


def state_at(home: Home) -> dict[str, Any]:
    """The state that is stored there, as a project's state."""
    return without_clocks(home.current if home.field == "state" else state_of(home.tool, home.current))


def facts(backup: Backup, found: Sources) -> Facts:
    """What the decision depends on."""
    home = home_of(backup.tool, found)
    said = backup.facts.get("projectId", "")
    known = [side for side in (backup.base, state_at(home)) if side is not None]
    return Facts(
        whose="own",
        work=holds_work(backup.state),
        unsaved=not any(same(backup.state, side) for side in known),
        project="there" if found.project else "none" if said is None else "gone" if said else "unknown",
        match=found.match is not None,
        draft=_draft(backup, in_session(backup.tool, found.session).current),
        seen=_seen(backup, home, related=found.match is None),
    )


def _savable(tool: Tool, project_id: str | None) -> DocumentSnapshot | None:
    if not project_id:
        return None
    try:
        found = project_ref(tool, project_id).get(**WITHIN)
    except PermissionDenied:
        return None
    if conflict := newer(found, "project"):
        raise conflict
    stored = content(found)
    savable = stored.get("tool") == tool.name and not stored.get("trashed") and role_of(stored) in ("owner", "editor")
    if savable:
        the_project(tool, project_id)  # a refusal is explained by it
    return found if savable else None


def _draft(backup: Backup, current: Mapping[str, Any]) -> Draft:
    if len(json.dumps(backup.state, default=str)) > ToolDraft.max_bytes:
        return "another"  # too large for a session: it becomes a project
    if not holds_work(current):
        return "none"
    ids = [found for found in (draft_id(backup), current.get("draft_id")) if found]
    is_based = backup.base is not None or "etag" in backup.facts
    return "same" if (len(ids) == 2 and ids[0] == ids[1]) or (len(ids) < 2 and is_based) else "another"


def draft_id(backup: Backup) -> Any:
    """The id by which one draft is told from another, if the backup has one."""
    return draft_of(backup.tool, backup.state).get("draft_id")


def _seen(backup: Backup, home: Home, related: bool) -> Seen:
    """How what is stored stands to the backup; of a project that only has its name, nothing but the age is known."""
    if related and _is_as_seen(backup.facts.get("etag"), home.snapshot):
        return "same"
    if related and backup.base is not None:
        return "base"
    stored_at = home.snapshot.update_time if home.field == "state" else home.current.get("last_saved")
    changed_at = backup.facts.get("timestamp")
    return "newer" if changed_at and changed_at > (stored_at or home.snapshot.update_time) else "older"


def _is_as_seen(tag: str | None, snapshot: DocumentSnapshot) -> bool:
    try:
        return bool(update_time(tag or "") == snapshot.update_time)
    except ValueError:
        return False
