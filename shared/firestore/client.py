"""Firestore as the calling user, so that firestore.rules decide.

One channel per process, opened on first use (functions-framework imports main.py before gunicorn forks). It has TLS and
nothing else: no service account is ever attached, so a call without a user's token arrives unauthenticated and the
rules deny it. A client puts the user's token on every RPC: on those that we send, and by `AsCaller` on the library's.
"""

import functools
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import quote

import grpc
from google.api_core.exceptions import ServiceUnavailable, from_grpc_error
from google.api_core.gapic_v1.method import wrap_method
from google.api_core.retry import Retry, if_exception_type
from google.auth.credentials import AnonymousCredentials
from google.cloud import firestore
from google.cloud.firestore_v1.services.firestore import FirestoreClient
from google.cloud.firestore_v1.services.firestore.transports import FirestoreGrpcTransport

from shared.firestore.as_caller import CALL_TIMEOUT, AsCaller, counted, permitted
from shared.firestore.batch import Batch, CommitRequest, CommitResponse
from shared.firestore.read import (
    BatchGetDocumentsRequest,
    BatchGetDocumentsResponse,
    Collection,
    Reference,
    RunQueryRequest,
    RunQueryResponse,
    Snapshot,
    found_in,
    get_request,
)

# In seconds. The libraries' own bounds are 60 to 300, and a function's request ends after 30.
REQUEST_TIMEOUT = 25
RETRY = Retry(if_exception_type(ServiceUnavailable), initial=0.1, maximum=1, timeout=8)
SERVICE = "/google.firestore.v1.Firestore"

_OPTIONS = [
    ("grpc.max_reconnect_backoff_ms", 5_000),
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.max_send_message_length", -1),
    ("grpc.max_receive_message_length", -1),
]
_opening = threading.Lock()


def bare_channel() -> grpc.Channel:
    """A new channel to Firestore or its emulator, with nobody's credentials."""
    if emulator := os.environ.get("FIRESTORE_EMULATOR_HOST"):
        return grpc.insecure_channel(emulator, options=_OPTIONS)
    return grpc.secure_channel("firestore.googleapis.com:443", grpc.ssl_channel_credentials(), options=_OPTIONS)


open_channel: Callable[[], grpc.Channel] = bare_channel  # local/indexes.py puts its watch in between


@functools.cache
def _channel_of(process: int) -> grpc.Channel:
    return open_channel()


def _channel() -> grpc.Channel:
    with _opening:
        return _channel_of(os.getpid())


class _Transport(FirestoreGrpcTransport):
    """Every call has our bounds, whoever makes it: the client library passes none."""

    def _prep_wrapped_messages(self, client_info: Any) -> None:
        super()._prep_wrapped_messages(client_info)  # type: ignore[no-untyped-call]
        for call in (self.batch_get_documents, self.commit, self.run_query, self.run_aggregation_query):
            self._wrapped_methods[call] = wrap_method(
                call, default_retry=RETRY, default_timeout=CALL_TIMEOUT, client_info=client_info
            )
        vars(self.run_query)["_retry"] = RETRY  # Query.stream looks for it here when an answer breaks off


def _rpc(rpc: str, request: Any, response: Any, kind: Any) -> Callable[[Any, Sequence[tuple[str, str]]], Any]:
    """An RPC of ours, with its metadata, sent again where Firestore is unavailable. A stream is read to its end."""
    stub = kind(
        f"{SERVICE}/{rpc}", request_serializer=request.SerializeToString, response_deserializer=response.FromString
    )

    def once(sent: Any, metadata: Sequence[tuple[str, str]]) -> Any:
        may_take = permitted(rpc, sent)
        try:
            answer = stub(sent, timeout=may_take, metadata=metadata)
            return answer if rpc == "Commit" else [counted(one) for one in answer]
        except grpc.RpcError as error:
            raise from_grpc_error(error) from error

    return RETRY(once)


class UserClient(firestore.Client):
    """A `firestore.Client` bound to one user's ID token (or to nobody: an empty token sends no header)."""

    def __init__(self, *, project: str, id_token: str, app_check_token: str = ""):
        if id_token.lower() == "owner" or id_token.lower().startswith("ya29."):
            raise ValueError("An administrator's token is no Firebase ID token.")
        # AnonymousCredentials: never look for the service account of the runtime.
        super().__init__(project=project, credentials=AnonymousCredentials())
        headers = {"authorization": f"Bearer {id_token}"} if id_token else {}
        if app_check_token:
            headers["x-firebase-appcheck"] = app_check_token
        self._headers = headers
        self._metadata = [("google-cloud-resource-prefix", self._database_string), *headers.items()]
        self._at_database = self._routed("database", self._database_string)
        channel = _channel()
        self._commit = _rpc("Commit", CommitRequest, CommitResponse, channel.unary_unary)
        self._get = _rpc("BatchGetDocuments", BatchGetDocumentsRequest, BatchGetDocumentsResponse, channel.unary_stream)
        self._query = _rpc("RunQuery", RunQueryRequest, RunQueryResponse, channel.unary_stream)

    @functools.cached_property
    def _firestore_api(self) -> FirestoreClient:
        """For what we do not send ourselves, as a deletion. The one private name, checked by a test."""
        channel = grpc.intercept_channel(_channel(), AsCaller(self._headers))
        return FirestoreClient(transport=_Transport(channel=channel))

    def batch(self) -> Batch:
        return Batch(self)

    def commit(self, sent: Any) -> Any:
        """Send a raw CommitRequest; the raw response."""
        return self._commit(sent, self._at_database)

    def get_all(  # type: ignore[override]
        self,
        references: Iterable[Any],
        field_paths: Iterable[str] | None = None,
        *_: Any,
        **__: Any,
    ) -> Iterator[Snapshot]:
        """Read several documents, or these fields of them, in one RPC; missing ones, too. In any order."""
        by_path = {reference._document_path: reference for reference in references}
        sent = get_request(self._database_string, list(by_path), field_paths)
        return found_in(self._get(sent, self._at_database), by_path)

    def run_query(self, sent: Any) -> Any:
        """Send a raw RunQueryRequest; the raw answers."""
        return self._query(sent, self._routed("parent", sent.parent))

    def document(self, *document_path: str) -> Reference:
        return Reference(*super().document(*document_path)._path, client=self)

    def collection(self, *collection_path: str) -> Collection:
        return Collection(*super().collection(*collection_path)._path, client=self)

    def _routed(self, name: str, value: str) -> list[tuple[str, str]]:
        return [*self._metadata, ("x-goog-request-params", f"{name}={quote(value, safe='')}")]

    def transaction(self, max_attempts: int = 5, read_only: bool = False) -> Any:
        # The library would hide the refused BeginTransaction behind "cannot be rolled back".
        raise RuntimeError("BeginTransaction is not for an end user's token: write with a precondition")

    def bulk_writer(self, *_: Any, **__: Any) -> Any:
        raise RuntimeError("BatchWrite is not for an end user's token: use batch()")


@functools.lru_cache(maxsize=64)
def client_for(id_token: str, app_check_token: str = "") -> UserClient:
    """The client of one token. Making one costs about 1 ms of CPU, and a person types for an hour on one token."""
    return UserClient(project=os.environ["GOOGLE_CLOUD_PROJECT"], id_token=id_token, app_check_token=app_check_token)
