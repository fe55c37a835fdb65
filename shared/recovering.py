"""Carrying a recovery out: what is stored is read, shared/recovery.py decides, one Commit does it.

Repeated, by however many tabs, it reaches the same project and the same saves: their ids come from the client or from
what the backup holds.
"""

import copy
from typing import Any

from flask import Response, g, jsonify
from google.api_core.exceptions import Aborted, InvalidArgument, PermissionDenied
from google.cloud.firestore import DocumentSnapshot
from werkzeug.exceptions import Conflict

from shared.answer import representation
from shared.backup import Backup
from shared.caller import caller, db, touched
from shared.conditional import etag
from shared.conversion import POINTER, draft_of
from shared.field_update import Batch
from shared.merge_patch import field_paths
from shared.merging import Home, Merge, merging
from shared.projects import project_of_draft, project_ref
from shared.projects import shown as shown_project
from shared.quarantine import quarantined
from shared.race import commit
from shared.reading import content
from shared.recovery import Answer, Deed, decide, why
from shared.recovery_sources import Sources, facts, home_of, read_project, sources, state_at
from shared.saves import in_brief
from shared.schemas.tools import Tool
from shared.session import own_session, session_ref, working_on
from shared.session import shown as shown_session
from shared.user_firestore import WITHIN

RESTORING = ("take", "merge", "overwrite")


def recovered(backup: Backup) -> Response:
    """What became of the backup, and with what to go on. Raises one of race.LOST where somebody was faster."""
    unreadable = [path for path, _ in backup.rest]
    if ("userId",) in unreadable or backup.facts.get("userId") not in (None, "", "anonymous", caller().uid):
        return jsonify(_said(backup, "other_user", "nothing"))
    own_session()
    found = sources(backup)
    try:
        return _recovered(backup, found, fits=True)
    except InvalidArgument:  # larger than a document may be
        return _recovered(backup, found, fits=False)


def _recovered(backup: Backup, found: Sources, fits: bool) -> Response:
    answer, deed = decide(facts(backup, found, fits))
    g.facts = {"event": "recovery", "recovered": answer, "deed": deed, "unreadable": len(backup.rest)}
    tool, batch, home = backup.tool, db().batch(), home_of(backup.tool, found)
    aside = quarantined(backup, whole=deed == "set aside")
    _keep(batch, tool, found.session, aside)
    merge = _restore(batch, backup, home, deed) if deed in RESTORING else None
    project_id = {"new": found.new_id, "exact": home.snapshot.id, "matched": home.snapshot.id}.get(answer)
    if deed == "create":
        made = project_of_draft(tool, found.new_id, draft_of(tool, backup.state))
        batch.create(project_ref(tool, found.new_id), made)
    if project_id or deed in RESTORING:
        _point(batch, found.session, tool, project_id)
    if len(batch):
        _commit(batch, found, home, deed)
    kept = [*aside, *([merge.kept] if merge and merge.kept else [])]
    more = {"conflicts": merge.conflicts if merge else [], "kept_as": [in_brief(save) for save in kept]}
    return _answer(_said(backup, answer, deed) | more, backup.tool, project_id)


def _keep(batch: Batch, tool: Tool, session: DocumentSnapshot, saves: list[dict[str, Any]]) -> None:
    refs = {save["id"]: session.reference.collection(tool.saves).document(save["id"]) for save in saves}
    there = {found.id for found in db().get_all([*refs.values()], ["id"], **WITHIN) if found.exists} if refs else set()
    for save in saves:
        if save["id"] not in there:
            batch.create(refs[save["id"]], save)


def _restore(batch: Batch, backup: Backup, home: Home, deed: Deed) -> Merge:
    """Add what the backup changes there. What of it could not be read stays as it is stored: it is not deleted."""
    base = backup.base
    if base is None or deed != "merge":
        base = backup.without_unreadable(copy.deepcopy(state_at(home)))
    in_its_terms = (lambda state: state) if home.field == "state" else (lambda state: draft_of(home.tool, state))
    keep = "before-restore" if deed == "overwrite" else ""
    return merging(batch, home, in_its_terms(base), in_its_terms(backup.state), keep)


def _point(batch: Batch, session: DocumentSnapshot, tool: Tool, project_id: str | None) -> None:
    """The person goes on there, on this device."""
    stored = content(session)
    here = {"current_tool": tool.name, "active_project_id": project_id}
    pointer = (stored.get(tool.name) or {}).get(POINTER)
    if pointer != project_id or any(stored.get(name) != value for name, value in here.items()):
        pointing = field_paths({POINTER: project_id}, tool.name) | working_on(**here)
        batch.update(session.reference, pointing | touched())


def _commit(batch: Batch, found: Sources, home: Home, deed: Deed) -> None:
    try:
        commit(batch, *(read for read in (found.session, found.project, found.match) if read))
    except PermissionDenied as error:
        if deed != "create":
            raise
        if read_project(home.tool, found.new_id):  # rules are judged before preconditions: another tab was faster
            raise Aborted("made meanwhile") from error
        raise Conflict("The id of the new project is taken by something else: choose another random one.") from error


def _said(backup: Backup, answer: Answer, deed: Deed) -> dict[str, Any]:
    """The part of the answer that no document is needed for."""
    unreadable = [".".join(map(str, path)) for path, _ in backup.rest] if answer != "other_user" else []
    return {
        "recovered": answer,
        "deed": deed,
        "why": why(answer, deed, backup.facts.get("projectId", ""), backup.tool.noun, bool(unreadable)),
        "tool": backup.tool.name,
        "unreadable": unreadable,
    }


def _answer(said: dict[str, Any], tool: Tool, project_id: str | None) -> Response:
    """With the session and the project as they are now. One read."""
    refs = [session_ref(), *([project_ref(tool, project_id)] if project_id else [])]
    now = {snapshot.reference.path: snapshot for snapshot in db().get_all(refs, **WITHIN)}
    session, *projects = (now[ref.path] for ref in refs)
    said |= {"session": shown_session(content(session)), "session_etag": etag(session.update_time)}
    for project in projects:
        said |= {"project": shown_project(tool, content(project)), "project_etag": etag(project.update_time)}
    return representation(said, (projects or [session])[0].update_time)
