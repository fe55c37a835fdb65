"""The first words that a person would read in a state, so that a list of saves says what is in each. Pure functions."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from shared.drafts import state_name
from shared.schemas.tools import Tool

LETTERS = 200
FIRST = ("name", "title", "description")  # what a thing is called comes before what else is said of it
# An id, an address, a picture as text, a step: nothing that somebody reads
UNREAD = re.compile(r"(_id|Id|_step|Step|_url|Url|^id|^metadata|^userId|^sessionId|[sS]tep_?[cC]ompletion)$")
ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*:\S+$", re.IGNORECASE)


def preview(tool: Tool | None, state: Mapping[str, Any]) -> str:
    """At most 200 letters: the thing's name first, then its other texts in order; empty if there is nothing to read."""
    things = {name for name in state if tool and tool.thing in (name, state_name(tool, name))}
    thing_first = sorted(state, key=lambda name: name not in things)
    found, length = [], 0
    for words in _texts({name: state[name] for name in thing_first}):
        found.append(words)
        length += len(words) + 1
        if length > LETTERS:
            break
    return " ".join(found)[:LETTERS].rstrip()


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name in sorted(value, key=lambda name: FIRST.index(name) if name in FIRST else len(FIRST)):
            if not UNREAD.search(name):
                yield from _texts(value[name])
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, str) and value.strip() and not ADDRESS.match(value[:4_000]):
        yield " ".join(value[: 2 * LETTERS].split())
