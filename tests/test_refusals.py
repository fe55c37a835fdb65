"""When Firestore refuses or fails, the answer says so in HTTP's words, and nothing was acknowledged.

The failures are put on the wire below the client, where production's come from; the rest is as always.
"""

import grpc
import pytest
from google.api_core import exceptions as cloud
from marshmallow import ValidationError
from samples import leaves, nested, sample
from werkzeug.exceptions import NotFound

from local.ports import free
from shared.firestore import client as user_firestore
from shared.firestore.subject import Subject, read_existing
from shared.http import identity
from shared.http.converters import IdConverter, ToolConverter
from shared.schemas.object import Object
from shared.schemas.session import Session

CARD = "/api/session/tools/cardgenerator"


class Failing(grpc.UnaryUnaryClientInterceptor, grpc.UnaryStreamClientInterceptor):
    """A network on which one kind of call fails."""

    def __init__(self, rpc, error):
        self.rpc, self.error = rpc, error

    def _call(self, continuation, details, request):
        if details.method.endswith("/" + self.rpc):
            raise self.error
        return continuation(details, request)

    intercept_unary_unary = intercept_unary_stream = _call


@pytest.fixture(autouse=True)
def soon(monkeypatch):
    """Give up after a tenth of the usual time."""
    monkeypatch.setattr(user_firestore, "RETRY", user_firestore.RETRY.with_timeout(0.3))
    user_firestore.client_for.cache_clear()


@pytest.fixture
def failing(monkeypatch):
    """From now on this RPC fails like that."""

    def fail(rpc, error):
        channel = grpc.intercept_channel(user_firestore.open_channel(), Failing(rpc, error))
        monkeypatch.setattr(user_firestore, "_channel", lambda: channel)
        user_firestore.client_for.cache_clear()

    yield fail
    user_firestore.client_for.cache_clear()


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (cloud.Unauthenticated("bad token"), 401),
        (cloud.ServiceUnavailable("down"), 503),
        (cloud.Aborted("contention"), 503),
        (cloud.ResourceExhausted("quota"), 503),
        (cloud.DeadlineExceeded("slow"), 503),
        (cloud.RetryError("slow", None), 503),
        (cloud.AlreadyExists("there"), 409),
        (cloud.NotFound("gone"), 404),
        (cloud.FailedPrecondition("changed"), 503),
        (cloud.InvalidArgument("field names must be nice"), 422),
        (cloud.Unknown("?"), 500),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
def test_what_firestore_says_to_a_write_in_https_words(alice, failing, error, status):
    alice.put("/api/session", {})
    failing("Commit", error)

    answer = alice.patch(CARD, {"current_step": "a"})

    assert (answer.status_code, answer.json["status"]) == (status, status)
    assert ("Retry-After" in answer.headers) == (status == 503)
    assert "contention" not in answer.text and "quota" not in answer.text


@pytest.mark.parametrize("error", [cloud.FailedPrecondition("no index"), cloud.InvalidArgument("?")])
def test_a_read_that_firestore_cannot_make_sense_of_is_our_bug(alice, failing, error):
    failing("RunQuery", error)

    assert alice.get("/api/objects").status_code == 500


def test_a_firestore_out_of_reach_is_503(alice, monkeypatch):
    nobody_there = grpc.insecure_channel(f"127.0.0.1:{free('firestore')}")
    monkeypatch.setattr(user_firestore, "_channel", lambda: nobody_there)
    user_firestore.client_for.cache_clear()

    answer = alice.get("/api/session")

    user_firestore.client_for.cache_clear()
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")


def test_a_session_that_ends_under_a_conditional_save_is_404(alice):
    etag = alice.put("/api/session", {}).headers["ETag"]
    alice.delete("/api/session")

    assert alice.patch(CARD, {"current_step": "a"}, headers={"If-Match": etag}).status_code == 404


def test_a_bound_of_the_rules_is_422(alice):
    alice.put("/api/session", {})

    answer = alice.patch("/api/session", {"preferences": {}}, headers={"X-Device-Id": "a"})
    for i in range(51):
        answer = alice.patch("/api/session", {"current_tool": "ruleslawyer"}, headers={"X-Device-Id": f"d{i}"})

    assert (answer.status_code, "bound of the rules" in answer.json["detail"]) == (422, True)


def test_a_race_that_is_never_won_is_given_up_with_503(alice, failing, monkeypatch):
    monkeypatch.setattr("shared.firestore.commit.time.sleep", lambda seconds: None)
    alice.put("/api/session", {})
    alice.patch(CARD, {"draft_item_data": {"name": "Sting"}})
    failing("Commit", cloud.FailedPrecondition("changed"))

    answer = alice.post("/api/cardgenerator/projects", {"name": "x", "from_draft": True})

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")


def test_a_token_is_verified_by_the_verifier_that_the_environment_asks_for(monkeypatch):
    fresh = identity.verifies
    assert fresh().__module__ == "local.unsigned_tokens"
    monkeypatch.setenv("K_SERVICE", "session")
    with pytest.raises(RuntimeError, match="Cloud Run"):
        fresh()
    monkeypatch.delenv("K_SERVICE")
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "real")
    with pytest.raises(RuntimeError, match="demo"):
        fresh()
    monkeypatch.delenv("FIRESTORE_EMULATOR_HOST")
    monkeypatch.delenv("FIREBASE_AUTH_EMULATOR_HOST", raising=False)
    assert fresh().__module__ == "shared.http.identity"


@pytest.mark.parametrize("schema", [Object, Session])
def test_every_field_that_may_be_sent_loads_as_what_was_sent(schema):
    for path, field in leaves(schema()):
        if not field.dump_only:
            value = nested(path, sample(field, ".".join(path)))
            loaded = schema(partial=True).load(value)
            assert {name: loaded[name] for name in value} == value


@pytest.mark.parametrize("value", [True, "5", None])
def test_a_number_is_a_number(value):
    with pytest.raises(ValidationError):
        Object(partial=True).load({"metadata": {"rating": value}, "name": None})


def test_addresses_are_written_as_they_are_read(hosting):
    tools, ids = ToolConverter(hosting.application), IdConverter(hosting.application)

    assert tools.to_url(tools.to_python("ruleslawyer")) == "ruleslawyer"
    assert tools.to_url("ruleslawyer") == "ruleslawyer"
    assert ids.to_python("a.b-c") == "a.b-c"


@pytest.mark.parametrize("object_id", ["..", ".", "__x__", "a b", "x" * 129])
def test_an_address_with_an_id_that_firestore_would_not_take_is_404(alice, object_id):
    alice.put("/api/session", {})

    assert alice.put(f"/api/session/clipboard/{object_id}").status_code in (404, 405)


def test_a_document_that_is_missing_without_being_denied_is_404_too(admin):
    with pytest.raises(NotFound):
        read_existing(Subject(admin.document("nowhere/none"), "document", dict))


def test_where_firestore_fails_before_a_refusal_is_explained_it_may_be_tried_again(alice, bob, failing):
    theirs = bob.post("/api/cardgenerator/projects", {"name": "Bob's"}).json["id"]
    failing("BatchGetDocuments", cloud.Unknown("?"))

    answer = alice.patch(f"/api/cardgenerator/projects/{theirs}", {"name": "Alice's"})

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
