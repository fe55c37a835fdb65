"""The local stack: Firestore with the rules on, Auth, and the page and the functions on one port.

    make run                                                        until Ctrl-C
    with running(auth=False, hosting=False, ports=free) as stack:   a test's own

Where FIRESTORE_EMULATOR_HOST or FIREBASE_AUTH_EMULATOR_HOST is set, the emulator that runs there is used.
"""

import os
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from local import firestore
from local.ports import chosen, require_free
from local.processes import CannotRun, Child, Start, children

ROOT = firestore.ROOT
Say = Callable[[str], None]
VARIABLE = {"firestore": "FIRESTORE_EMULATOR_HOST", "auth": "FIREBASE_AUTH_EMULATOR_HOST"}


@dataclass(frozen=True)
class Stack:
    project: str
    firestore: str  # host:port, as FIRESTORE_EMULATOR_HOST has it
    auth: str | None  # host:port
    url: str | None  # of the page, and of the functions below it
    children: Sequence[Child]  # what was started here


@contextmanager
def running(
    auth: bool = True,
    hosting: bool = True,
    ports: Callable[[str], int] = chosen,
    rules: Path = firestore.RULES,
    say: Say = lambda line: None,
) -> Iterator[Stack]:
    """Start what is asked for, and end it on the way out. Raises CannotRun."""
    project = demo_project()
    firestore_at = os.environ.get("FIRESTORE_EMULATOR_HOST")
    auth_at = os.environ.get("FIREBASE_AUTH_EMULATOR_HOST") if auth else None
    wanted = [] if firestore_at else ["FIRESTORE_PORT"]
    wanted += ["AUTH_PORT"] if auth and not auth_at else []
    wanted += ["PORT"] if hosting else []
    port = {name: ports(name) for name in wanted}
    require_free(port)

    with _scratch() as folder, children(ROOT, folder) as start:
        started: list[Child] = []
        clock = time.monotonic()

        def ready(name: str, address: str, path: str = "/") -> None:
            _answers(name, f"http://{address}{path}", started)
            say(f"  {name:<10} {address:<18} {time.monotonic() - clock:4.1f} s")

        if "FIRESTORE_PORT" in port:
            firestore_at = f"127.0.0.1:{port['FIRESTORE_PORT']}"
            command = firestore.command(port["FIRESTORE_PORT"], project, rules, folder)
            started.append(start("firestore", command, {}))
        if "AUTH_PORT" in port:
            auth_at = f"127.0.0.1:{port['AUTH_PORT']}"
            started.append(start("auth", ["node", "local/auth.cjs", project, str(port["AUTH_PORT"])], {}))
        assert firestore_at is not None
        ready("firestore", firestore_at)
        firestore.load_rules(firestore_at, project, rules)
        say(f"  {'rules':<10} {rules.name} compiled")
        if hosting:
            started.append(_hosting(start, port["PORT"], project, firestore_at, auth_at))
            ready("hosting", f"127.0.0.1:{port['PORT']}", "/__/stack.json")
        if auth_at:
            ready("auth", auth_at)
        url = f"http://127.0.0.1:{port['PORT']}" if hosting else None
        yield Stack(project, firestore_at, auth_at, url, started)


@contextmanager
def _scratch() -> Iterator[Path]:
    with TemporaryDirectory(prefix="local-stack-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def demo_project() -> str:
    """The project's id, GOOGLE_CLOUD_PROJECT. Only demo-* is accepted: nothing here can reach a real one."""
    project = os.environ.get("GOOGLE_CLOUD_PROJECT") or "demo-dungeonmind"
    if not project.startswith("demo-"):
        raise CannotRun(f"GOOGLE_CLOUD_PROJECT is {project}: unset it, or name a demo-* project; no real one is used.")
    return project


def _hosting(start: Start, port: int, project: str, firestore_at: str, auth_at: str | None) -> Child:
    environ = {
        "GOOGLE_CLOUD_PROJECT": project,
        "FIRESTORE_EMULATOR_HOST": firestore_at,
        "PYTHONUNBUFFERED": "1",
    }
    if auth_at:
        environ["FIREBASE_AUTH_EMULATOR_HOST"] = auth_at
    return start("hosting", [sys.executable, "-m", "local.hosting", str(port)], environ)


def _answers(name: str, url: str, started: Sequence[Child], seconds: float = 60) -> None:
    """Wait until the URL answers; raises CannotRun if a child ends meanwhile, or nothing comes."""
    ours = name in [child.name for child in started]
    until = time.monotonic() + (seconds if ours else 2)
    while time.monotonic() < until:
        for child in started:
            child.check()
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except OSError:
            time.sleep(0.03)
    if ours:
        raise CannotRun(f"{name} does not answer at {url}.")
    variable = VARIABLE[name]
    raise CannotRun(f"{variable} is set, but nothing answers at {url}: start that emulator, or unset {variable}.")
