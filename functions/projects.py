"""The projects function: named work, each project the home of one card, store, statblock or ruling.

    POST   /api/{tool}/projects                 201 created · 200 created before (the id is the client's) · 409
    GET    /api/{tool}/projects                 200 a page of summaries, most recently changed first
    GET    /api/{tool}/projects/{id}            200 · 304 · 404
    PUT    /api/{tool}/projects/{id}            200 replaced · 201 created (If-None-Match: *) · 412
    PATCH  /api/{tool}/projects/{id}            200 stored, with its ETag · 404 · 412 somebody saved since (If-Match)
    POST   /api/{tool}/projects/{id}/merge      200 merged with what was saved meanwhile, conflicts reported
    DELETE /api/{tool}/projects/{id}            204 in the trash for 30 days · 403 · 412
    POST   /api/{tool}/projects/{id}/undelete   200 out of it again

Who may touch which project is decided by firestore.rules, not here.
"""

import uuid
from typing import Any

from flask import request
from google.api_core.exceptions import AlreadyExists, PermissionDenied
from google.cloud.firestore import SERVER_TIMESTAMP, FieldFilter
from werkzeug.exceptions import Conflict, UnprocessableEntity

from functions.project_saves import project_saves
from shared.answer import Answer, Document, receipt, settled
from shared.call import Call
from shared.drafts import OPEN_CONFLICTS, POINTER, has_work, state_of
from shared.firestore.commit import commit, repeated
from shared.firestore.field_paths import field_paths, pruned
from shared.firestore.page import page
from shared.firestore.subject import existing, explained_by
from shared.firestore.values import content
from shared.http.body import Blueprint, body, described_as
from shared.http.function import function
from shared.http.merge_body import merge_body
from shared.precondition import changed_since
from shared.projects.document import (
    SUMMARY,
    new_project,
    project_ref,
    replacement,
    saved_by,
    shown,
    summary,
    the_project,
)
from shared.projects.home import carried_conflicts
from shared.projects.merge import merged_into_project
from shared.projects.trash import out_of_trash, put_into_trash
from shared.schemas.project import (
    ProjectPage,
    ProjectQuery,
    ProjectSummary,
    SavedProject,
    new_project_schema,
    project_schema,
)
from shared.schemas.strict import schema_of
from shared.schemas.tool import Merged, merge_schema
from shared.schemas.tools import TOOLS, Tool
from shared.session.document import is_alive, session_ref, working_on
from shared.write import update

routes = Blueprint("projects", __name__, url_prefix="/api", description="Named work, with its whole state")
PROJECTS = [project_schema(tool) for tool in TOOLS.values()]
TAKEN = "The id is taken by something else: choose another random id."


@routes.post("/<tool:tool>/projects")
@routes.doc(**described_as(*map(new_project_schema, TOOLS.values())))
@routes.response(201, ProjectSummary)
@routes.alt_response(200, schema=ProjectSummary, description="It was created before, by this caller, under this id.")
def create_project(call: Call, tool: Tool) -> Answer:
    """Create a project from `state`, or with `from_draft` by moving the session's draft into it in one Commit."""
    sent = pruned(body(schema_of(new_project_schema(tool))))
    project_id, from_draft = sent.pop("id", None) or str(uuid.uuid4()), sent.pop("from_draft", False)
    if from_draft and "state" in sent:
        raise UnprocessableEntity("Send either `state` or `from_draft`, not both.")
    call.may_publish(sent)
    if from_draft:
        return repeated(lambda: _save_draft(call, tool, project_id, sent))
    return _create(call, tool, project_id, sent) or _created_before(call, tool, project_id)


def _create(call: Call, tool: Tool, project_id: str, given: dict[str, Any]) -> Document | None:
    """The answer for a new project, or None where the id is in use."""
    document = new_project(call, tool, project_id, given)
    try:
        with explained_by(the_project(call, tool, project_id)):
            written = project_ref(call, tool, project_id).create(document)
    except (AlreadyExists, PermissionDenied):
        return None
    return Document(shown(tool, settled(document, written.update_time)), written.update_time, 201)


def _save_draft(call: Call, tool: Tool, project_id: str, given: dict[str, Any]) -> Answer:
    session = session_ref(call).get()
    draft = content(session).get(tool.name)
    if not is_alive(session) or not isinstance(draft, dict) or not has_work(draft):
        return _created_before(call, tool, project_id, "The session holds no draft of this tool to save.")
    batch = call.db.batch()
    conflicts = carried_conflicts(call, batch, tool, draft, session.reference, project_id)
    moved = {"state": state_of(tool, draft)} | ({OPEN_CONFLICTS: conflicts} if conflicts else {})
    if isinstance(last_saves := content(session).get("last_saves"), dict):
        moved["last_saves"] = last_saves  # who has no answer yet to a save of the draft finds it in the project
    document = new_project(call, tool, project_id, given | moved)
    batch.create(project_ref(call, tool, project_id), document)
    unchanged = call.db.write_option(last_update_time=session.update_time)  # an autosave meanwhile must not be lost
    emptied = {tool.name: {POINTER: project_id, "last_saved": SERVER_TIMESTAMP}}
    pointers = working_on(call, current_tool=tool.name, active_project_id=project_id)
    batch.update(session.reference, emptied | pointers | call.touched(), option=unchanged)
    try:
        with explained_by(the_project(call, tool, project_id)):
            update_time = commit(batch, session)[0].update_time
    except (AlreadyExists, PermissionDenied):
        return _created_before(call, tool, project_id)
    return Document(shown(tool, settled(document, update_time)), update_time, 201)


