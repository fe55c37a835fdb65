"""Opening an object of the library as a draft in its tool; a draft that is there becomes a project of its own."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from google.cloud.firestore import DELETE_FIELD, SERVER_TIMESTAMP
from werkzeug.exceptions import UnprocessableEntity

from shared.answer import Document, as_stored
from shared.call import Call
from shared.drafts import OPEN_CONFLICTS, draft_of, has_work
from shared.firestore.batch import Batch
from shared.firestore.commit import commit
from shared.firestore.subject import Subject, explained_by, in_trash
from shared.firestore.subject import require_existing as found_in
from shared.firestore.values import content, readable, split_damaged
from shared.merge import same
from shared.objects.document import readable_object, the_object
from shared.projects.document import project_of_draft, project_ref
from shared.projects.home import carried_conflicts
from shared.projects.promotion import OPENED_BY, state_from
from shared.schemas.object import Object
from shared.schemas.strict import schema_of
from shared.schemas.tools import Tool
from shared.session.document import require_active, session_ref, working_on

THE_AUTHORS = {"current_project_id", "auto_save_enabled", "session_id", "user_id", "draft_id", "active_object_id"}


def open_as_draft(call: Call, object_id: str, draft_id: str | None = None, ruleset: str | None = None) -> Document:
    """One read, one Commit. Repeated with the same `draft_id`, it finds the draft that it made."""
    subject = the_object(call, object_id)
    with explained_by(subject):
        return _opened(call, subject, draft_id, ruleset)


def _opened(call: Call, subject: Subject, draft_id: str | None, ruleset: str | None) -> Document:
    ref = subject.ref
    found = {snapshot.reference.path: snapshot for snapshot in call.db.get_all([ref, session_ref(call)])}
    thing = split_damaged(schema_of(Object), content(found_in(subject, found[ref.path])))[0]
    session = require_active(found[session_ref(call).path])
    if thing.get("trashed"):
        raise in_trash("object")
    if (tool := OPENED_BY.get(thing.get("type", ""))) is None:
        raise UnprocessableEntity(
            f"No tool opens objects of the type {thing.get('type')}, only {', '.join(OPENED_BY)}."
        )
    old = content(session).get(tool.name)
    old = old if isinstance(old, dict) else {}
    if draft_id and old.get("draft_id") == draft_id:
        return _answer(tool, old, None, session.update_time)
    draft = _draft(tool, thing, ruleset) | {
        "draft_id": draft_id or str(uuid.uuid4()),
        "active_object_id": ref.id,
        "last_saved": SERVER_TIMESTAMP,
    }
    batch = call.db.batch()
    kept = None if _is_untouched(call, tool, old) else _kept_as_project(call, batch, tool, old)
    unchanged = call.db.write_option(last_update_time=session.update_time)
    here = working_on(call, current_tool=tool.name, active_project_id=None) | {("active_project_id",): DELETE_FIELD}
    batch.update(session.reference, {tool.name: draft} | here | call.session_write_fields(), option=unchanged)
    update_time = commit(batch, session)[-1].update_time
    return _answer(tool, as_stored(draft, update_time), kept, update_time)


def _draft(tool: Tool, thing: Mapping[str, Any], ruleset: str | None = None) -> dict[str, Any]:
    """What an object opens as. It may be anybody's, and hold anything: what the tool does not know stays out."""
    using = ruleset or next(iter(thing.get("rulesets") or thing.get("systemData") or ["dnd5e"]))
    work = draft_of(tool, state_from(tool, thing, using))
    of_nobody = {name: value for name, value in work.items() if name not in THE_AUTHORS}
    return split_damaged(schema_of(tool.draft), of_nobody)[0]


def _is_untouched(call: Call, tool: Tool, draft: Mapping[str, Any]) -> bool:
    """Whether the draft is still what an object was opened as: who only browses leaves no projects behind."""
    opened = readable_object(call, draft.get("active_object_id"))
    if opened is None:
        return False
    work = {name: value for name, value in draft.items() if name not in (*THE_AUTHORS, OPEN_CONFLICTS, "last_saved")}
    return same(work, _draft(tool, split_damaged(schema_of(Object), content(opened))[0]))


def _kept_as_project(call: Call, batch: Batch, tool: Tool, draft: dict[str, Any]) -> str | None:
    """The id of the project that the draft which was there becomes; None if there was no work in it."""
    if not has_work(draft):
        return None
    project_id = call.derived_id(draft.get("draft_id") or str(uuid.uuid4()))
    conflicts = carried_conflicts(call, batch, tool, draft, session_ref(call), project_id)
    batch.create(project_ref(call, tool, project_id), project_of_draft(call, tool, project_id, draft, conflicts))
    return project_id


def _answer(tool: Tool, draft: dict[str, Any], kept: str | None, update_time: datetime) -> Document:
    body = {"tool": tool.name, "draft": readable(schema_of(tool.draft), draft)}
    return Document(body | ({"kept_as_project": kept} if kept else {}), update_time)
