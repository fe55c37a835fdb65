"""Backups as pages left them in a browser: cut off, of wrong types, old, or somebody else's; and what becomes of each.

`becomes`, where the project of a backup is stored with another quote: `exact` and `matched`, the backup's quote is in
that project; `untouched`, the project stays as it is; `once`, it is there once as a card of its own; `other`, nothing
of it is used, and it stays where it is for its owner.
"""

import json
import re
import time
from dataclasses import dataclass
from typing import Any

from local.stack import ROOT

LEGACY = ROOT.parent / "shared/data/legacy/localstorage.json"  # reference material beside the project, where it is
BECOMES = {  # what becomes of each of the legacy backups; `expected` in the file says why
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


@dataclass(frozen=True)
class Left:
    """What a page left: the key that it lies under, `indexeddb:` before it if not in localStorage, and the value."""

    name: str
    becomes: str
    key: str
    value: Any
    project: str | None  # the name of a project that is stored under the backup's id, if one is

    @property
    def text(self) -> str:
        return self.value if isinstance(self.value, str) else json.dumps(self.value)

    @property
    def card(self) -> str | None:
        found = re.search(r'"name"\s*:\s*"([^"]+)"', self.text)
        return found[1] if found else None

    @property
    def quote(self) -> Any:
        found = re.search(r'"quote"\s*:\s*("(?:[^"\\]|\\.)*")', self.text)
        assert found
        return json.loads(found[1])

    def left_by(self, uid: str, project: str) -> "Left":
        """The same, as this user's page would have left it of the project with that id."""
        return _legacy(self, uid, project) if self.name in BECOMES else _ours(self, uid, project)


def _ours(left: Left, uid: str, project: str) -> Left:
    now = round(time.time() * 1000)
    text = left.text.replace("UID", uid).replace("PROJECT", project)
    text = text.replace('"AFTER"', str(now + 60_000)).replace('"BEFORE"', str(now - 3_600_000))
    value = text if isinstance(left.value, str) else json.loads(text)
    return Left(left.name, left.becomes, left.key.replace("UID", uid).replace("PROJECT", project), value, left.project)


def _legacy(left: Left, uid: str, project: str) -> Left:
    text = left.text if left.becomes == "other" else re.sub(r"u-(ada|brim|cyra)", uid, left.text)
    if found := re.search(r'"projectId"\s*:\s*"([^"]+)"', text):
        text = text.replace(found[1], project)
    shift = round(time.time() * 1000) + 30 * 60_000 - NOW  # the projects here were saved just now
    text = re.sub(r"\b1795\d{9}\b", lambda stamp: str(int(stamp[0]) + shift), text)
    return Left(left.name, left.becomes, left.key, text, left.project)


def ours() -> list[Left]:
    found = json.loads(ROOT.joinpath("tests/data/backups.json").read_text())
    return [Left(one["name"], one["becomes"], one["key"], one["value"], "Pale Lamp") for one in found]


def legacy() -> list[Left]:
    """What the first system's clients left; nothing where the reference material is not here."""
    found = json.loads(LEGACY.read_text()) if LEGACY.exists() else []
    left = [Left(one["name"], BECOMES[one["name"]], one["key"], one["value"], None) for one in found]
    return [
        one if one.becomes == "once" else Left(one.name, one.becomes, one.key, one.value, one.card or "Greataxe")
        for one in left
    ]


def check(left: Left, project: str, stored: dict[str | None, dict[str, Any]]) -> None:
    """Whether these cards, each by the id of its project or None for the draft, are what should become of it."""
    own = stored.get(project, {})
    rest = [card for place, card in stored.items() if place != project and card.get("name")]
    if left.becomes in ("exact", "matched"):
        assert (own["quote"], rest) == (left.quote, [])
    elif left.becomes == "once":
        assert own.get("quote", SAVED) == SAVED
        assert [card["name"] for card in rest] == [left.card]
    else:
        assert (own.get("quote", SAVED), rest) == (SAVED, [])
