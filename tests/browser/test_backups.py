"""Scenario 5 in a browser: what it kept of an earlier page is found there, and what is broken does no harm.

Every backup of the corpus is read and sent by tests/test_backups.py; here are those that stand for a place of storage.
"""

import uuid

import corpus
import pytest

PUT = """async ({ key, value }) => {
  const name = key.replace('indexeddb:', '');
  if (name === key) return localStorage.setItem(key, value);
  const { createStore, set } = await import('/vendor/idb-keyval.js');
  await set(name, value, createStore('dungeonmind-storage', 'kept'));
}"""
BLANK = {"/blank/": ("text/html", b'<!doctype html><title>-</title><link rel="icon" href="/favicon.svg">')}
HERE = [
    pytest.param("newer than its project", marks=pytest.mark.chromium),  # of the first system, in localStorage
    pytest.param("cut off in the middle of a text", marks=pytest.mark.chromium),
    "of this page, whole",  # in IndexedDB, where browsers differ
]


def cards(tab):
    """Every card that is stored, each by the id of its project, the draft by None."""
    return tab.projects() | {None: tab.draft()}


@pytest.mark.parametrize("name", HERE)
def test_a_backup_that_the_browser_kept_comes_back_or_does_no_harm(desk, name):
    tab = desk.tab().open()
    uid = tab.page.evaluate("() => storage.user.get().uid")
    project = str(uuid.uuid4())
    [left] = [one.left_by(uid, project) for one in corpus.ours() if one.name == name]
    state = {"itemDetails": {"name": left.project, "quote": corpus.SAVED}}
    tab.ask("POST", "/api/cardgenerator/projects", {"id": project, "name": left.project, "state": state})

    desk.net.files = BLANK  # not while the page runs, since it would write its own there
    tab.page.goto(f"{tab.url}/blank/")
    tab.page.evaluate(PUT, {"key": left.key, "value": left.value})
    tab.open("/")
    tab.status("saved", "changed elsewhere")  # what it overwrites, if anything, is an open conflict

    corpus.check(left, project, cards(tab))
    tab.new_card()
    tab.write({"Name": "Written afterwards"})
    tab.stored()
    assert tab.draft()["name"] == "Written afterwards"
