"""The saves of a project: what was kept of its state, by whom, when and why.

    GET /api/{tool}/projects/{id}/saves             200 the newest 50, without their states · 404
    GET /api/{tool}/projects/{id}/saves/{save_id}   200 one with its state · 404

Part of the projects function. Whoever reads a project reads its saves: firestore.rules say so, not this.
"""

from flask import Response, jsonify
from google.cloud.firestore import DocumentSnapshot

from shared.json_body import Blueprint
from shared.owned import saves_beside
from shared.projects import the_project
from shared.refusal import existing
from shared.saves import newest_of, shown
from shared.schemas.save import Save, SavePage
from shared.schemas.tools import Tool
from shared.user_firestore import WITHIN

project_saves = Blueprint("saves", __name__, url_prefix="/api", description="What was kept of a project's state")


@project_saves.get("/<tool:tool>/projects/<id:project_id>/saves")
@project_saves.response(200, SavePage)
def list_saves(tool: Tool, project_id: str) -> Response:
    """The newest saves of a project: what gave way in a merge or a restore."""
    return jsonify({"saves": newest_of(saves_beside(_project(tool, project_id)).values())})


@project_saves.get("/<tool:tool>/projects/<id:project_id>/saves/<id:save_id>")
@project_saves.response(200, Save)
def get_save(tool: Tool, project_id: str, save_id: str) -> Response:
    """A save with its state."""
    save = _project(tool, project_id).reference.collection(tool.saves).document(save_id)
    return jsonify(shown(existing(save.get(**WITHIN))))


def _project(tool: Tool, project_id: str) -> DocumentSnapshot:
    return existing(the_project(tool, project_id).get(["tool", "created_at"], **WITHIN))
