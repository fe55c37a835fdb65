"""A network between a browser and the hosting that fails as it is told to.

Each test has one, so each test has an origin of its own. Only calls of /api/ fail: the page itself always loads.
"""

import http.client
import socketserver
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler

HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding"}


@dataclass
class Network:
    """`fails` is how: None, "down" (no answer), "refused" (503), "slow" (1 s), "lost" (served, the answer lost)."""

    url: str
    fails: str | None = None
    failing: Callable[[str, str], bool] = lambda method, path: True  # which calls of /api/ fail so
    held: Callable[[str, str], bool] = lambda method, path: False  # which calls wait until they are released
    files: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)  # served beside the page: type and content
    policy: str = ""  # the Content-Security-Policy of these
    pages: dict[str, tuple[str, str]] = field(default_factory=dict)  # what is served here besides: type, text
    calls: list[tuple[str, str, int]] = field(default_factory=list)  # method, path, status (0: no answer was given)
    waiting: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))  # one a call that is held
    released: threading.Event = field(default_factory=threading.Event)

    def release(self) -> None:
        self.held = lambda method, path: False
        self.released.set()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64
    network: Network
    upstream: str


class _Relay(BaseHTTPRequestHandler):
    server: _Server  # HTTP/1.0: a connection a request, so that no browser sends one again by itself

    def relay(self) -> None:
        network, api = self.server.network, self.path.startswith("/api/")
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fails = network.fails if api and network.failing(self.command, self.path) else None
        if api and network.held(self.command, self.path):
            network.waiting.release()
            network.released.wait(60)
        if fails == "slow":
            time.sleep(1)
        status, headers, content = (503, [], b"") if fails in ("down", "refused") else self._served(body)
        if self.path in network.pages:
            kind, text = network.pages[self.path]
            policy = [(name, value) for name, value in headers if name == "Content-Security-Policy"]
            status, headers, content = 200, [("Content-Type", kind), *policy], text.encode()
        gone = fails in ("down", "lost")
        if api:
            network.calls.append((self.command, self.path, 0 if gone else status))
        if not gone:
            with suppress(ConnectionError):  # the page was closed meanwhile
                self._answer(status, headers, content)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = relay

    def _served(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        if self.path in self.server.network.files:
            kind, content = self.server.network.files[self.path]
            policy = self.server.network.policy
            return 200, [("Content-Type", kind), *([("Content-Security-Policy", policy)] if policy else [])], content
        upstream = http.client.HTTPConnection(self.server.upstream, timeout=60)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}
        upstream.request(self.command, self.path, body or None, headers)
        answer = upstream.getresponse()
        content = answer.read()
        upstream.close()
        return answer.status, [(n, v) for n, v in answer.getheaders() if n.lower() not in HOP_BY_HOP], content

    def _answer(self, status: int, headers: list[tuple[str, str]], content: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        if "content-length" not in [name.lower() for name, _ in headers]:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def network(upstream: str) -> Iterator[Network]:
    """A network to the hosting at upstream (host:port)."""
    with _Server(("127.0.0.1", 0), _Relay) as server:
        server.upstream = upstream
        server.network = Network(f"http://127.0.0.1:{server.server_address[1]}")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.network
        server.network.release()
        server.shutdown()
