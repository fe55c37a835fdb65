"""The tour's people as their browsers speak for them, and what each step of their way costs."""

import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import requests

from local.processes import CannotRun


@dataclass
class Step:
    """What one step of the way cost so far."""

    ms: list[float] = field(default_factory=list)
    reads: int = 0
    writes: int = 0

    def line(self, title: str) -> str:
        each = f"{statistics.median(self.ms):.1f}" if self.ms else ""
        return f"  {title:<48}{len(self.ms):>9}{self.reads:>8}{self.writes:>8}{each:>10}"


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
            page = self.ask("GET", f"{path}{'&' if '?' in path else '?'}cursor={cursor}")
            found += page[kind]
        return found

    def everything(self, path: str, kind: str) -> list[dict[str, Any]]:
        """Each document of a list, read whole."""
        return [self.ask("GET", f"{path}/{summary['id']}") for summary in self.summaries(path, kind)]
