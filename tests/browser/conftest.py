"""The stack with everything in it, two browsers, people with accounts, and a console that must stay silent."""

import json
import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, Playwright, expect, sync_playwright

from browser.console import NO_WORKER, PRECONDITION, STALE, Console
from browser.engines import Engine, Profile, chromium, firefox
from browser.network import Network, network
from browser.tab import PATIENCE, Tab
from local.stack import Stack

ENGINES = {"chromium": chromium, "firefox": firefox}
SAYS = """() => window.storage
    ? [JSON.stringify(storage.status.get()), ...storage.log.lines().slice(-15)].join('\\n  ')
    : ''"""


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "chromium: not once more in Firefox, which does not differ in it")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    once = [item for item in items if item.get_closest_marker("chromium") and "firefox" in item.nodeid]
    config.hook.pytest_deselected(items=once)
    items[:] = [item for item in items if item not in once]
    for item in items:
        if "browser" in item.path.parts:
            # Two shared cores are slower at times than any patience. tests/conftest.py shows each rerun and its cause.
            item.add_marker(pytest.mark.flaky(reruns=int(os.environ.get("RERUNS", 1))))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> Any:
    """A failure, also one that is tried once more, tells what the pages said and what the network carried last."""
    report = yield
    fixtures = getattr(item, "funcargs", {})
    if report.failed and "browsers" in fixtures:
        told = [line for page in fixtures["browsers"].pages() for line in said_by(page)]
        told += [str(call) for call in fixtures["net"].calls[-15:]] if "net" in fixtures else []
        report.sections.append(("pages and calls", "\n".join(told)))
    return report


def said_by(page: Page) -> Iterator[str]:
    with suppress(Error):  # it is closed, or on its way elsewhere
        yield f"{page.url} {page.evaluate(SAYS)}"


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as driver:
        yield driver


class Browsers:
    """Each browser is started when it is first wanted, and ended at the end."""

    def __init__(self, playwright: Playwright) -> None:
        self._playwright = playwright
        self._started: dict[str, tuple[Engine, Browser]] = {}

    def __call__(self, name: str) -> tuple[Engine, Browser]:
        if name not in self._started or not self._started[name][1].is_connected():  # one that died spoils no other test
            engine = ENGINES[name](self._playwright)
            browser = engine.type.launch(**engine.options)
            # The service worker fetches every file once more: only where it is what is tested (test_offline_start.py).
            browser.new_context = partial(browser.new_context, service_workers="block")  # type: ignore[method-assign]
            self._started[name] = engine, browser
        return self._started[name]

    def pages(self) -> list[Page]:
        return [page for _, browser in self._started.values() for context in browser.contexts for page in context.pages]

    def close(self) -> None:
        for _, browser in self._started.values():
            browser.close()


@pytest.fixture(scope="session")
def browsers(playwright: Playwright) -> Iterator[Browsers]:
    started = Browsers(playwright)
    yield started
    started.close()


@pytest.fixture
def net(stack: Stack) -> Iterator[Network]:
    """The network between the browsers and the hosting."""
    assert stack.url
    with network(stack.url.removeprefix("http://")) as between:
        yield between


@pytest.fixture
def console() -> Iterator[Console]:
    watched = Console()
    watched.expect(PRECONDITION, NO_WORKER)
    yield watched
    assert watched.unexpected() == []


@pytest.fixture
def tab(browsers: Browsers, stack: Stack, console: Console) -> Iterator[Tab]:
    """A tab of somebody new, in Chromium."""
    console.expect(STALE)
    _, browser = browsers("chromium")
    context = console.watch(browser.new_context(reduced_motion="reduce"))
    assert stack.url
    yield Tab(context.new_page(), stack.url, stack.url).open()
    context.close()


@dataclass
class Desk:
    """Where the people of one test sit down."""

    engine: Engine
    browser: Browser
    stack: Stack
    net: Network
    console: Console
    new_folder: Callable[[], Any]
    closing: ExitStack = field(default_factory=ExitStack)

    def device(self, **options: Any) -> BrowserContext:
        """A browser of its own: nothing is stored in it."""
        still = (
            {"reduced_motion": "reduce"} if self.engine.name == "chromium" else {}
        )  # nothing is painted for a spinner
        context = self.browser.new_context(**still, **options)
        self.closing.callback(context.close)
        return self.console.watch(context)

    def tab(self, context: BrowserContext | None = None, **options: Any) -> Tab:
        """A tab that is not open yet; of a new device, if none is given."""
        page = (context or self.device(**options)).new_page()
        assert self.stack.url
        return Tab(page, self.net.url, self.stack.url)

    def profile(self, **options: Any) -> Profile:
        """A browser that keeps its data on disk."""
        profile = Profile(self.engine, self.new_folder(), **options)
        self.closing.callback(profile.close)
        return profile

    def account(self, email: str | None = None) -> tuple[str, str]:
        """E-mail and password of somebody new."""
        person = email or f"{uuid.uuid4().hex[:8]}@example.org", "correct horse"
        assert self.stack.auth
        sign_up = f"http://{self.stack.auth}/identitytoolkit.googleapis.com/v1/accounts:signUp?key=local"
        body = json.dumps({"email": person[0], "password": person[1], "returnSecureToken": True}).encode()
        urlopen(Request(sign_up, body, {"Content-Type": "application/json"})).close()
        return person


@pytest.fixture(params=ENGINES)
def desk(
    request: pytest.FixtureRequest,
    browsers: Browsers,
    stack: Stack,
    net: Network,
    console: Console,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Desk]:
    """One browser after the other: each scenario that asks for it runs in both."""
    engine, browser = browsers(request.param)
    desk = Desk(engine, browser, stack, net, console, lambda: tmp_path_factory.mktemp("profile"))
    with desk.closing:
        yield desk


@pytest.fixture
def desktop(desk: Desk) -> Tab:
    """A tab of somebody new, opened."""
    return desk.tab().open()
