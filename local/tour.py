"""`make tour`: the main job's whole way on real items, with what each step asked of Firestore.

Two people, one with an account and one a guest, work in all four tools: autosaved in the session, saved as projects,
autosaved there, promoted. Then everything is looked for again with nothing but a token, opened again as a draft, and
compared with the source by local/tour_check.py, which shares no code with this. ITEMS names a file with other magic
items than tests/data/items.json.
"""

import json
import os
import sys
import urllib.request
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from local.ports import chosen, free
from local.processes import CannotRun, end_on_signals
from local.stack import ROOT, running
from local.tour_check import differences
from local.tour_visit import Tour, Visitor
from local.tour_work import Work, card, others

OURS = ROOT / "tests/data/items.json"
TOOLS = ("cardgenerator", "storegenerator", "ruleslawyer", "statblockgenerator")
OBJECTS = "/api/objects"


def make(visitor: Visitor, work: Work) -> None:
    """One piece of work as a person does it: typed in the session, saved as a project, finished there."""
    draft, projects = f"/api/session/tools/{work.tool}", f"/api/{work.tool}/projects"
    visitor.tour.at("autosave the draft, edit by edit")
    for number, edit in enumerate(work.typed):
        visitor.ask("PATCH" if number else "PUT", draft, edit)
    visitor.tour.at("save the draft as a project")
    project = {"id": str(uuid.uuid4()), "name": work.name, "from_draft": True}
    address = f"{projects}/{visitor.ask('POST', projects, project)['id']}"
    visitor.tour.at("autosave the project, edit by edit")
    for edit in work.finished:
        visitor.ask("PATCH", address, edit)


def walk(tour: Tour, items: Sequence[Mapping[str, Any]]) -> tuple[list[Visitor], int]:
    """Go the whole way; returns the people and the number of differences found."""
    tour.at("sign in: a guest, and two with an account")
    people = [tour.sign_up(f"{uuid.uuid4().hex}@example.test"), tour.sign_up()]
    stranger = tour.sign_up(f"{uuid.uuid4().hex}@example.test")
    tour.at("open a session")
    for visitor in (*people, stranger):
        visitor.ask("PUT", "/api/session", {})
    for number, work in enumerate([*map(card, items), *others()]):
        make(people[number % 2], work)

    people = [Visitor(tour, visitor.token) for visitor in people]  # a new browser: nothing but the token
    tour.at("start over: the session")
    for visitor in people:
        visitor.ask("PUT", "/api/session", {})
    tour.at("promote each project")
    for visitor in people:
        for tool in TOOLS:
            for project in visitor.summaries(f"/api/{tool}/projects", "projects"):
                visitor.ask("POST", OBJECTS + "/promote", {"tool": tool, "project_id": project["id"]})
    projects, objects = look(tour, people)
    look_as_a_stranger(stranger, people[0], projects, objects)
    return people, differences(items, projects, objects, reopen(tour, people))


def look(tour: Tour, people: Iterable[Visitor]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Every project and every object that these people find with nothing but their tokens."""
    tour.at("find every project, read it whole")
    lists = [(visitor, f"/api/{tool}/projects") for visitor in people for tool in TOOLS]
    projects = [project for visitor, path in lists for project in visitor.everything(path, "projects")]
    tour.at("find every object in the library, read it")
    return projects, [thing for visitor in people for thing in visitor.everything(OBJECTS, "objects")]


def reopen(tour: Tour, people: Iterable[Visitor]) -> list[dict[str, Any]]:
    """Open every object as a draft in its tool, and read the session; returns the drafts that are found there."""
    tour.at("open each object as a draft, read that, clear it")
    drafts = []
    for visitor in people:
        for thing in visitor.summaries(OBJECTS, "objects"):
            tool = visitor.ask("POST", f"{OBJECTS}/{thing['id']}/open", {"draft_id": str(uuid.uuid4())})["tool"]
            drafts.append(visitor.ask("GET", "/api/session")[tool])
            visitor.ask("PUT", f"/api/session/tools/{tool}", {})
    return drafts


def look_as_a_stranger(
    stranger: Visitor, owner: Visitor, projects: list[dict[str, Any]], objects: list[dict[str, Any]]
) -> None:
    """Nothing is there for them until it is published; then just that. Raises CannotRun if they see more, or less."""
    addresses = [f"/api/{project['tool']}/projects/{project['id']}" for project in projects]
    addresses += [f"{OBJECTS}/{thing['id']}" for thing in objects]

    def seen() -> list[str]:
        answers = {address: stranger.ask("GET", address, expect=(200, 404)) for address in addresses}
        return [address for address, answer in answers.items() if answer.get("status") != 404]

    stranger.tour.at("a stranger looks for each of them")
    lists = [stranger.summaries(f"/api/{tool}/projects", "projects") for tool in TOOLS]
    found = seen() + [summary for summaries in lists for summary in summaries] + stranger.summaries(OBJECTS, "objects")
    if found:
        raise CannotRun(f"A stranger sees what is not theirs: {found}")
    stranger.tour.at("one is published, and the stranger looks again")
    public = next(f"{OBJECTS}/{thing['id']}" for thing in owner.summaries(OBJECTS, "objects"))
    owner.ask("PATCH", public, {"visibility": "public"})
    listed = [f"{OBJECTS}/{thing['id']}" for thing in stranger.summaries(f"{OBJECTS}?public=true", "objects")]
    if seen() != [public] or public not in listed:
        raise CannotRun(f"A stranger should see {public} alone, and sees {seen()}.")
    owner.ask("PATCH", public, {"visibility": "private"})


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
    except FileNotFoundError as error:
        raise CannotRun(f"ITEMS={file}: there is no such file.") from error
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise CannotRun(f"ITEMS={file}: no list of magic items as JSON. {error}") from error
    return list(items)


def main() -> int:
    end_on_signals()
    try:
        items = read_items()
        with stack() as (url, auth):
            tour = Tour(url, auth)
            work = f"{len(items)} magic items and {len(others())} monsters, stores and rulings"
            print(f"{work}, half of them by somebody with an account, half by a guest.\n")
            _, found = walk(tour, items)
    except CannotRun as reason:
        print(f"\n{reason}")
        return 1
    print(f"  {'step':<48}{'requests':>9}{'reads':>8}{'writes':>8}{'ms each':>10}")
    for title, step in tour.steps.items():
        print(step.line(title))
    print(f"\n{len(items)} items, {tour.totals()}, {found} differences")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
