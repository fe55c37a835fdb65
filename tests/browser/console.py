"""What a page writes to its console: a warning or an error that no test expects fails the test."""

import re
from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, ConsoleMessage, WebError

# What the browser itself writes of a call that the test makes fail; nothing of ours writes these.
PRECONDITION = r"Failed to load resource: the server responded with a status of 412 \(Precondition Failed\)"
STALE = f"(?i){PRECONDITION}"  # another browser spells it so; it is merged
NO_NETWORK = r"Failed to load resource: net::ERR_(INTERNET_DISCONNECTED|EMPTY_RESPONSE|NETWORK_CHANGED)"
NO_WORKER = "Service Worker registration blocked by Playwright"
UNAVAILABLE = r"Failed to load resource: the server responded with a status of 503 \(Service Unavailable\)"


@dataclass
class Console:
    """Collects from every page of the contexts that it watches."""

    lines: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> BrowserContext:
        context.on("console", self._said)
        context.on("weberror", self._thrown)
        return context

    def expect(self, *patterns: str) -> None:
        """These lines are not a failure."""
        self.expected += patterns

    def unexpected(self) -> list[str]:
        return [line for line in self.lines if not any(re.fullmatch(rf"{p}( \(.*\))?", line) for p in self.expected)]

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning", "assert"):
            self.lines.append(f"{message.text} ({message.location['url']})")

    def _thrown(self, thrown: WebError) -> None:
        self.lines.append(f"uncaught: {thrown.error}")
