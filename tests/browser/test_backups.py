"""Scenario 5: backups that are cut off, of wrong types, old, or somebody else's: what is sound in them comes back.

`becomes` says what a backup becomes where its project is stored with another quote: `exact`, its quote is in that
project; `untouched`, the project stays as it is; `once`, it is there once as a card of its own; `other`, nothing of
it is used. The page works in any case.
"""

import json
import re
import time
import uuid
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OURS = json.loads(ROOT.joinpath("tests/data/backups.json").read_text())
LEGACY = ROOT.parent / "shared/data/legacy/localstorage.json"  # reference material beside the project, where it is
THEN = {  # what becomes of each of the legacy backups; `expected` in the file says why
    "valid, newer than the saved project": "exact",
    "valid, older than the saved project": "untouched",
    "stale, 25 hours": "untouched",
    "without projectId": "matched",
    "without projectId, no project of that name": "once",
    "truncated JSON": "untouched",
    "wrong types": "untouched",
    "another user's": "other",
    "anonymous, then logged in": "once",
    "state key with picture": "once",
    "state key, initial state": "untouched",
    "backup key, older form": "exact",
    "backup key, bare state": "once",
    "giant": "once",
    "empty string": "untouched",
}
NOW = 1795352400_000  # of the legacy backups: 2026-11-22T13:00:00Z
SAVED = "As it was saved."
PUT = """async ({ key, value }) => {
  const name = key.replace('indexeddb:', '');
  if (name === key) return localStorage.setItem(key, value);
  const { createStore, set } = await import('/vendor/idb-keyval.js');
  await set(name, value, createStore('dungeonmind-storage', 'kept'));
}"""


def name_of(text):
    found = re.search(r'"name"\s*:\s*"([^"]+)"', text)
    return found[1] if found else None


def quote_of(text):
    return json.loads(re.search(r'"quote"\s*:\s*("(?:[^"\\]|\\.)*")', text)[1])


BLANK = {"/blank/": ("text/html", b'<!doctype html><title>-</title><link rel="icon" href="/favicon.svg">')}


def plant(desk, tab, key, value):
    """Put a backup where the page will find it: not while it runs, since it would write its own there."""
    desk.net.files = BLANK
    tab.page.goto(f"{tab.url}/blank/")
    tab.page.evaluate(PUT, {"key": key, "value": value})


def project_named(tab, name, project_id):
    state = {"itemDetails": {"name": name, "quote": SAVED}}
    tab.ask("POST", "/api/cardgenerator/projects", {"id": project_id, "name": name, "state": state})


def cards(tab):
    """Every card that is stored, each with the id of its project or None."""
    draft = tab.draft()
    return [*tab.projects().items(), *([(None, draft)] if draft else [])]


def came_back(tab, text, becomes, project):
    """Open the page, and compare what is stored with what should become of the backup of that text."""
    tab.open("/")
    tab.stored()
    stored = dict(cards(tab))
    own = stored.pop(project, {})
    rest = [card for card in stored.values() if card.get("name")]
    if becomes in ("exact", "matched"):
        assert (own["quote"], rest) == (quote_of(text), [])
    elif becomes == "once":
        assert own.get("quote", SAVED) == SAVED
        assert [card["name"] for card in rest] == [name_of(text)]
    else:
        assert (own.get("quote", SAVED), rest) == (SAVED, [])
    tab.new_card()
    tab.write({"Name": "Written afterwards"})
    tab.stored()
    assert tab.draft()["name"] == "Written afterwards"


THE_LAST_TWICE = [
    pytest.param(backup, id=backup["name"], marks=[pytest.mark.chromium] if number < len(OURS) - 1 else [])
    for number, backup in enumerate(OURS)
]


@pytest.mark.parametrize("backup", THE_LAST_TWICE)
def test_a_backup_in_whatever_state_does_no_harm(desk, backup):
    tab = desk.tab().open()
    uid = tab.page.evaluate("() => storage.user.get().uid")
    project = str(uuid.uuid4())
    project_named(tab, "Pale Lamp", project)
    now = round(time.time() * 1000)
    text = backup["value"] if isinstance(backup["value"], str) else json.dumps(backup["value"])
    for word, value in {"UID": uid, "PROJECT": project}.items():
        text = text.replace(word, value)
    text = text.replace('"AFTER"', str(now + 60_000)).replace('"BEFORE"', str(now - 3_600_000))
    value = text if isinstance(backup["value"], str) else json.loads(text)

    plant(desk, tab, backup["key"].replace("UID", uid).replace("PROJECT", project), value)

    came_back(tab, text, backup["becomes"], project)


@pytest.mark.chromium
@pytest.mark.skipif(not LEGACY.exists(), reason="the reference material is not here")
@pytest.mark.parametrize("name", THEN)
def test_a_backup_of_the_first_system_does_what_a_person_would_want(desk, name):
    [backup] = [entry for entry in json.loads(LEGACY.read_text()) if entry["name"] == name]
    text = backup["value"]
    tab = desk.tab().open()
    uid = tab.page.evaluate("() => storage.user.get().uid")
    if THEN[name] != "other":
        text = re.sub(r"u-(ada|brim|cyra)", uid, text)
    project = str(uuid.uuid4())
    if found := re.search(r'"projectId"\s*:\s*"([^"]+)"', text):
        text = text.replace(found[1], project)
    if THEN[name] != "once":
        project_named(tab, name_of(text) or "Greataxe", project)
    shift = round(time.time() * 1000) + 30 * 60_000 - NOW  # the projects here were saved just now
    text = re.sub(r"\b1795\d{9}\b", lambda stamp: str(int(stamp[0]) + shift), text)

    plant(desk, tab, backup["key"], text)

    came_back(tab, text, THEN[name], project)
    if THEN[name] == "other":
        assert tab.page.evaluate("(key) => localStorage.getItem(key)", backup["key"]) == text
