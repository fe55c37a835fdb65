"""POST /api/client-errors: what a page reports stands in the log, once, within its bounds and without a token."""

import json

import pytest
from test_bad_input import refused

from functions import client_errors
from shared.http.rate_limit import RateLimiter
from shared.schemas.client_error import TOKEN

REPORTS = "/api/client-errors"
WHOLE = {
    "message": "My Sunblade is missing",
    "status": {"state": "offline", "detail": "The network is gone", "at": "2026-11-24T20:00:00Z"},
    "ids": {"project": "p-1", "tab": "t-1", "device": None},
    "log": ["session created", "cardgenerator: itemDetails.name"],
    "url": "https://example.org/#/cards/p-1",
    "user_agent": "Mozilla/5.0",
}


@pytest.fixture
def logged(capsys):
    """The reports that were logged since it was last asked."""

    def lines():
        written = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
        return [line for line in written if line.get("event") == "client_error"]

    return lines


@pytest.fixture
def two_at_once(monkeypatch):
    """Buckets of two tokens, and a clock to turn on."""
    clock = [1_000.0]
    monkeypatch.setattr(
        client_errors, "limit_by_user", RateLimiter(burst=2, seconds_per_token=30, most=2, clock=lambda: clock[0])
    )
    return clock


@pytest.mark.parametrize("who", ["alice", "guest"])
def test_a_report_is_one_line_of_the_log(request, logged, who):
    person = request.getfixturevalue(who)

    answer = person.post(REPORTS, WHOLE, headers={"traceparent": f"00-{'a' * 32}-{'b' * 16}-01"})

    assert (answer.status_code, answer.data) == (204, b"")
    [line] = logged()
    trace = line.pop("logging.googleapis.com/trace")
    assert trace.endswith("a" * 32)
    assert line == {
        "severity": "WARNING",
        "message": "My Sunblade is missing",
        "event": "client_error",
        "uid": person.uid,
        "save_status": {"state": "offline", "detail": "The network is gone", "at": "2026-11-24 20:00:00+00:00"},
        **{name: WHOLE[name] for name in ("ids", "log", "url", "user_agent")},
    }


def test_a_message_and_the_state_alone_will_do(alice, logged):
    assert alice.post(REPORTS, {"message": "Lost", "status": "unsaved"}).status_code == 204

    [line] = logged()
    assert (line["message"], line["save_status"]) == ("Lost", {"state": "unsaved"})
    assert set(line) == {"severity", "message", "event", "uid", "save_status"}


def test_nobody_reports_without_a_token(nobody, logged):
    refused(nobody.post(REPORTS, WHOLE), 401, "token")

    assert logged() == []


def test_a_report_of_more_than_64_kb_is_413(alice, logged):
    refused(alice.post(REPORTS, {"message": "m", "log": ["x" * 64_000]}), 413, "64,000")

    assert logged() == []


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({}, "message"),
        ({"message": None}, "message"),
        ({"message": 5}, "message"),
        ({"message": ["a"]}, "message"),
        ({"message": "m", "status": 5}, "status"),
        ({"message": "m", "status": {}}, "status.state"),
        ({"message": "m", "status": {"state": "saved", "cards": []}}, "status.cards"),
        ({"message": "m", "ids": ["a"]}, "ids"),
        ({"message": "m", "ids": {"project": 5}}, "ids.project"),
        ({"message": "m", "ids": {f"i{n}": "x" for n in range(21)}}, "ids"),
        ({"message": "m", "log": "text"}, "log"),
        ({"message": "m", "log": [{"name": "Sunblade"}]}, "log.0"),
        ({"message": "m", "url": 5}, "url"),
        ({"message": "m", "user_agent": {}}, "user_agent"),
        ({"message": "m", "state": {"itemDetails": {}}}, "state"),
    ],
)
def test_a_report_of_the_wrong_shape_is_422_by_field_path(alice, logged, body, where):
    assert where in refused(alice.post(REPORTS, body), 422)["errors"]

    assert logged() == []


