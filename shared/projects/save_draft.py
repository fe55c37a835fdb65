"""A draft becomes a project: it leaves the session and the project is created, in one Commit."""

from collections.abc import Mapping
from typing import Any

from google.api_core.exceptions import AlreadyExists, PermissionDenied
from google.cloud.firestore import SERVER_TIMESTAMP

from shared.answer import Document, as_stored
from shared.call import Call
from shared.create import created_before
from shared.drafts import OPEN_CONFLICTS, POINTER, has_work, state_of
from shared.firestore.commit import commit
from shared.firestore.subject import explained_by
from shared.firestore.values import content
from shared.projects.document import new_project, the_project
from shared.projects.home import carried_conflicts
from shared.schemas.tools import Tool
from shared.session.document import is_active, session_ref, working_on


def save_draft(call: Call, tool: Tool, project_id: str, given: Mapping[str, Any]) -> Document:
    """201: the session's draft is a project now, and the session points to it. One read, one Commit.

    200 where it was made before, by this caller under this id. Raises 409 where there is no draft, or the id is taken;
    one of WRITE_CONFLICTS where somebody else was faster.
    """
    subject, session = the_project(call, tool, project_id), session_ref(call).get()
    draft = content(session).get(tool.name)
    if not is_active(session) or not isinstance(draft, dict) or not _may_become(call, draft, project_id):
        return created_before(call, subject, "The session holds no draft of this tool to save.")
    batch = call.db.batch()
    conflicts = carried_conflicts(call, batch, tool, draft, session.reference, project_id)
    moved = {"state": state_of(tool, draft)} | ({OPEN_CONFLICTS: conflicts} if conflicts else {})
    if isinstance(last_saves := content(session).get("last_saves"), dict):
        moved["last_saves"] = last_saves  # who has no answer yet to a save of the draft finds it in the project
    document = new_project(call, tool, project_id, dict(given) | moved)
    batch.create(subject.ref, document)
    unchanged = call.db.write_option(last_update_time=session.update_time)  # an autosave meanwhile must not be lost
    emptied = {tool.name: {POINTER: project_id, "last_saved": SERVER_TIMESTAMP}}
    pointers = working_on(call, current_tool=tool.name, active_project_id=project_id)
    batch.update(session.reference, emptied | pointers | call.session_write_fields(), option=unchanged)
    try:
        with explained_by(subject):
            update_time = commit(batch, session)[0].update_time
    except (AlreadyExists, PermissionDenied):
        return created_before(call, subject)
    return Document(subject.show(as_stored(document, update_time)), update_time, 201)


def _may_become(call: Call, draft: Mapping[str, Any], project_id: str) -> bool:
    """A draft with work in it; or an emptied one whose own project is asked for, so that it is left nowhere else."""
    draft_id = draft.get("draft_id")
    return has_work(draft) or (isinstance(draft_id, str) and call.derived_id(draft_id) == project_id)
