"""Who is asking: the verified ID token, and Firestore as that user."""

import collections
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import g, request
from google.cloud.firestore import SERVER_TIMESTAMP
from werkzeug.exceptions import Forbidden, UnprocessableEntity

from shared import identity
from shared.schemas.signature import SCHEMA_VERSION
from shared.schemas.strict import ID_LENGTH
from shared.user_firestore import UserClient, client_for, operations

SESSION_LIFE = timedelta(days=30)  # after the last use


def sign_in() -> None:
    """Before each request: verify the token and begin to count what is asked of Firestore."""
    operations.set(collections.Counter())
    g.caller = identity.caller(request.headers.get("Authorization"))


def caller() -> identity.Caller:
    """The person who sent this request."""
    found: identity.Caller = g.caller
    return found


def db() -> UserClient:
    """Firestore as the caller. App Check's token is passed on: where it is enforced, Firestore asks for it."""
    return client_for(caller().token, request.headers.get("X-Firebase-AppCheck", ""))


def header_id(name: str) -> str | None:
    """An id that the client sends beside the body: X-Device-Id, X-Save-Id."""
    sent = request.headers.get(name)
    if sent is not None and not (0 < len(sent) <= ID_LENGTH and sent.isascii() and sent.isprintable()):
        raise UnprocessableEntity(f"{name} must be 1 to {ID_LENGTH} printable ASCII characters.")
    return sent


def signature() -> dict[str, str]:
    """`updated_by` of what this request writes; firestore.rules compare uid and name with the token."""
    ids = {"device": header_id("X-Device-Id"), "save_id": header_id("X-Save-Id")}
    return {"uid": caller().uid, "name": caller().name} | {name: sent for name, sent in ids.items() if sent}


def may_publish(sent: Mapping[str, Any]) -> None:
    """A guest's public work could never be traced to anybody. The rules hold this too; here it gets a reason."""
    if sent.get("visibility") == "public" and caller().guest:
        raise Forbidden("You are a guest, and publishing needs an account: sign in, your work comes along.")


def touched() -> dict[str, Any]:
    """What every write to a session carries: it lives on for another month from now."""
    return {
        "last_accessed": SERVER_TIMESTAMP,
        "expires_at": datetime.now(UTC) + SESSION_LIFE,
        **signed(),
    }


def signed() -> dict[str, Any]:
    """Who writes, and with which version of the schema: the rules refuse an older one over a newer."""
    return {"updated_by": signature(), "schema_version": SCHEMA_VERSION}