def test_what_is_too_long_is_cut_to_its_bounds(alice, logged):
    long = {
        "message": "m" * 2_001,
        "status": {"state": "s" * 41, "detail": "d" * 501},
        "ids": {"project": "p" * 201},
        "log": [f"{n} " + "l" * 300 for n in range(150)],
        "url": "https://example.org/" + "u" * 500,
        "user_agent": "a" * 501,
    }

    assert alice.post(REPORTS, long).status_code == 204

    [line] = logged()
    assert line["message"] == "m" * 2_000
    assert line["save_status"] == {"state": "s" * 40, "detail": "d" * 500}
    assert line["ids"] == {"project": "p" * 200}
    assert line["log"] == [f"{n} ".ljust(300, "l") for n in range(50, 150)]
    assert (len(line["url"]), line["user_agent"]) == (500, "a" * 500)


def test_a_token_is_never_logged(alice, logged, capsys):
    signed = alice.token + "c2lnbmVk"
    leaky = {
        "message": f"Bearer {alice.token} was refused",
        "status": {"state": "unsaved", "detail": signed},
        "ids": {"token": alice.token},
        "log": [f"sent with {signed}"],
        "url": f"https://example.org/?oobCode=secret#/cards/{alice.token}",
        "user_agent": alice.token,
    }

    assert alice.post(REPORTS, leaky).status_code == 204

    written = capsys.readouterr().out
    assert "Bearer (token) was refused" in written
    assert '"url": "https://example.org/#/cards/(token)"' in written
    assert not [part for part in (*signed.split("."), "secret") if part in written]


def test_after_too_many_reports_the_next_must_wait_and_is_not_logged(alice, logged, two_at_once):
    answers = [alice.post(REPORTS, WHOLE).status_code for _ in range(2)]
    too_many = alice.post(REPORTS, WHOLE)

    assert answers == [204, 204]
    refused(too_many, 429, "try again in 30 s")
    assert too_many.headers["Retry-After"] == "30"
    assert len(logged()) == 2
    two_at_once[0] += 29
    assert alice.post(REPORTS, WHOLE).headers["Retry-After"] == "1"
    two_at_once[0] += 1
    assert [alice.post(REPORTS, WHOLE).status_code for _ in range(2)] == [204, 429]


def test_who_sends_too_much_costs_no_parsing(alice, two_at_once, monkeypatch):
    for _ in range(2):
        alice.post(REPORTS, WHOLE)
    monkeypatch.setattr(client_errors.ClientError, "load", None)  # as would be called

    assert alice.post(REPORTS, {"message": "ey-" * 16_000}).status_code == 429


def test_many_people_at_one_address_share_a_bucket(alice, bob, two_at_once, monkeypatch):
    monkeypatch.setattr(
        client_errors,
        "limit_by_address",
        RateLimiter(burst=3, seconds_per_token=6, most=9, clock=lambda: two_at_once[0]),
    )
    here = {"X-Forwarded-For": "203.0.113.7, 10.0.0.1"}
    for person, expected in ((alice, 204), (alice, 204), (bob, 204), (bob, 429)):
        assert person.post(REPORTS, WHOLE, headers=here).status_code == expected

    assert bob.post(REPORTS, WHOLE, headers={"X-Forwarded-For": "203.0.113.8"}).status_code == 429  # two of his own


def test_what_only_begins_like_a_token_is_looked_at_once():
    assert len(list(TOKEN.finditer("ey-" * 16_000))) == 1


def test_two_people_do_not_share_a_bucket(alice, bob, two_at_once):
    for _ in range(3):
        alice.post(REPORTS, WHOLE)

    assert [bob.post(REPORTS, WHOLE).status_code for _ in range(3)] == [204, 204, 429]


def test_of_the_limit_by_user_only_the_ones_used_last_are_kept(two_at_once):
    limit_by_user = client_errors.limit_by_user

    assert [limit_by_user.wait(who) for who in ("alice", "alice", "alice", "bob", "alice", "carol", "bob")] == [
        *[0, 0, 30],
        *[0, 30, 0],  # carol's is the third: bob's goes
        0,
    ]
    assert [limit_by_user.wait(who) for who in ("carol", "alice")] == [0, 0]  # alice's went when bob's came again


def test_a_bucket_never_holds_more_than_it_holds(two_at_once):
    client_errors.limit_by_user.wait("alice")
    two_at_once[0] += 3_600

    assert [client_errors.limit_by_user.wait("alice") for _ in range(3)] == [0, 0, 30]
