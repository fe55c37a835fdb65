"""`make tour`: the main job's whole way on real items, with what each step asked of Firestore.

Two people, one with an account and one a guest, make cards of the items: autosaved in the session, saved as projects,
autosaved there, promoted. Then everything is looked for again with nothing but a token, and compared with the source
by local/tour_check.py, which shares no code with this. ITEMS names a file with other items than tests/data/items.json.
"""

import json
import os
import statistics
import sys
import time
import urllib.request
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from local.ports import chosen, free
from local.processes import CannotRun, end_on_signals
from local.stack import ROOT, running
from local.tour_check import differences

OURS = ROOT / "tests/data/items.json"
DRAFT = "/api/session/tools/cardgenerator"
PROJECTS = "/api/cardgenerator/projects"
OBJECTS = "/api/objects"


@dataclass
class Step:
    """What one step of the way cost so far."""

    ms: list[float] = field(default_factory=list)
    reads: int = 0
    writes: int = 0

    def line(self, title: str) -> str:
        each = f"{statistics.median(self.ms):.1f}" if self.ms else ""
        return f"  {title:<42}{len(self.ms):>9}{self.reads:>8}{self.writes:>8}{each:>10}"


class Tour:
    """The way: where the stack is, and each step's cost. `at` says which step the next requests belong to."""

    def __init__(self, url: str, auth: str):
        self.url, self.auth = url, auth
        self.steps: dict[str, Step] = {}

    def at(self, title: str) -> None:
        self.step = self.steps.setdefault(title, Step())

    @contextmanager
    def timed(self) -> Iterator[dict[str, str]]:
        """Times one request; the Server-Timing header put into the dict tells what it asked of Firestore."""
        began, headers = time.perf_counter(), dict[str, str]()
        yield headers
        self.step.ms.append((time.perf_counter() - began) * 1000)
        words = headers.get("Server-Timing", "").partition('desc="')[2].strip('"').split()
        counts = dict(zip(words[1::2], map(int, words[::2]), strict=True))
        self.step.reads += counts.get("reads", 0)
        self.step.writes += counts.get("writes", 0)

    def sign_up(self, email: str | None = None) -> "Visitor":
        """Somebody with a new account at the Auth emulator, or a guest."""
        account = {"email": email, "password": "a long password"} if email else {}
        address = f"http://{self.auth}/identitytoolkit.googleapis.com/v1/accounts:signUp?key=local"
        with self.timed():
            answer = requests.post(address, json=account | {"returnSecureToken": True}, timeout=30)
        answer.raise_for_status()
        return Visitor(self, answer.json()["idToken"])

    def totals(self) -> str:
        steps = self.steps.values()
        requests_sent = sum(len(step.ms) for step in steps)
        return f"{requests_sent} requests, {sum(s.reads for s in steps)} reads, {sum(s.writes for s in steps)} writes"


class Visitor:
    """Somebody with a browser: a token, and nothing else that lasts."""

    def __init__(self, tour: Tour, token: str):
        self.tour, self.token = tour, token
        self._http = requests.Session()
        self._http.headers["Authorization"] = f"Bearer {token}"

    def ask(self, method: str, path: str, body: Any = None, expect: Sequence[int] = (200, 201)) -> Any:
        """The JSON of the answer. Raises CannotRun for a status that was not expected."""
        with self.tour.timed() as headers:
            answer = self._http.request(method, self.tour.url + path, json=body, timeout=30)
            headers |= answer.headers
        if answer.status_code not in expect:
            raise CannotRun(f"{method} {path} answered {answer.status_code}: {answer.text[:500]}")
        return answer.json()

    def summaries(self, path: str, kind: str) -> list[dict[str, Any]]:
        """A whole list, page by page."""
        page = self.ask("GET", path)
        found = list(page[kind])
        while cursor := page.get("next"):
            page = self.ask("GET", f"{path}?cursor={cursor}")
            found += page[kind]
        return found

    def everything(self, path: str, kind: str) -> list[dict[str, Any]]:
        """Each document of a list, read whole."""
        return [self.ask("GET", f"{path}/{summary['id']}") for summary in self.summaries(path, kind)]


