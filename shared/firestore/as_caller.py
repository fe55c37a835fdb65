"""What every RPC carries and is counted by: the caller's identity, its bounds, and nobody else's credentials.

Exactly one `authorization` header goes out: with FIRESTORE_EMULATOR_HOST set the library would send `Bearer owner`,
which skips the rules, and credentials that read a contextvar would send the first user's token for everyone.

Only the RPCs that Firebase's own client SDK sends are let through. Production refuses the others to an end user,
whatever the rules say (google-cloud-dotnet #5249, firestore-rs #212), and an emulator may allow them.
"""

import collections
import math
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

import grpc
from google.api_core.exceptions import DeadlineExceeded

CALL_TIMEOUT = 10  # seconds
IDENTITY = ("authorization", "x-firebase-appcheck")
END_USER_RPCS = {"BatchGetDocuments", "Commit", "RunQuery", "RunAggregationQuery"}

operations: ContextVar[collections.Counter[str]] = ContextVar("operations")
"""What the current request asked of Firestore: each RPC by name, and the documents in `reads` and `writes`."""

deadline: ContextVar[float] = ContextVar("deadline")
"""When the current request has to be answered (time.monotonic): no call of it goes on beyond that."""


class _Details(  # as in grpc's own example of a header interceptor
    collections.namedtuple("_Details", "method timeout metadata credentials wait_for_ready compression"),
    grpc.ClientCallDetails,
):
    pass


def permitted(rpc: str, request: Any) -> float:
    """Count an RPC that is about to be sent; the seconds that it may take.

    Raises RuntimeError for one that is not for an end user's token, and DeadlineExceeded.
    """
    if rpc not in END_USER_RPCS:
        raise RuntimeError(f"{rpc} is not for an end user's token")
    count = operations.get(collections.Counter())
    count[rpc] += 1
    if rpc == "Commit":
        count["writes"] += len(request.writes)
    left = deadline.get(math.inf) - time.monotonic()
    if left <= 0:
        raise DeadlineExceeded("The request took too long.")
    return min(CALL_TIMEOUT, left)


def counted(answer: Any) -> Any:
    """The same answer of a stream; the document that it brings is counted.

    One that is missing is billed as a read, too; a query answers progress without a document.
    """
    found = bool(answer.document.name) if hasattr(answer, "document") else True
    operations.get(collections.Counter())["reads"] += found
    return answer


class AsCaller(grpc.UnaryUnaryClientInterceptor, grpc.UnaryStreamClientInterceptor):
    """Puts the caller's identity on every RPC of the client library, in place of any other."""

    def __init__(self, headers: dict[str, str]):
        self._headers = headers

    def _as_caller(self, continuation: Callable[..., Any], details: Any, request: Any) -> Any:
        may_take = permitted(details.method.rsplit("/", 1)[1], request)
        kept = [kv for kv in details.metadata or () if kv[0].lower() not in IDENTITY]
        mine = _Details(
            details.method,
            min(details.timeout or CALL_TIMEOUT, may_take),
            kept + list(self._headers.items()),
            None,  # per-call credentials would add a second authorization header
            getattr(details, "wait_for_ready", None),
            getattr(details, "compression", None),
        )
        return continuation(mine, request)

    def intercept_unary_unary(self, continuation: Callable[..., Any], details: Any, request: Any) -> Any:
        return self._as_caller(continuation, details, request)

    def intercept_unary_stream(self, continuation: Callable[..., Any], details: Any, request: Any) -> Any:
        return self._as_caller(continuation, details, request)
