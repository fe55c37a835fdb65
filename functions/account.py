"""Whose work it is: a guest's goes to an account; all that somebody owns is handed out, or deleted.

    POST   /api/session/claim     200 how far it is; the same call again goes on · 403 no guest
    GET    /api/account/export    200 a line of JSON a document, to be gone on with (`after`)
    DELETE /api/account           200 how far it is; the same call again goes on

Part of the session function; who owns what is decided by firestore.rules, not here.
"""

from typing import Any

from flask import Response
from werkzeug.exceptions import Forbidden, UnprocessableEntity

from shared.account.claim import accept_everything, offer_everything
from shared.account.everything import delete_everything, export_everything
from shared.answer import Answer
from shared.call import Call
from shared.firestore.commit import retry_on_conflict
from shared.http.body import Blueprint
from shared.schemas.account import Claim, Claimed, Deleted, ExportQuery

account = Blueprint("account", __name__, url_prefix="/api", description="Whose work it is, all of it")


@account.post("/session/claim")
@account.arguments(Claim)
@account.response(200, Claimed)
def claim(call: Call, sent: dict[str, Any]) -> Answer:
    """A guest who signs in to an account hands everything over (`transfer_to`); the account takes it (`from`)."""
    to, giver = sent.get("transfer_to"), sent.get("giver")
    if call.caller.uid in (to, giver):
        raise UnprocessableEntity("That is yourself: the guest names the account, and the account the guest.")
    if giver:
        return retry_on_conflict(lambda: accept_everything(call, giver))
    if not call.caller.guest:
        raise Forbidden("Only a guest (anonymous user) can transfer everything at once, and you have an account.")
    return retry_on_conflict(lambda: offer_everything(call, str(to)))


@account.get("/account/export")
@account.arguments(ExportQuery, location="query")
@account.response(
    200,
    {"type": "string"},
    content_type="application/x-ndjson",
    description="One JSON object a line: path, update_time, data.",
)
def export(call: Call, sent: dict[str, Any]) -> Response:
    """Everything that the caller owns, saves and trash too. The last line is {"done": true}, or {"next": ...}."""
    response = Response(export_everything(call, sent.get("after", "")), mimetype="application/x-ndjson")
    response.headers["Content-Disposition"] = 'attachment; filename="dungeonmind.ndjson"'
    return response


@account.delete("/account")
@account.response(200, Deleted)
def delete_account(call: Call) -> Answer:
    """Delete for good everything that the caller owns; there is no trash for this."""
    return retry_on_conflict(lambda: delete_everything(call))