def make_card(visitor: Visitor, item: Mapping[str, Any]) -> None:
    """One card as a person makes it: typed in the session, saved as a project, finished there."""
    facts = {"index": item["index"], "variant": item["variant"], "variants": item["variants"]}
    visitor.tour.at("autosave the draft, 3 edits an item")
    new = {"draft_id": str(uuid.uuid4()), "current_step": "text-generation", "draft_item_data": {"Name": item["name"]}}
    visitor.ask("PUT", DRAFT, new)
    for edit in (
        {"Type": item["equipment_category"]["name"], "RARITY": item["rarity"]["name"], "Description": "An it"},
        {"description": "\n\n".join(item["desc"]), "srd": facts | {"category": item["equipment_category"]["index"]}},
    ):
        visitor.ask("PATCH", DRAFT, {"draft_item_data": edit})

    visitor.tour.at("save the draft as a project")
    project = {"id": str(uuid.uuid4()), "name": item["name"], "from_draft": True}
    address = f"{PROJECTS}/{visitor.ask('POST', PROJECTS, project)['id']}"

    visitor.tour.at("autosave the project, 2 edits an item")
    visitor.ask("PATCH", address, {"state": {"itemDetails": {"properties": item["desc"]}}})
    visitor.ask("PATCH", address, {"state": {"currentStep": "final-assembly", "stepCompletion": {"core-image": True}}})


def walk(tour: Tour, items: Sequence[Mapping[str, Any]]) -> tuple[list[Visitor], int]:
    """Go the whole way; returns the people and the number of differences found."""
    tour.at("sign in: a guest, and two with an account")
    people = [tour.sign_up(f"{uuid.uuid4().hex}@example.test"), tour.sign_up()]
    stranger = tour.sign_up(f"{uuid.uuid4().hex}@example.test")
    tour.at("open a session")
    for visitor in (*people, stranger):
        visitor.ask("PUT", "/api/session", {})
    for number, item in enumerate(items):
        make_card(people[number % 2], item)

    people = [Visitor(tour, visitor.token) for visitor in people]  # a new browser: nothing but the token
    tour.at("start over: the session")
    for visitor in people:
        visitor.ask("PUT", "/api/session", {})
    tour.at("promote each project")
    for visitor in people:
        for project in visitor.summaries(PROJECTS, "projects"):
            visitor.ask("POST", OBJECTS + "/promote", {"project_id": project["id"]})
    found = look(tour, people)
    tour.at("a stranger looks for each of them")
    seen = stranger.summaries(PROJECTS, "projects") + stranger.summaries(OBJECTS, "objects")
    for place, documents in ((PROJECTS, found[0]), (OBJECTS, found[1])):
        for document in documents:
            refused = stranger.ask("GET", f"{place}/{document['id']}", expect=(200, 404))
            seen += [refused] if refused.get("status") != 404 else []
    if seen:
        raise CannotRun(f"A stranger sees {len(seen)} documents that are not his.")
    return people, differences(items, *found)


def look(tour: Tour, people: Iterable[Visitor]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Every project and every object that these people find with nothing but their tokens."""
    tour.at("find every project, read it whole")
    projects = [project for visitor in people for project in visitor.everything(PROJECTS, "projects")]
    tour.at("find every object in the library, read it")
    return projects, [thing for visitor in people for thing in visitor.everything(OBJECTS, "objects")]


@contextmanager
def stack() -> Iterator[tuple[str, str]]:
    """The page's URL and the Auth emulator's address: of the stack that runs here, or else of one of our own."""
    here = f"http://127.0.0.1:{chosen('PORT')}"
    try:
        with urllib.request.urlopen(f"{here}/__/stack.json", timeout=2) as answer:
            found = json.load(answer)
    except (OSError, ValueError):
        print("No stack runs here: starting one for the tour.")
        with running(ports=free) as ours:
            assert ours.url and ours.auth
            yield ours.url, ours.auth
    else:
        print(f"With the stack at {here}.")
        yield here, found["auth"]


def read_items() -> list[dict[str, Any]]:
    """The items of the file that ITEMS names, or our own. Raises CannotRun if they are none."""
    file = Path(os.environ.get("ITEMS") or OURS)
    try:
        items = json.loads(file.read_text())
        if not items or any({"index", "name", "rarity", "equipment_category", "desc"} - item.keys() for item in items):
            raise ValueError("no list of magic items in the 5e SRD's shape (index, name, rarity, desc, ...)")
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise CannotRun(f"ITEMS={file}: {error}") from error
    return list(items)


def main() -> int:
    end_on_signals()
    try:
        items = read_items()
        with stack() as (url, auth):
            tour = Tour(url, auth)
            print(f"{len(items)} magic items, half of them by somebody with an account, half by a guest.\n")
            _, found = walk(tour, items)
    except CannotRun as reason:
        print(f"\n{reason}")
        return 1
    print(f"  {'step':<42}{'requests':>9}{'reads':>8}{'writes':>8}{'ms each':>10}")
    for title, step in tour.steps.items():
        print(step.line(title))
    print(f"\n{len(items)} items, {tour.totals()}, {found} differences")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
