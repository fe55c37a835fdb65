"""The projects function: named work, each project the home of one card, store, statblock or ruling.

    POST  /api/{tool}/projects         201 created · 200 created before (the id is the client's) · 409
    GET   /api/{tool}/projects         200 a page of summaries, most recently changed first
    GET   /api/{tool}/projects/{id}    200 · 304 · 404
    PATCH /api/{tool}/projects/{id}    200 stored, with its ETag · 404 · 412 somebody saved since (If-Match)

Who may touch which project is decided by firestore.rules, not here.
"""

import uuid
from typing import Any

from flask import Response, jsonify
from google.api_core.exceptions import AlreadyExists, PermissionDenied
from google.cloud.firestore import SERVER_TIMESTAMP, FieldFilter
from werkzeug.exceptions import Conflict, Forbidden, UnprocessableEntity

from shared.answer import receipt, representation, settled
from shared.caller import caller, db, touched
from shared.conversion import POINTER, state_of
from shared.function import function
from shared.json_body import Blueprint, body, described_as
from shared.merge_patch import field_paths, pruned
from shared.page import page
from shared.projects import changed, existing, new_project, project_ref, shown, summary, the_project
from shared.race import repeated
from shared.reading import content
from shared.schemas.project import (
    ProjectPage,
    ProjectQuery,
    ProjectSummary,
    SavedProject,
    new_project_schema,
    project_schema,
)
from shared.schemas.tools import TOOLS, Tool
from shared.session import is_alive, session_ref
from shared.user_firestore import TIMEOUT
from shared.writing import update

routes = Blueprint("projects", __name__, url_prefix="/api", description="Named work, with its whole state")
PROJECTS = [project_schema(tool) for tool in TOOLS.values()]
TAKEN = "The id is taken by something else: choose another random id."
SUMMARY = [name for name in ProjectSummary().fields if name != "damaged"]


@routes.post("/<tool:tool>/projects")
@routes.doc(**described_as(*map(new_project_schema, TOOLS.values())))
@routes.response(201, ProjectSummary)
@routes.alt_response(200, schema=ProjectSummary, description="It was created before, by this caller, under this id.")
def create_project(tool: Tool) -> Response:
    """Create a project from `state`, or with `from_draft` by moving the session's draft into it in one Commit."""
    sent = pruned(body(new_project_schema(tool)()))
    project_id, from_draft = sent.pop("id", None) or str(uuid.uuid4()), sent.pop("from_draft", False)
    if from_draft and "state" in sent:
        raise UnprocessableEntity("Send either `state` or `from_draft`, not both.")
    may_publish(sent)
    create = _save_draft if from_draft else _create
    return repeated(lambda: create(tool, project_id, sent))


def _create(tool: Tool, project_id: str, given: dict[str, Any]) -> Response:
    document = new_project(tool, project_id, given)
    try:
        written = the_project(tool, project_id).create(document, timeout=TIMEOUT)
    except (AlreadyExists, PermissionDenied):
        return _created_before(tool, project_id)
    return representation(shown(tool, settled(document, written.update_time)), written.update_time, 201)


def _save_draft(tool: Tool, project_id: str, given: dict[str, Any]) -> Response:
    session = session_ref().get(timeout=TIMEOUT)
    stored = content(session) if is_alive(session) else {}
    draft = stored.get(tool.name)
    state = state_of(tool, draft) if isinstance(draft, dict) else {}
    if not state.keys() - {"last_saved", "lastSaved"}:
        return _created_before(tool, project_id, "The session holds no draft of this tool to save.")
    document = new_project(tool, project_id, given | {"state": state})
    pointers = {"active_project_id": project_id, "current_tool": tool.name}
    emptied = {tool.name: {POINTER: project_id, "last_saved": SERVER_TIMESTAMP}}
    batch = db().batch()
    batch.create(project_ref(tool, project_id), document)
    unchanged = db().write_option(last_update_time=session.update_time)  # an autosave meanwhile must not be lost
    batch.update(session.reference, pointers | emptied | touched(), option=unchanged)
    try:
        update_time = batch.commit(timeout=TIMEOUT)[0].update_time
    except (AlreadyExists, PermissionDenied):
        return _created_before(tool, project_id)
    return representation(shown(tool, settled(document, update_time)), update_time, 201)


def _created_before(tool: Tool, project_id: str, otherwise: str = TAKEN) -> Response:
    """The answer to a retry: the project as it is now. Raises 409 where the id is no project of the caller's."""
    try:
        snapshot = project_ref(tool, project_id).get(timeout=TIMEOUT)
    except PermissionDenied as error:  # of somebody else, or not there
        raise Conflict(otherwise) from error
    stored = content(snapshot)
    if stored.get("user_id") != caller().uid:
        raise Conflict(otherwise)
    return representation(shown(tool, stored), snapshot.update_time, 200)


@routes.get("/<tool:tool>/projects")
@routes.arguments(ProjectQuery, location="query")
@routes.response(200, ProjectPage)
def list_projects(sent: dict[str, Any], tool: Tool) -> Response:
    """The caller's projects in this tool, without their states."""
    wanted = db().collection(tool.projects).where(filter=FieldFilter("readers", "array_contains", caller().uid))
    wanted = wanted.where(filter=FieldFilter("tool", "==", tool.name)).where(filter=FieldFilter("trashed", "==", False))
    found, more = page(wanted, SUMMARY, sent.get("cursor"))
    return jsonify({"projects": [summary(content(snapshot)) for snapshot in found]} | more)


@routes.get("/<tool:tool>/projects/<id:project_id>")
@routes.response(200, ProjectSummary)
def get_project(tool: Tool, project_id: str) -> Response:
    """A project with its state. Reading is no write: it stays where it is in the list."""
    snapshot = existing(the_project(tool, project_id).get(timeout=TIMEOUT))
    return representation(shown(tool, content(snapshot)), snapshot.update_time)


@routes.patch("/<tool:tool>/projects/<id:project_id>")
@routes.doc(**described_as(*PROJECTS))
@routes.response(200, SavedProject)
def autosave(tool: Tool, project_id: str) -> Response:
    """Store just the leaves sent, in one write and without a read."""
    sent = body(project_schema(tool)(partial=True))
    may_publish(sent)
    return receipt(update(the_project(tool, project_id), field_paths(sent) | changed()))


def may_publish(sent: dict[str, Any]) -> None:
    """A guest's public work could never be traced to anybody. The rules hold this too; here it gets a reason."""
    if sent.get("visibility") == "public" and caller().guest:
        raise Forbidden("You are a guest, and publishing needs an account: sign in, your work comes along.")


projects = function(routes)
