"""A function as it is deployed, under functions-framework and gunicorn, the CPU that it took; and clients of it."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from local.hosting import THREADS
from local.ports import free, opened
from local.stack import ROOT

TICKS = os.sysconf("SC_CLK_TCK")  # a second


@dataclass(frozen=True)
class Served:
    """A process of a function's."""

    port: int
    pid: int  # of gunicorn's master, which forks the worker

    def cpu(self) -> float:
        """Seconds of CPU of master and worker so far, from /proc."""
        return sum(_seconds(pid) for pid in (self.pid, *_children(self.pid)))


@dataclass(frozen=True)
class Asked:
    """One request, again and again."""

    method: str
    path: str
    token: str = ""
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@contextmanager
def served(target: str, environ: Mapping[str, str], source: str = "main.py") -> Iterator[Served]:
    """A function's process from its start to its end."""
    port = free(target)
    command = [sys.executable, "-m", "functions_framework", f"--target={target}", f"--source={source}"]
    with subprocess.Popen(
        [*command, "--host=127.0.0.1", f"--port={port}"],
        cwd=ROOT,
        env={**os.environ, "THREADS": str(THREADS), **environ},
        stdout=subprocess.DEVNULL,
    ) as process:
        try:
            opened(port)
            yield Served(port, process.pid)
        finally:
            process.terminate()


def ask(function: Served, asked: Asked, clients: int, count: int) -> float:
    """Send that many requests, `clients` of them at a time, each client on one connection; the seconds that it took.

    Raises RuntimeError for an answer that is no success.
    """

    def client(share: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", function.port)
        connection.connect()
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        headers = {"Content-Type": "application/json"} | dict(asked.headers)
        if asked.token:
            headers["Authorization"] = f"Bearer {asked.token}"
        for _ in range(share):
            connection.request(asked.method, asked.path, asked.body, headers)
            answer = connection.getresponse()
            text = answer.read()
            if answer.status >= 300:
                raise RuntimeError(f"{asked.method} {asked.path}: {answer.status} {text[:300]!r}")

    began = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(client, [count // clients] * clients))
    return time.perf_counter() - began


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _seconds(pid: int) -> float:
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / TICKS  # utime and stime
