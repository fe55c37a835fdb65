"""The saves of a project, by whom, when and why they were made, and the conflicts that are open in it.

    GET    /api/{tool}/projects/{id}/saves              200 a page of them, without their states · 404
    POST   /api/{tool}/projects/{id}/saves              201 saved · 200 before (the id is the client's) · 403 · 409
    GET    /api/{tool}/projects/{id}/saves/{save_id}    200 one with its state · 404
    DELETE /api/{tool}/projects/{id}/saves/{save_id}    204 · 403 not the owner
    POST   /api/{tool}/projects/{id}/conflicts/choose   200 the value that was chosen stands, the other one is in a save

Part of the projects function. Whoever reads a project reads its saves: firestore.rules say so, not this.
"""

from typing import Any

from google.cloud.firestore import DocumentSnapshot
from werkzeug.exceptions import NotFound

from shared.account.owned import saves_beside
from shared.answer import Answer
from shared.call import Call
from shared.firestore.commit import is_there
from shared.firestore.subject import Subject, explained_by, read_existing
from shared.http.body import Blueprint, body, described_as
from shared.projects.choose import choose
from shared.projects.document import the_project
from shared.projects.home import Home, in_project
from shared.projects.make_save import make_save
from shared.saves.document import newest_saves, shown
from shared.schemas.conflict import Choice, Chosen
from shared.schemas.save import MadeSave, Save, SavePage, SaveQuery, new_save_schema
from shared.schemas.strict import schema_of
from shared.schemas.tools import TOOLS, Tool

project_saves = Blueprint("saves", __name__, url_prefix="/api", description="What was kept of a project's state")
PROJECT = "/<tool:tool>/projects/<id:project_id>"


@project_saves.get(f"{PROJECT}/saves")
@project_saves.arguments(SaveQuery, location="query")
@project_saves.response(200, SavePage)
def list_saves(call: Call, sent: dict[str, Any], tool: Tool, project_id: str) -> Answer:
    """The saves of a project, newest first: named ones, and what gave way in a merge or a restore."""
    return newest_saves(saves_beside(_summary(call, tool, project_id)).values(), sent.get("cursor"))


@project_saves.post(f"{PROJECT}/saves")
@project_saves.doc(**described_as(*(new_save_schema(tool.state) for tool in TOOLS.values())))
@project_saves.response(201, MadeSave)
@project_saves.alt_response(200, schema=MadeSave, description="It was made before, by this caller, under this id.")
def save_project(call: Call, tool: Tool, project_id: str) -> Answer:
    """Keep the state as it is stored, or the one that is sent, as a save beside the project."""
    sent = body(schema_of(new_save_schema(tool.state)))
    return make_save(_project(call, tool, project_id), sent)


@project_saves.get(f"{PROJECT}/saves/<id:save_id>")
@project_saves.response(200, Save)
def get_save(call: Call, tool: Tool, project_id: str, save_id: str) -> Answer:
    """A save with its state."""
    save = _summary(call, tool, project_id).reference.collection(tool.saves).document(save_id)
    return shown(read_existing(Subject(save, "save", dict)))


@project_saves.delete(f"{PROJECT}/saves/<id:save_id>")
@project_saves.response(204)
def delete_save(call: Call, tool: Tool, project_id: str, save_id: str) -> Answer:
    """Delete a save for good: the owner of the project may. Repeated, it is 404."""
    project = the_project(call, tool, project_id, needs="owner")
    save = project.ref.collection(tool.saves).document(save_id)
    if not is_there(save):
        raise NotFound("There is no such save, or it is not yours to read.")
    with explained_by(project):
        save.delete()
    return None


@project_saves.post(f"{PROJECT}/conflicts/choose")
@project_saves.arguments(Choice)
@project_saves.response(200, Chosen)
def choose_in_project(call: Call, sent: dict[str, Any], tool: Tool, project_id: str) -> Answer:
    """Settle an open conflict: what is in the field stays (`stored`), or the save's value takes its place (`other`)."""
    return choose(lambda: _project(call, tool, project_id), sent)


def _summary(call: Call, tool: Tool, project_id: str) -> DocumentSnapshot:
    return read_existing(the_project(call, tool, project_id), ["tool", "created_at"])


def _project(call: Call, tool: Tool, project_id: str) -> Home:
    return in_project(call, tool, read_existing(the_project(call, tool, project_id)))
