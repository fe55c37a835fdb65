"""The local stack starts whole or not at all, and says why not and what to do."""

import re
import socket
import subprocess
import urllib.error
import urllib.request

import pytest

from local.firestore import load_rules
from local.ports import chosen, free
from local.processes import CannotRun
from local.setup import Installation, install
from local.stack import running

OPEN_RULES = """rules_version = '2';
service cloud.firestore {
  match /databases/{database}/documents/{document=**} {
    allow read, write;
  }
}
"""


def status(url: str, token: str | None = None) -> int:
    """How the server answers a GET."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:
            return answer.status
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code


@pytest.fixture(autouse=True)
def nothing_runs_yet(monkeypatch):
    for name in ("FIRESTORE_EMULATOR_HOST", "FIREBASE_AUTH_EMULATOR_HOST", "GOOGLE_CLOUD_PROJECT"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def nothing_may_start(monkeypatch):
    def start(*args, **kwargs):
        pytest.fail(f"started {args}")

    monkeypatch.setattr(subprocess, "Popen", start)


def start_and_stop(**options):
    with running(**options):
        pass


def test_the_rules_are_on_for_every_project():
    with running(auth=False, hosting=False, ports=free) as stack:
        for project in (stack.project, "demo-another"):
            session = f"http://{stack.firestore}/v1/projects/{project}/databases/(default)/documents/sessions/alice"

            assert status(session) == 403
            assert status(session, token="owner") == 404


def test_afterwards_the_ports_are_free_again_and_every_child_has_ended():
    with running(auth=False, hosting=False, ports=free) as stack:
        port = int(stack.firestore.split(":")[1])
        assert [child.process.poll() for child in stack.children] == [None]

    assert all(child.process.returncode is not None for child in stack.children)
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_every_child_has_ended_too_after_an_error_in_the_test_that_uses_it():
    with pytest.raises(ZeroDivisionError), running(auth=False, hosting=False, ports=free) as stack:
        1 / 0  # noqa: B018

    assert [child.process.returncode is not None for child in stack.children] == [True]


def test_rules_that_do_not_compile_start_nothing_and_their_line_is_shown(tmp_path):
    broken = tmp_path / "firestore.rules"
    broken.write_text(OPEN_RULES.replace("allow", "alow"))

    with pytest.raises(CannotRun, match=r"does not compile(.|\n)*L4:\d+ .*alow.*\n.*4 \| alow read, write;"):
        start_and_stop(auth=False, hosting=False, ports=free, rules=broken)


def test_broken_rules_loaded_into_a_running_emulator_leave_the_good_ones_in_force(tmp_path):
    broken = tmp_path / "firestore.rules"
    broken.write_text("service cloud.firestore {")

    with running(auth=False, hosting=False, ports=free) as stack:
        with pytest.raises(CannotRun):
            load_rules(stack.firestore, stack.project, broken)

        assert (
            status(f"http://{stack.firestore}/v1/projects/{stack.project}/databases/(default)/documents/sessions/alice")
            == 403
        )


def test_a_firestore_that_the_environment_names_is_used_and_given_the_rules(monkeypatch, tmp_path):
    with running(auth=False, hosting=False, ports=free) as theirs:
        monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", theirs.firestore)
        rules = tmp_path / "firestore.rules"
        rules.write_text(OPEN_RULES)
        anything = f"http://{theirs.firestore}/v1/projects/{theirs.project}/databases/(default)/documents/x/y"
        before = status(anything)

        with running(auth=False, hosting=False, ports=free, rules=rules) as ours:
            assert ours.firestore == theirs.firestore
            assert list(ours.children) == []
            assert (before, status(anything)) == (403, 404)
        assert theirs.children[0].process.poll() is None


@pytest.mark.parametrize("name", ["FIRESTORE_EMULATOR_HOST", "FIREBASE_AUTH_EMULATOR_HOST"])
def test_an_emulator_that_the_environment_names_but_that_does_not_run_is_named(monkeypatch, name):
    monkeypatch.setenv(name, f"127.0.0.1:{free(name)}")

    with pytest.raises(CannotRun, match=f"unset {name}"):
        start_and_stop(auth=name == "FIREBASE_AUTH_EMULATOR_HOST", hosting=False, ports=free)


def test_a_real_project_is_refused(monkeypatch, nothing_may_start):
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "dungeonmind-production")

    with pytest.raises(CannotRun, match=r"dungeonmind-production.*demo-"):
        start_and_stop(ports=free)


def test_a_demo_project_of_another_name_is_used(monkeypatch):
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "demo-friday")

    with running(auth=False, hosting=False, ports=free) as stack:
        assert stack.project == "demo-friday"


@pytest.mark.parametrize("name", ["PORT", "FIRESTORE_PORT", "AUTH_PORT"])
@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0"])
def test_a_taken_port_is_named_with_another_that_is_free(monkeypatch, nothing_may_start, name, address):
    with socket.socket() as somebody:
        somebody.bind((address, 0))
        somebody.listen()
        taken = somebody.getsockname()[1]

        with pytest.raises(CannotRun, match=rf"Port {taken} .*taken.* {name}=\d+ make run") as refusal:
            start_and_stop(ports=lambda wanted: taken if wanted == name else free(wanted))

        other = re.search(rf"{name}=(\d+)", str(refusal.value))
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", int(other[1])))


def test_two_servers_cannot_have_one_port(nothing_may_start):
    port = free("PORT")

    with pytest.raises(CannotRun, match=f"{port} is asked for twice"):
        start_and_stop(ports=lambda name: port)


@pytest.mark.parametrize("value", ["many", "-1", "0", "65536", "5000.5"])
def test_a_port_that_is_no_number_is_refused_by_name(monkeypatch, value):
    monkeypatch.setenv("AUTH_PORT", value)

    with pytest.raises(CannotRun, match=f"AUTH_PORT={re.escape(value)} "):
        chosen("AUTH_PORT")


def test_the_usual_ports_can_be_chosen_anew(monkeypatch):
    monkeypatch.delenv("FIRESTORE_PORT", raising=False)
    monkeypatch.setenv("PORT", "5001")

    assert (chosen("PORT"), chosen("FIRESTORE_PORT")) == (5001, 8080)


def test_what_failed_to_install_is_told_with_its_last_lines_and_made_again(tmp_path):
    stamp = tmp_path / "stamp"
    stamp.write_text("of an older one")
    fails = Installation("Dragons", ["sh", "-c", "echo no room; exit 3"], stamp, "digest")
    works = Installation("Dragons", ["true"], stamp, "digest")

    with pytest.raises(CannotRun, match=r"Dragons ended with status 3(.|\n)*no room"):
        install([fails])
    after_the_failure = works.missing(), Installation("Dragons", ["true"], stamp, "of an older one").missing()
    install([works])

    assert after_the_failure == (True, True)  # the older one too may be half gone
    assert not works.missing()
    assert Installation("Dragons", ["true"], stamp, "another digest").missing()