def _created_before(call: Call, tool: Tool, project_id: str, otherwise: str = TAKEN) -> Answer:
    """The answer to a retry: the project as it is now. Raises 409 where the id is no project of the caller's."""
    try:
        snapshot = project_ref(call, tool, project_id).get()
    except PermissionDenied as error:  # of somebody else, or not there
        raise Conflict(otherwise) from error
    stored = content(snapshot)
    if stored.get("user_id") != call.caller.uid or stored.get("tool") != tool.name:
        raise Conflict(otherwise)
    return Document(shown(tool, stored), snapshot.update_time, 200)


@routes.get("/<tool:tool>/projects")
@routes.arguments(ProjectQuery, location="query")
@routes.response(200, ProjectPage)
def list_projects(call: Call, sent: dict[str, Any], tool: Tool) -> Answer:
    """Projects without their states: the caller's own and shared ones, or all `public`, or the `trashed` ones."""
    if len(filters := {name for name, value in sent.items() if value is True}) > 1:
        raise UnprocessableEntity(f"Found {' and '.join(sorted(filters))}: use one of them at a time.")
    mine = FieldFilter("readers", "array_contains", call.caller.uid)
    if sent.get("public"):
        mine = FieldFilter("visibility", "==", "public")
    if sent.get("trashed"):
        mine = FieldFilter("user_id", "==", call.caller.uid)
    wanted = call.db.collection(tool.projects).where(filter=mine).where(filter=FieldFilter("tool", "==", tool.name))
    wanted = wanted.where(filter=FieldFilter("trashed", "==", sent.get("trashed", False)))
    found, more = page(wanted, SUMMARY, sent.get("cursor"))
    return {"projects": [summary(content(snapshot)) for snapshot in found]} | more


@routes.get("/<tool:tool>/projects/<id:project_id>")
@routes.response(200, ProjectSummary)
def get_project(call: Call, tool: Tool, project_id: str) -> Answer:
    """A project with its state. Reading is no write: it stays where it is in the list."""
    snapshot = existing(the_project(call, tool, project_id))
    return Document(shown(tool, content(snapshot)), snapshot.update_time)


@routes.put("/<tool:tool>/projects/<id:project_id>")
@routes.doc(**described_as(*PROJECTS))
@routes.response(200, SavedProject)
@routes.alt_response(201, schema=ProjectSummary, description="Created, as If-None-Match: * asks.")
def replace_project(call: Call, tool: Tool, project_id: str) -> Answer:
    """Store a project's content whole; what is not sent is gone. This also repairs a damaged one."""
    sent = pruned(body(schema_of(project_schema(tool))))
    call.may_publish(sent)
    if request.headers.get("If-None-Match") == "*":
        created = _create(call, tool, project_id, sent)
        if created is None:
            raise changed_since(the_project(call, tool, project_id), creating=True)
        return created
    return receipt(call, replacement(call, tool, the_project(call, tool, project_id, changing=sent), sent))


@routes.patch("/<tool:tool>/projects/<id:project_id>")
@routes.doc(**described_as(*PROJECTS))
@routes.response(200, SavedProject)
def autosave(call: Call, tool: Tool, project_id: str) -> Answer:
    """Store just the leaves sent, in one write and without a read."""
    sent = body(schema_of(project_schema(tool), partial=True))
    call.may_publish(sent)
    return receipt(
        call, update(call, the_project(call, tool, project_id, changing=sent), field_paths(sent) | saved_by(call, tool))
    )


@routes.post("/<tool:tool>/projects/<id:project_id>/merge")
@routes.doc(**described_as(*(merge_schema(tool.state) for tool in TOOLS.values())))
@routes.response(200, Merged)
def merge_project(call: Call, tool: Tool, project_id: str) -> Answer:
    """After a 412: merge what was saved meanwhile with what this client made of what it had seen."""
    sent = merge_body(tool.state)
    return repeated(lambda: merged_into_project(call, tool, project_id, sent))


@routes.delete("/<tool:tool>/projects/<id:project_id>")
@routes.response(204)
def delete_project(call: Call, tool: Tool, project_id: str) -> Answer:
    """Put a project into the trash, which is emptied after 30 days. Repeated, it stays there."""
    return put_into_trash(call, the_project(call, tool, project_id, needs="owner"), saved_by(call, tool))


@routes.post("/<tool:tool>/projects/<id:project_id>/undelete")
@routes.response(200, SavedProject)
def undelete_project(call: Call, tool: Tool, project_id: str) -> Answer:
    """Take a project out of the trash."""
    return out_of_trash(call, the_project(call, tool, project_id, needs="owner"), saved_by(call, tool))


projects = function(routes, project_saves)
