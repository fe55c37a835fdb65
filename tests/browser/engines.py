"""The two browsers, and profiles of theirs that survive a crash."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, BrowserType, Error, Playwright

from local.browsers import browser, chromium_without_windows

# A closed network makes Chromium ask Google's hosts again and again.
QUIET = [
    *("--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update"),
    *("--disable-sync", "--disable-gpu"),
]


@dataclass
class Engine:
    """A browser to start."""

    name: str
    type: BrowserType
    options: dict[str, Any]
    whole: dict[str, Any]  # to start it as people do
    typing: float  # seconds of typing before a crash


def chromium(playwright: Playwright) -> Engine:
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    whole = {"executable_path": browser("CHROMIUM"), "args": QUIET + sandbox}
    options = whole | {"executable_path": chromium_without_windows()}
    return Engine("chromium", playwright.chromium, options, whole, typing=int(os.environ.get("TYPING", 10)))


def firefox(playwright: Playwright) -> Engine:
    # The channel is WebDriver BiDi: Debian's Firefox, not Playwright's build.
    options = {"executable_path": browser("FIREFOX"), "channel": "moz-firefox"}
    return Engine("firefox", playwright.firefox, options, options, typing=5)


class Profile:
    """A browser with a profile on disk, which may be killed and started again."""

    def __init__(self, engine: Engine, folder: Path, **options: Any):
        self.engine, self.folder, self.options = engine, folder, options
        self.context: BrowserContext | None = None

    def start(self) -> BrowserContext:
        self.context = self.engine.type.launch_persistent_context(str(self.folder), **self.engine.whole, **self.options)
        return self.context

    def kill(self) -> int:
        """SIGKILL to every process of this profile, and to no other; how many they were."""
        whole = set(processes(self.folder))
        for number in whole:
            os.kill(number, signal.SIGSTOP)  # so that none has time to tidy up after another
        for number in whole:
            os.kill(number, signal.SIGKILL)
        while set(processes(self.folder)):
            time.sleep(0.05)
        self.close()
        return len(whole)

    def close(self) -> None:
        if self.context:
            with suppress(Error):  # it was killed
                self.context.close()
            self.context = None


def processes(folder: Path) -> Iterator[int]:
    """The processes started with this profile folder, and all below them."""
    below: dict[int, list[int]] = {}
    roots = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            fields = entry.joinpath("stat").read_text().rsplit(")", 1)[1].split()
            command = entry.joinpath("cmdline").read_bytes().split(b"\0")
        except (FileNotFoundError, ProcessLookupError):
            continue
        if fields[0] == "Z":
            continue
        below.setdefault(int(fields[1]), []).append(int(entry.name))
        if any(str(folder).encode() in argument.split(b"=") for argument in command) and b"node" not in command[0]:
            roots.append(int(entry.name))
    found: set[int] = set()
    while roots:
        number = roots.pop()
        if number not in found:
            found.add(number)
            yield number
            roots += below.get(number, [])
