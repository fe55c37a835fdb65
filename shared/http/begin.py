"""A request of Flask's as a Call: the token is verified, and each header is read once. Raises 401, 400 or 422."""

import collections
import time

from flask import Request, g
from marshmallow import ValidationError
from werkzeug.exceptions import UnprocessableEntity

from shared.call import Call
from shared.firestore.as_caller import deadline, operations
from shared.firestore.client import REQUEST_TIMEOUT, client_for
from shared.firestore.etag import if_match
from shared.http import identity
from shared.schemas.strict import ID

MOST_ATTESTED = 4_000  # characters; Firestore's gRPC takes 16 kB of headers, the ID token among them


def begin(request: Request) -> None:
    """Verify the token, begin to count what is asked of Firestore, and set the deadline."""
    operations.set(collections.Counter())
    deadline.set(time.monotonic() + REQUEST_TIMEOUT)
    caller = g.caller = identity.caller(request.headers.get("Authorization"))
    g.call = Call(
        caller=caller,
        db=client_for(caller.token, _attested(request)),
        device=_id(request, "X-Device-Id"),
        save_id=_id(request, "X-Save-Id"),
        if_match=if_match(request.headers.get("If-Match")),
        user_agent=request.headers.get("User-Agent", "")[:1_000],
        ip_address=request.headers.get("X-Forwarded-For", request.remote_addr or "").split(",")[0].strip()[:100],
    )


def call() -> Call:
    """What `begin` made of the request."""
    made: Call = g.call
    return made


def _attested(request: Request) -> str:
    """App Check's token, which is passed on: where it is enforced, Firestore asks for it."""
    sent = request.headers.get("X-Firebase-AppCheck", "")
    if len(sent) > MOST_ATTESTED or not (sent.isascii() and (sent.isprintable() or not sent)):
        raise UnprocessableEntity("X-Firebase-AppCheck is no App Check token.")
    return sent


def _id(request: Request, name: str) -> str | None:
    """An id that the client sends beside the body."""
    sent = request.headers.get(name)
    try:
        return sent if sent is None else str(ID(sent))
    except ValidationError as error:
        raise UnprocessableEntity(f"{name}: {error.messages[0]}") from error
