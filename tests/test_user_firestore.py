"""Every call carries the one token of its caller, and what production refuses to a user is refused here by name."""

import concurrent.futures
import inspect
import threading
import time

import grpc
import pytest
from google.api_core.exceptions import DeadlineExceeded, PermissionDenied, ServiceUnavailable
from google.cloud import firestore
from google.cloud.firestore import FieldFilter

from shared.firestore import client as user_firestore
from shared.firestore.as_caller import IDENTITY, deadline
from shared.firestore.client import UserClient, client_for


def test_the_rules_apply_to_each_person(alice, bob, admin):
    alice.put("/api/session", {})

    assert alice.firestore.document(f"sessions/{alice.uid}").get().exists
    with pytest.raises(PermissionDenied):
        bob.firestore.document(f"sessions/{alice.uid}").get()


def test_what_production_refuses_to_a_user_is_refused_by_name(alice):
    db = alice.firestore
    ref = db.document(f"sessions/{alice.uid}")

    for call in (
        db.transaction,
        db.bulk_writer,
        lambda: list(ref.collections()),
        lambda: list(db.collections()),
        lambda: list(db.collection("sessions").list_documents()),
        lambda: list(db.pipeline().collection("sessions").execute()),
    ):
        with pytest.raises(RuntimeError, match="not for an end user"):
            call()


def test_threads_on_one_channel_are_never_mixed_up(person):
    people = [person(f"p{i}") for i in range(8)]
    for one in people:
        one.put("/api/session", {})
    start = threading.Barrier(len(people))

    def work(i):
        start.wait()
        mine, other = people[i], people[(i + 1) % len(people)]
        for _ in range(40):
            assert mine.firestore.document(f"sessions/{mine.uid}").get().get("user_id") == mine.uid
            with pytest.raises(PermissionDenied):
                mine.firestore.document(f"sessions/{other.uid}").get()

    with concurrent.futures.ThreadPoolExecutor(len(people)) as pool:
        list(pool.map(work, range(len(people))))


class Recorder(grpc.UnaryUnaryClientInterceptor, grpc.UnaryStreamClientInterceptor):
    """Below the client: what really leaves the process."""

    def __init__(self):
        self.sent, self.timeouts = [], []

    def _record(self, continuation, details, request):
        self.timeouts.append(details.timeout)
        self.sent.append([header for header in details.metadata if header[0] in IDENTITY])
        return continuation(details, request)

    intercept_unary_unary = intercept_unary_stream = _record


def test_every_call_is_bounded_and_none_goes_on_beyond_its_requests_deadline(alice, monkeypatch):
    recorder = Recorder()
    channel = grpc.intercept_channel(user_firestore.open_channel(), recorder)
    monkeypatch.setattr(user_firestore, "_channel", lambda: channel)
    db = UserClient(project=alice.project, id_token=alice.token)
    mine = db.collection("dungeonmind-objects").where(filter=FieldFilter("user_id", "==", alice.uid)).limit(1)

    def calls():
        recorder.timeouts.clear()
        db.document(f"sessions/{alice.uid}").delete()
        list(mine.stream())
        mine.count().get()
        list(db.get_all([db.document(f"sessions/{alice.uid}")]))
        return recorder.timeouts

    assert [timeout for timeout in calls() if not 9 < timeout <= 10] == []
    in_time = deadline.set(time.monotonic() + 3)
    assert [timeout for timeout in calls() if not 2 < timeout <= 3] == []
    deadline.reset(in_time)
    too_late = deadline.set(time.monotonic())
    with pytest.raises(DeadlineExceeded):
        db.document(f"sessions/{alice.uid}").delete()
    deadline.reset(too_late)


class BrokenOff(grpc.UnaryStreamClientInterceptor):
    """The first answer of a query breaks off after its first document."""

    def __init__(self):
        self.asked = 0

    def intercept_unary_stream(self, continuation, details, request):
        self.asked += 1
        call = continuation(details, request)
        return Broken(call) if self.asked == 1 else call


