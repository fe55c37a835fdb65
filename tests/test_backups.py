"""Scenario 5 without a browser: what earlier pages left is read by the client, in Node, and sent to the real functions.

tests/browser/test_backups.py has the same of a few, in browsers.
"""

import json
import subprocess
import threading
import uuid
from contextlib import contextmanager

import corpus
import pytest
from werkzeug.serving import make_server

from local.stack import ROOT

PROJECTS = "/api/cardgenerator/projects"


@pytest.fixture(scope="module")
def url(hosting):
    """The functions over HTTP, for a page that is no Python."""
    serving = make_server("127.0.0.1", 0, hosting.application, threaded=True)
    threading.Thread(target=serving.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{serving.port}"
    serving.shutdown()
    serving.server_close()


@contextmanager
def page(url, person, kept):
    """A page of this person in a browser that has this in its storage; gives what asks it to go on."""
    command = ["node", "tests/page.mjs"]
    with subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as node:

        def say(line):
            node.stdin.write(json.dumps(line) + "\n")
            node.stdin.flush()
            return json.loads(node.stdout.readline() or pytest.fail("the page ended"))

        try:
            assert say({"url": url, "uid": person.uid, "token": person.token, "kept": kept}) == "stored"
            yield say
        finally:
            node.kill()


def cards(person):
    """Every card that is stored, each by the id of its project, the draft by None."""
    ids = [project["id"] for project in person.get(PROJECTS).json["projects"]]
    stored = {id: person.get(f"{PROJECTS}/{id}").json.get("state", {}).get("itemDetails", {}) for id in ids}
    return stored | {None: person.get("/api/session").json.get("cardgenerator", {}).get("draft_item_data", {})}


@pytest.mark.parametrize("left", [*corpus.ours(), *corpus.legacy()], ids=lambda left: left.name)
def test_a_backup_in_whatever_state_comes_back_or_does_no_harm(alice, url, left):
    project = str(uuid.uuid4())
    if left.project:
        state = {"itemDetails": {"name": left.project, "quote": corpus.SAVED}}
        assert alice.post(PROJECTS, {"id": project, "name": left.project, "state": state}).status_code == 201
    left = left.left_by(alice.uid, project)

    with page(url, alice, {left.key: left.value}) as say:
        corpus.check(left, project, cards(alice))
        remains = say("begin a new card")

    assert cards(alice)[None]["name"] == "Written afterwards"
    assert left.becomes != "other" or remains[left.key] == left.text


def test_the_legacy_backups_are_all_known(request):
    if not corpus.LEGACY.exists():
        pytest.skip("the reference material is not here")
    assert [left.name for left in corpus.legacy()] == list(corpus.BECOMES)
