"""The saves beside a session, and the conflicts that are open in its drafts.

    GET  /api/session/saves                           200 a page of what was kept of work that no project held
    GET  /api/session/saves/{save_id}                 200 · 404; DELETE 204
    POST /api/session/tools/{tool}/saves              201 the draft was saved · 200 it was before · 409
    POST /api/session/tools/{tool}/conflicts/choose   200 the value that was chosen stands, the other one is in a save

Part of the session function; who may touch which session is decided by firestore.rules, not here.
"""

from typing import Any

from shared.answer import Answer
from shared.call import Call
from shared.http.body import Blueprint, body, described_as
from shared.projects.choose import choose
from shared.projects.home import Home, in_session
from shared.projects.make_save import make_save
from shared.saves.document import PLACES, newest_saves, the_save
from shared.saves.document import shown as shown_save
from shared.schemas.conflict import Choice, Chosen
from shared.schemas.save import MadeSave, Save, SavePage, SaveQuery, new_save_schema
from shared.schemas.strict import schema_of
from shared.schemas.tools import TOOLS, Tool
from shared.session.document import own_session, require_active

session_saves = Blueprint("session saves", __name__, url_prefix="/api/session", description="What was kept of drafts")


@session_saves.get("/saves")
@session_saves.arguments(SaveQuery, location="query")
@session_saves.response(200, SavePage)
def list_saves(call: Call, sent: dict[str, Any]) -> Answer:
    """Saves of work that no project held, newest first: what a session left when it expired, or what gave way."""
    session = own_session(call)
    return newest_saves((session.ref.collection(place) for place in PLACES), sent.get("cursor"))


@session_saves.get("/saves/<id:save_id>")
@session_saves.response(200, Save)
def get_save(call: Call, save_id: str) -> Answer:
    """A save with its state."""
    return shown_save(the_save(call, own_session(call), save_id))


@session_saves.delete("/saves/<id:save_id>")
@session_saves.response(204)
def delete_save(call: Call, save_id: str) -> Answer:
    """Delete a save."""
    the_save(call, own_session(call), save_id).reference.delete()
    return None


@session_saves.post("/tools/<tool:tool>/saves")
@session_saves.doc(**described_as(*(new_save_schema(tool.draft) for tool in TOOLS.values())))
@session_saves.response(201, MadeSave)
@session_saves.alt_response(200, schema=MadeSave, description="It was made before, by this caller, under this id.")
def save_draft(call: Call, tool: Tool) -> Answer:
    """Keep the draft as it is stored, or the state that is sent, as a save beside the session."""
    sent = body(schema_of(new_save_schema(tool.draft)))
    return make_save(_draft(call, tool), sent)


@session_saves.post("/tools/<tool:tool>/conflicts/choose")
@session_saves.arguments(Choice)
@session_saves.response(200, Chosen)
def choose_in_draft(call: Call, sent: dict[str, Any], tool: Tool) -> Answer:
    """Settle an open conflict: what is in the field stays (`stored`), or the save's value takes its place (`other`)."""
    return choose(lambda: _draft(call, tool), sent)


def _draft(call: Call, tool: Tool) -> Home:
    return in_session(call, tool, require_active(own_session(call).get()))
