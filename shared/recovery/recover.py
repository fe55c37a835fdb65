"""Carrying a recovery out: what is stored is read, shared/recovery/decide.py decides, one Commit does it.

Repeated, by however many tabs, it reaches the same project and the same saves: their ids come from the client or from
what the backup holds.
"""

from contextlib import suppress
from dataclasses import replace
from typing import Any

from google.api_core.exceptions import Aborted, InvalidArgument, PermissionDenied
from google.cloud.firestore import DocumentReference, DocumentSnapshot
from werkzeug.exceptions import Conflict

from shared.answer import Document
from shared.call import Call
from shared.drafts import POINTER, draft_of
from shared.firestore.batch import Batch
from shared.firestore.commit import commit, is_there
from shared.firestore.etag import etag
from shared.firestore.field_paths import field_paths
from shared.firestore.subject import explained_by
from shared.firestore.values import content
from shared.projects.add_merge import Merge
from shared.projects.attempts import newest_stored
from shared.projects.document import project_of_draft, project_ref
from shared.projects.document import shown as shown_project
from shared.projects.home import last_saves_of
from shared.recovery.backup import Backup
from shared.recovery.decide import Action, Answer, decide, why
from shared.recovery.quarantine import unreadable_parts
from shared.recovery.restore import in_terms_of, keep_as_save, restore
from shared.recovery.sources import Sources, facts, home_of, sources
from shared.saves.document import in_brief
from shared.schemas.tools import Tool
from shared.session.document import own_session, session_ref, working_on
from shared.session.document import shown as shown_session

RESTORING = ("replace", "merge", "overwrite")


def recover_backup(call: Call, backup: Backup) -> Document | dict[str, Any]:
    """What became of the backup, and with what to go on. Raises one of WRITE_CONFLICTS where somebody was faster."""
    unreadable = [path for path, _ in backup.rest]
    if ("userId",) in unreadable or backup.facts.get("userId") not in (None, "", "anonymous", call.caller.uid):
        return _said(backup, "other_user", "none")
    with explained_by(own_session(call)):
        found = sources(call, backup)
        with explained_by(home_of(call, backup.tool, found).subject):
            return _placed(call, backup, found)


def _placed(call: Call, backup: Backup, found: Sources) -> Document:
    backup = _on_what_was_stored(call, backup, found)
    for fits, tell in ((True, True), (False, True)):
        with suppress(InvalidArgument):  # larger than a document may be
            return _recovered(call, backup, found, fits, tell)
    return _recovered(call, backup, found, fits=False, tell=False)  # there is not even room for the open conflicts


def _on_what_was_stored(call: Call, backup: Backup, found: Sources) -> Backup:
    """The same backup, based on the newest of its saves without an answer that was stored after all, or on itself."""
    home = home_of(call, backup.tool, found)
    # Recovered before, here or where somebody has opened something else since.
    if call.save_id in home.last_saves | last_saves_of(found.session):
        return replace(backup, base=backup.state)
    if backup.base is None or not backup.attempts:
        return backup
    sides = [backup.base, *backup.attempts]
    in_its_terms = [in_terms_of(home, side) for side in sides]
    base = newest_stored(home, in_its_terms[0], in_its_terms[1:], backup.facts.get("attempt_ids", ()))
    return replace(backup, base=next(side for side, one in zip(sides, in_its_terms, strict=True) if one is base))


