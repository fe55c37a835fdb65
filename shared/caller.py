"""Who is asking: the verified ID token, and Firestore as that user."""

import collections
import hashlib
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import g, request
from google.cloud.firestore import SERVER_TIMESTAMP
from marshmallow import ValidationError
from werkzeug.exceptions import Forbidden, UnprocessableEntity

from shared import identity
from shared.schemas.signature import SCHEMA_VERSION
from shared.schemas.strict import ID, is_id
from shared.user_firestore import REQUEST_TIMEOUT, UserClient, client_for, deadline, operations

MOST_ATTESTED = 4_000  # characters; Firestore's gRPC takes 16 kB of headers, the ID token among them
SESSION_LIFE = timedelta(days=30)  # after the last use


def sign_in() -> None:
    """Before each request: verify the token, begin to count what is asked of Firestore, and set its deadline."""
    operations.set(collections.Counter())
    deadline.set(time.monotonic() + REQUEST_TIMEOUT)
    g.caller = identity.caller(request.headers.get("Authorization"))


def caller() -> identity.Caller:
    """The person who sent this request."""
    found: identity.Caller = g.caller
    return found


def ip_address() -> str:
    """Where the request comes from, as Hosting says."""
    return request.headers.get("X-Forwarded-For", request.remote_addr or "").split(",")[0].strip()[:100]


def db() -> UserClient:
    """Firestore as the caller. App Check's token is passed on: where it is enforced, Firestore asks for it."""
    attested = request.headers.get("X-Firebase-AppCheck", "")
    if len(attested) > MOST_ATTESTED or not (attested.isascii() and (attested.isprintable() or not attested)):
        raise UnprocessableEntity("X-Firebase-AppCheck is no App Check token.")
    return client_for(caller().token, attested)


def derived_id(of: str) -> str:
    """The id of what the caller makes of something, the same each time. The rules let nobody else take it."""
    whole = f"{caller().uid}.{of}"
    hashed = hashlib.sha256(of.encode(errors="replace")).hexdigest()[:32]
    return whole if is_id(whole) and "." not in of else f"{caller().uid}.{hashed}"


def header_id(name: str) -> str | None:
    """An id that the client sends beside the body: X-Device-Id, X-Save-Id."""
    sent = request.headers.get(name)
    try:
        return sent if sent is None else str(ID(sent))
    except ValidationError as error:
        raise UnprocessableEntity(f"{name}: {error.messages[0]}") from error


def signature() -> dict[str, str]:
    """`updated_by` of what this request writes; firestore.rules compare uid and name with the token."""
    ids = {"device": header_id("X-Device-Id"), "save_id": header_id("X-Save-Id")}
    return {"uid": caller().uid, "name": caller().name} | {name: sent for name, sent in ids.items() if sent}


def last_saves() -> dict[str, str]:
    """What a save of a state adds to the document's `last_saves`: its X-Save-Id, under the id's first character.

    A client whose saves all begin alike finds its own last one there, whoever saved since. Nothing is read for it.
    """
    save_id = header_id("X-Save-Id")
    return {save_id[0]: save_id} if save_id else {}


def last_save() -> dict[Any, str]:
    """The same as a field update."""
    return {("last_saves", first): save_id for first, save_id in last_saves().items()}


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
