"""The session function: what a person is working on, in every tool, saved at every pause.

    PUT    /api/session                      200 resumed · 201 begun
    GET    /api/session                      200 · 304 (If-None-Match) · 404 none, or expired
    PATCH  /api/session                      200 where the person is, and preferences · 412 (If-Match)
    DELETE /api/session                      204 · 412
    GET    /api/session/status               200, also where there is none
    PATCH  /api/session/tools/{tool}         200 stored, with its ETag · 404 no session · 412 somebody saved since
    PUT    /api/session/tools/{tool}         the same, the state replaced whole
    POST   /api/session/tools/{tool}/merge   200 merged with what was saved meanwhile, conflicts reported
    POST   /api/session/recover              200 what became of a client's backup and why, and with what to go on

Who may touch which session is decided by firestore.rules, not here.
"""

from typing import Any

from google.cloud.firestore import SERVER_TIMESTAMP
from werkzeug.exceptions import UnprocessableEntity

from functions.account import account
from functions.client_errors import reports
from functions.session_lists import beside
from functions.session_saves import session_saves
from shared.answer import Answer, Document
from shared.call import Call
from shared.drafts import POINTER
from shared.firestore.commit import retry_on_conflict
from shared.firestore.field_paths import field_paths, without_nulls
from shared.firestore.storable import MAX_BACKUP
from shared.firestore.subject import explained_by
from shared.firestore.values import content
from shared.http.body import Blueprint, body, described_as, parsed_body
from shared.http.function import function
from shared.http.merge_body import merge_body
from shared.projects.document import readable_project
from shared.projects.merge import merge_into_session
from shared.recovery.backup import read as read_backup
from shared.recovery.recover import recover_backup
from shared.schemas.recovery import Backup, Recovered
from shared.schemas.session import (
    LISTS,
    Context,
    Opened,
    Opening,
    Saved,
    Session,
    SessionStatus,
)
from shared.schemas.strict import schema_of
from shared.schemas.tool import Merged, merge_schema
from shared.schemas.tools import TOOLS, Tool
from shared.session.document import is_active, own_session, require_active, save_session, shown, working_on
from shared.session.open import open_session

routes = Blueprint("session", __name__, url_prefix="/api/session", description="What a person is working on")
DRAFTS = [tool.draft for tool in TOOLS.values()]


@routes.put("")
@routes.arguments(Opening)
@routes.response(200, Opened)
@routes.alt_response(201, schema=Opened, description="Begun, or begun afresh: kept_as names what the old one left.")
def put_session(call: Call, sent: dict[str, Any]) -> Answer:
    """Resume the session, or begin one. After 30 days without use it begins afresh, the old content kept as saves."""

    def read_then_write() -> Answer:
        subject = own_session(call)
        with explained_by(subject):
            opening = open_session(call, subject.get(), sent.get("device", {}))
        session = shown(opening.session) | ({"kept_as": opening.kept_as} if opening.kept_as else {})
        return Document(session, opening.update_time, 201 if opening.begun else 200)

    return retry_on_conflict(read_then_write)


@routes.get("")
@routes.response(200, Session)
def get_session(call: Call) -> Answer:
    """The whole session: every tool's state, the lists, the preferences, the devices."""
    snapshot = require_active(own_session(call).get())
    return Document(shown(content(snapshot)), snapshot.update_time)


@routes.patch("")
@routes.arguments(Context(partial=True))
@routes.response(200, Saved)
def change_context(call: Call, sent: dict[str, Any]) -> Answer:
    """Switch tool, world or project, and set preferences; whatever is not sent stays as it is."""
    context = {name: sent.pop(name) for name in ("current_tool", "active_project_id") if name in sent}
    if project_id := context.get("active_project_id"):
        tool = readable_project(call, project_id)
        if context.setdefault("current_tool", tool.name) != tool.name:
            raise UnprocessableEntity(f"The project is one of the {tool.name}, not of the {context['current_tool']}.")
    fields = field_paths(sent) | working_on(call, **context)
    if "current_tool" in context and "active_project_id" in context:
        fields |= field_paths({POINTER: project_id}, context["current_tool"])
    return save_session(call, fields)


@routes.delete("")
@routes.response(204)
def end_session(call: Call) -> Answer:
    """Delete the session with all that it holds; projects, objects and saves stay."""
    session = own_session(call)
    with explained_by(session):
        session.ref.delete(option=call.if_unchanged())
    return None


@routes.get("/status")
@routes.response(200, SessionStatus)
def get_status(call: Call) -> Answer:
    """Is there a session, until when, and what does it hold?"""
    snapshot = own_session(call).get()
    if not is_active(snapshot):
        return {"active": False}
    session = shown(content(snapshot))
    held = {f"has_{name}": name in session for name in TOOLS}
    counts = {f"{name}_count": len(session[name]) for name in LISTS}
    return {"active": True} | held | counts | {n: session[n] for n in schema_of(SessionStatus).fields if n in session}


@routes.patch("/tools/<tool:tool>")
@routes.doc(**described_as(*DRAFTS))
@routes.response(200, Saved)
def autosave(call: Call, tool: Tool) -> Answer:
    """Store just the leaves sent, in one write; the session lives on for another month."""
    sent = body(schema_of(tool.draft, partial=True))
    return save_session(call, {(tool.name, "last_saved"): SERVER_TIMESTAMP} | field_paths(sent, tool.name))


@routes.put("/tools/<tool:tool>")
@routes.doc(**described_as(*DRAFTS))
@routes.response(200, Saved)
def replace_state(call: Call, tool: Tool) -> Answer:
    """Store a tool's state whole: what is not sent is gone, as a new item must not keep the old item's fields."""
    sent = body(schema_of(tool.draft))
    return save_session(call, {tool.name: {"last_saved": SERVER_TIMESTAMP} | without_nulls(sent)})


@routes.post("/tools/<tool:tool>/merge")
@routes.doc(**described_as(*map(merge_schema, DRAFTS)))
@routes.response(200, Merged)
def merge_state(call: Call, tool: Tool) -> Answer:
    """After a 412: merge what was saved meanwhile with what this client made of what it had seen."""
    sent = merge_body(tool.draft)
    return retry_on_conflict(lambda: merge_into_session(call, tool, sent))


@routes.post("/recover")
@routes.doc(**described_as(Backup))
@routes.response(200, Recovered)
def recover(call: Call) -> Answer:
    """Restore what a client could not store: into its project, one of its name, a new one, or the session."""
    backup = read_backup(parsed_body(MAX_BACKUP))
    return retry_on_conflict(lambda: recover_backup(call, backup))


session = function(routes, beside, session_saves, account, reports)