def _recovered(call: Call, backup: Backup, found: Sources, fits: bool, tell: bool) -> Document:
    answer, action = decide(facts(call, backup, found, fits))
    call.facts.update({"event": "recovery", "recovered": answer, "action": action, "unreadable": len(backup.rest)})
    tool, batch, home = backup.tool, call.db.batch(), home_of(call, backup.tool, found)
    unreadable = unreadable_parts(call, backup)
    new = _keep(call, batch, tool, found.session, unreadable)
    done = Merge({}, [])
    if action == "keep_as_save":
        done = keep_as_save(batch, backup, home, tell)
    elif action in RESTORING:
        done = restore(batch, backup, home, action)
    if done.kept:
        new.append(home.saves.document(done.kept["id"]))
    project_id = {"new": found.new_id, "exact": home.snapshot.id, "matched": home.snapshot.id}.get(answer)
    if action == "create":
        new.append(project_ref(call, tool, found.new_id))
        made = project_of_draft(call, tool, found.new_id, draft_of(tool, backup.state))
        batch.create(new[-1], made | {"last_saves": call.last_saves()})
    if project_id or action in RESTORING:
        _point(call, batch, found.session, tool, project_id)
    if len(batch):
        _commit(batch, found, new)
    kept = [*unreadable, *([done.kept] if done.kept else [])]
    more = {"edits_kept": done.edits_kept, "kept_as": [in_brief(save) for save in kept]}
    return _answer(call, _said(backup, answer, action) | more, backup.tool, project_id)


def _keep(
    call: Call, batch: Batch, tool: Tool, session: DocumentSnapshot, saves: list[dict[str, Any]]
) -> list[DocumentReference]:
    """Add those of the saves that are not there yet; returns where they will be."""
    refs = [session.reference.collection(tool.saves).document(save["id"]) for save in saves]
    there = {found.id for found in call.db.get_all(refs, ["id"]) if found.exists} if refs else set()
    for ref, save in zip(refs, saves, strict=True):
        if ref.id not in there:
            batch.create(ref, save)
    return [ref for ref in refs if ref.id not in there]


def _point(call: Call, batch: Batch, session: DocumentSnapshot, tool: Tool, project_id: str | None) -> None:
    """The person goes on there, on this device."""
    stored = content(session)
    here = {"current_tool": tool.name, "active_project_id": project_id}
    pointer = (stored.get(tool.name) or {}).get(POINTER)
    moves = pointer != project_id or any(stored.get(name) != value for name, value in here.items())
    if moves or (project_id and len(batch)):  # also that this was recovered: who has no answer finds it here
        pointing = field_paths({POINTER: project_id}, tool.name) | working_on(call, **here)
        batch.update(session.reference, pointing | call.session_write_fields() | call.last_save())


def _commit(batch: Batch, found: Sources, new: list[DocumentReference]) -> None:
    """Commit. Rules are judged before preconditions: where something is there that was not, another tab was faster."""
    try:
        commit(batch, *(read for read in (found.session, found.project, found.match) if read))
    except PermissionDenied as error:
        if any(is_there(ref) for ref in new):
            raise Aborted("made meanwhile") from error
        if any(ref.id == found.new_id for ref in new):
            raise Conflict("The id of the new project is taken by something else: choose another.") from error
        raise


def _said(backup: Backup, answer: Answer, action: Action) -> dict[str, Any]:
    """The part of the answer that no document is needed for."""
    unreadable = [".".join(map(str, path)) for path, _ in backup.rest] if answer != "other_user" else []
    return {
        "recovered": answer,
        "action": action,
        "why": why(answer, action, backup.facts.get("projectId", ""), backup.tool.noun, bool(unreadable)),
        "tool": backup.tool.name,
        "unreadable": unreadable,
    }


def _answer(call: Call, said: dict[str, Any], tool: Tool, project_id: str | None) -> Document:
    """With the session and the project as they are now. One read."""
    refs = [session_ref(call), *([project_ref(call, tool, project_id)] if project_id else [])]
    now = {snapshot.reference.path: snapshot for snapshot in call.db.get_all(refs)}
    session, *projects = (now[ref.path] for ref in refs)
    said |= {"session": shown_session(content(session)), "session_etag": etag(session.update_time)}
    said["conflicts"] = said["session"].get(tool.name, {}).get("conflicts", [])
    for project in projects:
        said |= {"project": shown_project(tool, content(project)), "project_etag": etag(project.update_time)}
        said["conflicts"] = said["project"]["conflicts"]
    return Document(said, (projects or [session])[0].update_time)