class Broken:
    def __init__(self, call):
        self.call, self.documents = call, 0

    def __getattr__(self, name):
        return getattr(self.call, name)

    def __iter__(self):
        return self

    def __next__(self):
        if self.documents:
            raise ServiceUnavailable("broken off")
        answer = next(self.call)
        self.documents += bool(answer.document.name)
        return answer


def test_a_query_whose_answer_breaks_off_goes_on_from_there(alice, monkeypatch):
    for name in ("a", "b", "c"):
        alice.post("/api/objects", {"id": f"{alice.uid}.{name}", "type": "item", "name": name})
    broken = BrokenOff()
    channel = grpc.intercept_channel(user_firestore.open_channel(), broken)
    monkeypatch.setattr(user_firestore, "_channel", lambda: channel)
    db = UserClient(project=alice.project, id_token=alice.token)
    mine = db.collection("dungeonmind-objects").where(filter=FieldFilter("user_id", "==", alice.uid))

    found = [one.get("name") for one in mine.where(filter=FieldFilter("trashed", "==", False)).limit(9).stream()]

    assert (sorted(found), broken.asked) == (["a", "b", "c"], 2)


def test_exactly_one_authorization_leaves_and_app_check_goes_along(alice, monkeypatch):
    recorder = Recorder()
    channel = grpc.intercept_channel(user_firestore.open_channel(), recorder)
    monkeypatch.setattr(user_firestore, "_channel", lambda: channel)
    db = UserClient(project=alice.project, id_token=alice.token, app_check_token="attested")

    db.document(f"sessions/{alice.uid}").get()
    db.document(f"sessions/{alice.uid}").delete()

    assert recorder.sent == [[("authorization", f"Bearer {alice.token}"), ("x-firebase-appcheck", "attested")]] * 2


def test_without_a_token_no_authorization_leaves_at_all(alice, monkeypatch):
    recorder = Recorder()
    channel = grpc.intercept_channel(user_firestore.open_channel(), recorder)
    monkeypatch.setattr(user_firestore, "_channel", lambda: channel)

    with pytest.raises(PermissionDenied):
        UserClient(project=alice.project, id_token="").document(f"sessions/{alice.uid}").get()

    assert recorder.sent == [[]]


@pytest.mark.parametrize("token", ["owner", "OWNER", "ya29.abc"])
def test_an_administrators_token_is_refused(token):
    with pytest.raises(ValueError, match="administrator"):
        UserClient(project="demo-x", id_token=token)


def test_a_client_is_kept_for_its_token_and_few_are_kept(alice):
    assert client_for(alice.token) is alice.firestore
    assert client_for(alice.token) is not client_for(alice.token, "attested")
    assert client_for.cache_info().maxsize == 64


def test_production_goes_to_firestore_over_tls_alone(monkeypatch):
    opened = []
    monkeypatch.delenv("FIRESTORE_EMULATOR_HOST")
    monkeypatch.setattr(grpc, "secure_channel", lambda *args, options: opened.append(args))
    monkeypatch.setattr(grpc, "insecure_channel", lambda *_, **__: pytest.fail("without TLS"))

    user_firestore.bare_channel()

    assert [target for target, _ in opened] == ["firestore.googleapis.com:443"]
    assert isinstance(opened[0][1], grpc.ChannelCredentials)


def test_the_private_names_that_we_use_are_still_there():
    assert isinstance(inspect.getattr_static(firestore.Client, "_firestore_api"), property)
    assert inspect.isfunction(firestore.WriteBatch._add_write_pbs)
    assert firestore.Client(project="demo-x").batch()._write_pbs == []
    assert firestore.Client(project="demo-x").document("a/b")._document_path.endswith("/documents/a/b")


def test_a_stream_that_is_counted_can_still_be_cancelled(alice):
    database = f"projects/{alice.project}/databases/(default)"
    session = f"{database}/documents/sessions/{alice.uid}"

    answers = alice.firestore._firestore_api.batch_get_documents({"database": database, "documents": [session]})

    assert answers.cancel() in (True, False)  # False: it was over already
