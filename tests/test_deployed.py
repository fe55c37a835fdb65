"""The functions as they are deployed: functions-framework under gunicorn, one process a function."""

import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request

import pytest

from local.ports import free, opened
from local.stack import ROOT

DRAFT = {"draft_item_data": {"name": "Sunblade"}}


@pytest.fixture
def session_function():
    """Starts the process and gives its URL at once, while it is still importing."""
    port = free("session")
    command = [sys.executable, "-m", "functions_framework", "--target=session", "--source=main.py", f"--port={port}"]
    with subprocess.Popen(command, cwd=ROOT, env=os.environ | {"THREADS": "16"}, stdout=subprocess.DEVNULL) as process:
        yield f"http://127.0.0.1:{port}", port
        process.terminate()


def test_16_requests_sent_at_once_to_a_process_that_just_started_are_all_answered(session_function, person):
    url, port = session_function
    people = [person(f"p{i}") for i in range(16)]
    statuses, ready = [], threading.Event()

    def first_request(one):
        ready.wait()
        headers = {"Authorization": f"Bearer {one.token}", "Content-Type": "application/json"}
        request = urllib.request.Request(f"{url}/api/session", b"{}", headers, method="PUT")
        with urllib.request.urlopen(request, timeout=20) as answer:
            statuses.append((answer.status, json.load(answer)["user_id"] == one.uid))

    threads = [threading.Thread(target=first_request, args=(one,)) for one in people]
    for thread in threads:
        thread.start()
    opened(port)  # before any worker has answered anything
    ready.set()
    for thread in threads:
        thread.join()

    assert statuses == [(201, True)] * 16


def test_a_client_that_keeps_its_connection_open_after_the_answer_holds_up_nobody(session_function):
    _, port = session_function
    request = b"GET /api/session HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n"
    opened(port)
    holding, took = [], []
    for _ in range(4):
        began = time.monotonic()
        one = socket.create_connection(("127.0.0.1", port))
        one.sendall(request)
        assert one.recv(12) == b"HTTP/1.1 401"
        holding.append(one)  # and reads no more, and does not close
        took.append(time.monotonic() - began)
    for one in holding:
        one.close()

    assert max(took[1:]) < 1.5  # gunicorn 26 and 27 read on from the first for 2 s, and answered nobody meanwhile


def test_one_json_line_a_request_is_logged_without_token_or_content(capfd, alice):
    alice.put("/api/session", {})
    capfd.readouterr()

    trace = {"traceparent": f"00-{'ab' * 16}-{'cd' * 8}-01"}
    alice.patch("/api/session/tools/cardgenerator", DRAFT, headers=trace)
    alice.get("/api/cardgenerator/projects/none?name=Sunblade")

    saved, missing = map(json.loads, capfd.readouterr().out.splitlines())
    assert saved["severity"] == "INFO"
    assert saved["message"] == "PATCH /api/session/tools/<tool:tool> 200"
    assert (saved["uid"], saved["status"], saved["firestore"]) == (alice.uid, 200, {"Commit": 1, "writes": 1})
    assert saved["logging.googleapis.com/trace"] == f"projects/{alice.project}/traces/{'ab' * 16}"
    assert missing["status"] == 404
    assert not any(secret in json.dumps([saved, missing]) for secret in ("Sunblade", alice.token))


def test_a_bug_is_a_500_without_a_word_of_it_and_an_error_in_the_log(capfd, alice, monkeypatch):
    monkeypatch.setattr("functions.session.shown", lambda stored: {"x": stored["no such secret"]})
    alice.put("/api/session", {})
    capfd.readouterr()

    answer = alice.get("/api/session")

    assert (answer.status_code, answer.mimetype) == (500, "application/problem+json")
    assert "secret" not in answer.text and "Traceback" not in answer.text
    bug, line = map(json.loads, capfd.readouterr().out.splitlines())
    assert (bug["severity"], line["severity"]) == ("ERROR", "ERROR")
    assert "KeyError: 'no such secret'" in bug["message"]
