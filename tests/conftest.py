"""Everything runs against the real local Firestore with the real rules; each test has people of its own.

One emulator serves a test process. Tests do not clear it: the people's uids are new in each test, so that no test
sees another's documents, whatever the order.
"""

import json
import os
import tempfile
import uuid
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import pytest
from described import misfit
from google.cloud import firestore
from hypothesis import settings
from werkzeug.test import Client

from local import indexes
from local.hosting import load
from local.ports import free
from local.stack import running
from local.unsigned_tokens import mint

ROOT = Path(__file__).resolve().parent.parent
SHAPES = Path(os.environ.setdefault("QUERY_SHAPES", str(Path(tempfile.mkdtemp(prefix="shapes-"), "shapes.ndjson"))))
UNMEASURED = (
    "test_rules_",
    "test_pure",
    "test_tour",
    "test_local_stack",
    "test_make_run",
    "test_readme",
)
_stack = ExitStack()
settings.register_profile("here", deadline=None)  # two shared cores: time says nothing
settings.load_profile("here")


def pytest_configure(config):
    """The emulator's address must stand in the environment before any function is imported."""
    if hasattr(config, "workerinput") or not config.getoption("numprocesses", None):
        os.environ.pop("FIREBASE_AUTH_EMULATOR_HOST", None)
        stack = _stack.enter_context(running(auth=False, hosting=False, ports=free))
        os.environ |= {"FIRESTORE_EMULATOR_HOST": stack.firestore, "GOOGLE_CLOUD_PROJECT": stack.project}
        indexes.watch()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Each worker begins with its share of the slow tests, so that quick ones are left to share at the end.

    Measuring coverage doubles the work, and some run none of our functions in this process, or what others run as well.
    """
    slow, quick = [], []
    for item in items:
        (slow if "browser" in item.path.parts else quick).append(item)
        if "browser" in item.path.parts or item.path.name.startswith(UNMEASURED):
            item.add_marker(pytest.mark.no_cover)
    if workers := getattr(config, "workerinput", {}).get("workercount"):
        size = -(-len(quick) // workers)
        shares = [slow[share::workers] + quick[share * size : (share + 1) * size] for share in range(workers)]
        items[:] = [item for share in shares for item in share]


def pytest_unconfigure(config):
    _stack.close()


def pytest_sessionfinish(session, exitstatus):
    """After the whole run: an index that no query of it needed is one that production would build for nothing."""
    whole = session.config.args_source != session.config.ArgsSource.ARGS and not session.config.option.keyword
    if hasattr(session.config, "workerinput") or not whole or exitstatus or not SHAPES.exists():
        return
    recorded = [json.loads(line) for line in SHAPES.read_text().splitlines()]
    unused = [index for index in indexes.declared_indexes()["indexes"] if index not in [r["index"] for r in recorded]]
    print(f"\n{len({r['shape'] for r in recorded})} query shapes sent, each served by firestore.indexes.json")
    if unused:
        print(f"No query needed these indexes: {json.dumps(unused)}")
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter):
    """What was tried once more, and what had gone wrong: a rerun is a fault that nobody understands yet."""
    reruns = terminalreporter.stats.get("rerun", [])
    terminalreporter.section(f"reruns: {len(reruns)}")
    for report in reruns:
        causes = [line for line in report.longreprtext.splitlines() if line.startswith("E  ")]
        told = [line for title, text in report.sections if title == "pages and calls" for line in text.splitlines()]
        for line in (f"{report.nodeid} ({report.when})", *causes[:12], *(f"    {line}" for line in told[-40:])):
            terminalreporter.write_line(line[:300])


class Person:
    """Somebody with a browser: calls the functions over HTTP and, when hostile, Firestore directly."""

    def __init__(self, hosting, who, provider="password", **claims):
        self.uid = f"{who}-{uuid.uuid4().hex[:12]}"
        self.project = os.environ["GOOGLE_CLOUD_PROJECT"]
        self.token = mint(self.uid, self.project, provider, **claims)
        self._hosting = hosting

    def request(self, method, path, json=None, headers=None, **options):
        headers = {"Authorization": f"Bearer {self.token}", **(headers or {})}
        if json is not None:
            options |= {"json": json}
        answer = self._hosting.open(path, method=method, headers=headers, **options)
        assert (why := misfit(method, path, answer)) is None, f"{method} {path} {answer.status_code}: {why}"
        return answer

    def get(self, path, **options):
        return self.request("GET", path, **options)

    def put(self, path, json=None, **options):
        return self.request("PUT", path, json, **options)

    def post(self, path, json=None, **options):
        return self.request("POST", path, json, **options)

    def patch(self, path, json=None, **options):
        return self.request("PATCH", path, json, **options)

    def delete(self, path, **options):
        return self.request("DELETE", path, **options)

    @property
    def firestore(self):
        """Firestore as this person, past all functions: what a hostile client has."""
        from shared.firestore.client import client_for

        return client_for(self.token)


def operations(answer):
    """What a request asked of Firestore: {"Commit": 1, "writes": 1}."""
    described = answer.headers["Server-Timing"].split('desc="')[1].rstrip('"')
    parts = described.split()
    return Counter({name: int(count) for count, name in zip(parts[::2], parts[1::2], strict=True)})


@pytest.fixture(scope="session")
def stack():
    """The whole stack, one a test process: Auth, the page and the functions, on the Firestore of the whole run."""
    with running(ports=free) as stack:
        yield stack


@pytest.fixture(scope="session")
def hosting():
    """The page and the functions as functions-framework serves them, behind firebase.json's rewrites."""
    return Client(load(ROOT))


@pytest.fixture
def person(hosting):
    """Makes people: person("alice"), person("gast", "anonymous")."""
    return lambda who, provider="password", **claims: Person(hosting, who, provider, **claims)


@pytest.fixture
def alice(person):
    return person("alice", name="Alice")


@pytest.fixture
def ada(alice):
    """Alice with a session."""
    assert alice.put("/api/session", {}).status_code == 201
    return alice


@pytest.fixture
def bob(person):
    return person("bob", name="Bob")


@pytest.fixture
def guest(person):
    return person("guest", "anonymous")


@pytest.fixture
def nobody(person):
    """No token at all."""
    someone = person("nobody")
    someone.token = ""
    return someone


@pytest.fixture(scope="session")
def admin():
    """Firestore without rules: what happens in a console, or happened before there were rules."""
    return firestore.Client(project=os.environ["GOOGLE_CLOUD_PROJECT"])
