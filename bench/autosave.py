"""`make bench-autosave`: what an autosave, a read and a page of a list cost, in empty functions.

Each is served as it is deployed (functions-framework under gunicorn, one process), on the local Firestore with rules.
Three rounds, in each all in turn, since this machine's speed changes by the minute; CPU of the function's processes
from /proc. And with the store 10 ms away: how many autosaves 8 clients get done, of what bare Commits reach.

Prints one table and writes build/bench.json.
"""

import json
import os
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import Any

from bench.served import Asked, Served, ask, served
from local.ports import free, opened
from local.stack import ROOT, Stack, running
from local.unsigned_tokens import mint
from shared.call import Call, Caller
from shared.firestore.client import UserClient
from shared.firestore.field_paths import field_paths
from shared.session.document import save_session

ROUNDS = 3
REQUESTS = {1: 600, 16: 1600}  # a round, by clients
PAGES = 60
AWAY = 10  # ms
FAR_CLIENTS = 8
SUMMARIES = 50
DRAFT = "/api/session/tools/cardgenerator"
PROJECTS = "/api/cardgenerator/projects"


def state() -> dict[str, Any]:
    """A card of about 2.3 kB, as the tool keeps it while somebody types."""
    items = json.loads(ROOT.joinpath("tests/data/items.json").read_text())
    texts = [" ".join(item["desc"]) for item in items]
    properties = [f"{item['name']}: {item['rarity']['name']}" for item in items[:8]]
    return {
        "current_step": "text-generation",
        "draft_item_data": {
            "name": items[0]["name"],
            "type": "Weapon",
            "rarity": "Rare",
            "value": "500 gp",
            "weight": "2 lbs",
            "properties": properties,
            "description": " ".join(texts)[:1500],
            "quote": texts[1][:160],
        },
    }


class Bench:
    """Somebody with a session, a project and a long list, and the functions that serve them."""

    def __init__(self, stack: Stack, empty: Served, session: Served, projects: Served):
        self.session, self.projects = session, projects
        self.uid = f"bench-{uuid.uuid4().hex[:8]}"
        self.token = mint(self.uid, stack.project, "password", name="Bench")
        self.asked = {
            "empty": (empty, Asked("GET", "/")),
            "autosave": (session, self.to("PATCH", DRAFT, state())),
            "read": (projects, self.to("GET", f"{PROJECTS}/p0")),
        }
        self.page = self.to("GET", PROJECTS)

    def to(self, method: str, path: str, body: Any = None) -> Asked:
        """A request of theirs."""
        return Asked(method, path, self.token, body and json.dumps(body).encode(), {"X-Device-Id": "bench"})

    def begin(self) -> None:
        """The session, and the projects of the list."""
        ask(self.session, self.to("PUT", "/api/session", {"device": {"platform": "web"}}), 1, 1)
        content = {"itemDetails": state()["draft_item_data"]}
        for number in range(SUMMARIES + 1):
            project = {"id": f"p{number}", "name": f"Card {number}", "state": content, "tags": ["bench"]}
            ask(self.projects, self.to("POST", PROJECTS, project), 1, 1)
        for function, asked in self.asked.values():  # what is done once only
            ask(function, asked, 16, 160)
        ask(self.projects, self.page, 1, 5)

    def cost(self, name: str, clients: int) -> tuple[float, float]:
        """ms of CPU a request, and requests a second."""
        function, asked = self.asked[name]
        return self.measured(function, asked, clients, REQUESTS[clients])

    @staticmethod
    def measured(function: Served, asked: Asked, clients: int, count: int) -> tuple[float, float]:
        """The same of any request."""
        before = function.cpu()
        seconds = ask(function, asked, clients, count)
        return (function.cpu() - before) * 1000 / count, count / seconds


