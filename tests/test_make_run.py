"""`make run`: it says where everything is, and leaves no process behind however it is ended."""

import os
import signal
import subprocess
import threading
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from local.firestore import ROOT
from local.ports import free

pytestmark = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="processes are found through /proc")


class Run:
    """One `make run`, whose every process is known by a mark in its environment."""

    def __init__(self, **environ: str):
        self.mark = f"STACK_TEST_MARK={uuid.uuid4()}"
        name, value = self.mark.split("=")
        ports = {port: str(free(port)) for port in ("PORT", "FIRESTORE_PORT", "AUTH_PORT")}
        not_ours = ("MAKE", "MFLAGS", "FIRE", "GOOGLE_CLOUD_PROJECT", "COV")  # of `make test` and its emulator
        inherited = {key: kept for key, kept in os.environ.items() if not key.startswith(not_ours)}
        self.ports = ports
        self.make = subprocess.Popen(
            ["make", "run"],
            cwd=ROOT,
            env={**inherited, **ports, name: value, **environ},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.printed = ""

    def until(self, text: str) -> None:
        """Read what it prints until the text is there."""
        assert self.make.stdout is not None
        for line in self.make.stdout:
            self.printed += line
            if text in line:
                return
        pytest.fail(f"{text!r} was never printed:\n{self.printed}")

    def processes(self) -> dict[int, str]:
        """Every living process of this run: its number and command line."""
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if self.mark.encode() in folder.joinpath("environ").read_bytes().split(b"\0"):
                    found[int(folder.name)] = folder.joinpath("cmdline").read_text().replace("\0", " ")
            except (FileNotFoundError, ProcessLookupError, PermissionError):
                continue
        return found

    def process(self, command: str) -> int:
        return min(number for number, line in self.processes().items() if command in line)

    def end(self) -> int:
        """Wait for make; its status. Fails unless every other process is gone soon after."""
        assert self.make.stdout is not None
        self.printed += self.make.stdout.read()
        status = self.make.wait(20)
        until = time.monotonic() + 5
        while self.processes() and time.monotonic() < until:
            time.sleep(0.05)
        assert self.processes() == {}
        return status


@pytest.fixture
def started() -> Iterator[list[Run]]:
    """The runs of a test; whatever a failing test leaves of them is killed."""
    runs: list[Run] = []
    yield runs
    for run in runs:
        for number in run.processes():
            os.kill(number, signal.SIGKILL)
        run.make.communicate()


@pytest.fixture
def auth() -> Iterator[str]:
    """The address of something that answers in the Auth emulator's place, which takes seconds to start."""

    class Yes(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Yes) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()


def test_make_run_says_where_everything_is_and_ctrl_c_leaves_no_process(started):
    run = Run()
    started.append(run)

    run.until("/api/session")
    page = urllib.request.urlopen(f"http://127.0.0.1:{run.ports['PORT']}/").read()
    os.killpg(run.make.pid, signal.SIGINT)  # as the terminal does
    run.end()

    assert b"DungeonMind" in page
    assert f"http://127.0.0.1:{run.ports['PORT']}" in run.printed
    assert f"127.0.0.1:{run.ports['FIRESTORE_PORT']}" in run.printed
    assert f"127.0.0.1:{run.ports['AUTH_PORT']}/identitytoolkit.googleapis.com/v1/accounts:signUp" in run.printed
    assert "demo-dungeonmind" in run.printed
    assert "nothing is left running" in run.printed


def test_sigterm_to_make_alone_leaves_no_process(started, auth):
    run = Run(FIREBASE_AUTH_EMULATOR_HOST=auth)
    started.append(run)

    run.until("/api/session")
    run.make.send_signal(signal.SIGTERM)

    assert run.end() != 0


def test_sigterm_to_python_leaves_no_process_even_while_starting(started):
    run = Run()
    started.append(run)

    run.until("rules")
    python = run.process("local.run")
    os.kill(python, signal.SIGTERM)
    with suppress(ProcessLookupError):
        os.kill(python, signal.SIGTERM)  # an impatient second one does not cut the ending short
    run.end()

    assert "nothing is left running" in run.printed


def test_sigkill_leaves_no_process(started, auth):
    run = Run(FIREBASE_AUTH_EMULATOR_HOST=auth)
    started.append(run)

    run.until("/api/session")
    os.kill(run.process("local.run"), signal.SIGKILL)

    assert run.end() != 0


def test_when_an_emulator_dies_all_stop_and_it_is_named_with_its_last_lines(started, auth):
    run = Run(FIREBASE_AUTH_EMULATOR_HOST=auth)
    started.append(run)

    run.until("/api/session")
    os.kill(run.process("--rules"), signal.SIGTERM)

    assert run.end() != 0
    assert "firestore ended with status" in run.printed
    assert "Dev App Server is now running" in run.printed
