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
from google.cloud.firestore import FieldFilter
from werkzeug.exceptions import UnprocessableEntity

from functions.project_saves import project_saves
from shared.answer import Answer, Document, saved_response
from shared.call import Call
from shared.create import create, created_before
from shared.firestore.commit import retry_on_conflict
from shared.firestore.field_paths import field_paths, without_nulls
from shared.firestore.page import page
from shared.firestore.subject import read_existing
from shared.firestore.values import content
from shared.http.body import Blueprint, body, described_as
from shared.http.function import function
from shared.http.merge_body import merge_body
from shared.precondition import changed_since
from shared.projects.document import (
    SUMMARY,
    new_project,
    project_write_fields,
    replace_content,
    shown,
    summary,
    the_project,
)
from shared.projects.merge import merge_into_project
from shared.projects.save_draft import save_draft
from shared.projects.trash import out_of_trash, put_into_trash
from shared.schemas.project import (
    ProjectPage,
    ProjectQuery,
    SavedProject,
    new_project_schema,
    project_schema,
)
from shared.schemas.strict import schema_of
from shared.schemas.tool import Merged, merge_schema
from shared.schemas.tools import TOOLS, Tool
from shared.write import update

routes = Blueprint("projects", __name__, url_prefix="/api", description="Named work, with its whole state")
PROJECTS = [project_schema(tool) for tool in TOOLS.values()]
ANY_PROJECT = {"anyOf": PROJECTS}  # the address says which


@routes.post("/<tool:tool>/projects")
@routes.doc(**described_as(*map(new_project_schema, TOOLS.values())))
@routes.response(201, ANY_PROJECT)
@routes.alt_response(200, schema=ANY_PROJECT, description="It was created before, by this caller, under this id.")
def create_project(call: Call, tool: Tool) -> Answer:
    """Create a project from `state`, or with `from_draft` by moving the session's draft into it in one Commit."""
    sent = without_nulls(body(schema_of(new_project_schema(tool))))
    project_id, from_draft = sent.pop("id", None) or str(uuid.uuid4()), sent.pop("from_draft", False)
    if from_draft and "state" in sent:
        raise UnprocessableEntity("Send either `state` or `from_draft`, not both.")
    call.may_publish(sent)
    if from_draft:
        return retry_on_conflict(lambda: save_draft(call, tool, project_id, sent))
    subject = the_project(call, tool, project_id)
    return create(subject, new_project(call, tool, project_id, sent)) or created_before(call, subject)


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
@routes.response(200, ANY_PROJECT)
def get_project(call: Call, tool: Tool, project_id: str) -> Answer:
    """A project with its state. Reading is no write: it stays where it is in the list."""
    snapshot = read_existing(the_project(call, tool, project_id))
    return Document(shown(tool, content(snapshot)), snapshot.update_time)


@routes.put("/<tool:tool>/projects/<id:project_id>")
@routes.doc(**described_as(*PROJECTS))
@routes.response(200, SavedProject)
@routes.alt_response(201, schema=ANY_PROJECT, description="Created, as If-None-Match: * asks.")
def replace_project(call: Call, tool: Tool, project_id: str) -> Answer:
    """Store a project's content whole; what is not sent is gone. This also repairs a damaged one."""
    sent = without_nulls(body(schema_of(project_schema(tool))))
    call.may_publish(sent)
    subject = the_project(call, tool, project_id, changing=sent)
    if request.headers.get("If-None-Match") != "*":
        return saved_response(call, replace_content(call, tool, subject, sent))
    if (created := create(subject, new_project(call, tool, project_id, sent))) is None:
        raise changed_since(subject, creating=True)
    return created


@routes.patch("/<tool:tool>/projects/<id:project_id>")
@routes.doc(**described_as(*PROJECTS))
@routes.response(200, SavedProject)
def autosave(call: Call, tool: Tool, project_id: str) -> Answer:
    """Store just the leaves sent, in one write and without a read."""
    sent = body(schema_of(project_schema(tool), partial=True))
    call.may_publish(sent)
    subject = the_project(call, tool, project_id, changing=sent)
    return saved_response(call, update(call, subject, field_paths(sent) | project_write_fields(call, tool)))


@routes.post("/<tool:tool>/projects/<id:project_id>/merge")
@routes.doc(**described_as(*(merge_schema(tool.state) for tool in TOOLS.values())))
@routes.response(200, Merged)
def merge_project(call: Call, tool: Tool, project_id: str) -> Answer:
    """After a 412: merge what was saved meanwhile with what this client made of what it had seen."""
    sent = merge_body(tool.state)
    return retry_on_conflict(lambda: merge_into_project(call, tool, project_id, sent))


@routes.delete("/<tool:tool>/projects/<id:project_id>")
@routes.response(204)
def delete_project(call: Call, tool: Tool, project_id: str) -> Answer:
    """Put a project into the trash, which is emptied after 30 days. Repeated, it stays there."""
    return put_into_trash(call, the_project(call, tool, project_id, needs="owner"), project_write_fields(call, tool))


@routes.post("/<tool:tool>/projects/<id:project_id>/undelete")
@routes.response(200, SavedProject)
def undelete_project(call: Call, tool: Tool, project_id: str) -> Answer:
    """Take a project out of the trash."""
    return out_of_trash(call, the_project(call, tool, project_id, needs="owner"), project_write_fields(call, tool))


projects = function(routes, project_saves)