def commits_of(bench: Bench, project: str) -> Any:
    """What sends the Commit of one autosave again, as the function sends it."""
    client = UserClient(project=project, id_token=bench.token)
    seen: list[Any] = []
    send = client.commit

    def kept(sent: Any) -> Any:
        seen.append(sent)
        return send(sent)

    client.commit = kept  # type: ignore[method-assign]
    call = Call(caller=Caller(bench.uid, "Bench", "password", bench.token), db=client, device="bench")
    save_session(call, field_paths(state(), "cardgenerator"))
    return lambda: send(seen[0])


def per_second(send: Any, clients: int, count: int) -> float:
    """How many a second, by as many threads."""
    began = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(lambda _: send(), range(count)))
    return count / (time.perf_counter() - began)


@contextmanager
def away(store: str) -> Iterator[str]:
    """The address of the store, some milliseconds away."""
    port = free("far")
    with subprocess.Popen([sys.executable, "-m", "bench.far", str(port), store, str(AWAY)], cwd=ROOT) as process:
        try:
            opened(port)
            yield f"127.0.0.1:{port}"
        finally:
            process.terminate()


def far_percent(bench: Bench, stack: Stack) -> float:
    """Autosaves of 8 clients with the store 10 ms away, in percent of what bare Commits reach."""
    with away(stack.firestore) as store:
        environ = {"GOOGLE_CLOUD_PROJECT": stack.project, "FIRESTORE_EMULATOR_HOST": store}
        os.environ |= environ
        send = commits_of(bench, stack.project)
        with served("session", environ) as far:
            _, asked = bench.asked["autosave"]
            ask(far, asked, FAR_CLIENTS, 80)
            per_second(send, FAR_CLIENTS, 80)
            shares = []
            for _ in range(ROUNDS):
                bare = per_second(send, FAR_CLIENTS, 800)
                shares.append(100 * 800 / ask(far, asked, FAR_CLIENTS, 800) / bare)
        return statistics.median(shares)


def main() -> None:
    """Measure, print the table, write build/bench.json."""
    with ExitStack() as started:
        stack = started.enter_context(running(auth=False, hosting=False, ports=free))
        environ = {"GOOGLE_CLOUD_PROJECT": stack.project, "FIRESTORE_EMULATOR_HOST": stack.firestore}
        empty = started.enter_context(served("empty", environ, source="bench/empty.py"))
        functions = [started.enter_context(served(name, environ)) for name in ("session", "projects")]
        bench = Bench(stack, empty, *functions)
        bench.begin()
        costs: dict[tuple[str, int], list[tuple[float, float]]] = {}
        pages = []
        for _ in range(ROUNDS):
            for clients in REQUESTS:
                for name in bench.asked:
                    costs.setdefault((name, clients), []).append(bench.cost(name, clients))
            pages.append(bench.measured(bench.projects, bench.page, 1, PAGES)[0])
        far = far_percent(bench, stack)

    def ratio(name: str, clients: int) -> float:
        pairs = zip(costs[name, clients], costs["empty", clients], strict=True)
        return round(statistics.median(ours / unit for (ours, _), (unit, _) in pairs), 2)

    print(f"{'':<10} {'clients':>7} {'CPU ms':>7} {'of empty':>8} {'a second':>8}")
    for (name, clients), found in costs.items():
        cpu, speed = (statistics.median(values) for values in zip(*found, strict=True))
        print(f"{name:<10} {clients:>7} {cpu:>7.2f} {ratio(name, clients):>8} {speed:>8.0f}")
    figures = {
        "autosave_cpu_ratio": ratio("autosave", 1),
        "autosave_cpu_ratio_16": ratio("autosave", 16),
        "read_cpu_ratio": ratio("read", 1),
        "list_page_cpu_ms": round(statistics.median(pages), 1),
        "far_store_percent": round(far),
    }
    print(f"a page of {SUMMARIES} summaries: {figures['list_page_cpu_ms']} ms of CPU")
    print(f"store {AWAY} ms away, {FAR_CLIENTS} clients: {figures['far_store_percent']} % of bare Commits")
    target = ROOT / "build/bench.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(figures, indent=2) + "\n")
    print(f"written: {target.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
