"""What the page tells of itself when something is missing or went wrong: one line in the log, and nothing stored.

    POST /api/client-errors   204 noted · 413 over 64 kB · 429 too many (Retry-After)

Part of the session function. Ten at once, then one in 30 seconds, for each person, fifty and one in 6 for each
address, on each instance.
"""

from typing import Any

from flask import request
from werkzeug.exceptions import TooManyRequests

from shared.answer import Answer
from shared.call import Call
from shared.http.begin import call as this_call
from shared.http.body import Blueprint
from shared.http.log import log, trace
from shared.http.rate_limit import RateLimiter
from shared.schemas.client_error import ClientError

reports = Blueprint(
    "client errors", __name__, url_prefix="/api/client-errors", description="What the page tells of itself"
)
limit_by_user = RateLimiter(burst=10, seconds_per_token=30, most=10_000)
limit_by_address = RateLimiter(
    burst=50, seconds_per_token=6, most=10_000
)  # guests cost nothing: whoever has many uids has one address


@reports.before_request
def limit() -> None:
    """Before the body is read: who sends too much costs no parsing."""
    call = this_call()
    if seconds := limit_by_user.wait(call.caller.uid) or limit_by_address.wait(call.ip_address):
        raise TooManyRequests(f"These are many reports at once: try again in {seconds} s.", retry_after=seconds)


@reports.post("")
@reports.arguments(ClientError)
@reports.response(204)
def report(call: Call, sent: dict[str, Any]) -> Answer:
    """Note what a page reports: the save status, ids and the page's debug log, for whoever looks for the cause."""
    facts = {"save_status" if name == "status" else name: said for name, said in sent.items()}
    log("WARNING", facts.pop("message"), event="client_error", uid=call.caller.uid, **facts, **trace(request))
    return None
