"""Which port a server gets: the one the environment names, the usual one, or (for tests) a free one."""

import os
import socket
import time
from collections.abc import Mapping

from local.processes import CannotRun

USUAL = {"PORT": 5000, "FIRESTORE_PORT": 8080, "AUTH_PORT": 9099}
SERVES = {"PORT": "the page", "FIRESTORE_PORT": "Firestore", "AUTH_PORT": "Auth"}


def chosen(name: str) -> int:
    """The port that the environment variable of this name gives, or the usual one."""
    value = os.environ.get(name) or str(USUAL[name])
    if not value.isdecimal() or not 0 < int(value) < 65536:
        raise CannotRun(
            f"{name}={value} is no port: give a number from 1 to 65535, for example {name}={USUAL[name] + 1}."
        )
    return int(value)


def free(name: str) -> int:
    """Any port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def opened(port: int, seconds: float = 30) -> None:
    """Return the moment somebody listens at the port. Raises CannotRun."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.001)
    raise CannotRun(f"Nobody listens at port {port}.")


def require_free(ports: Mapping[str, int]) -> None:
    """Raise CannotRun, naming every port that is taken and how to choose another, unless all can be had."""
    taken = [
        f"Port {port} (for {SERVES[name]}) is taken. Stop what uses it, or choose another: "
        f"{name}={_next_free(port, set(ports.values()))} make run"
        for name, port in ports.items()
        if _taken(port)
    ]
    twice = [f"Port {port} is asked for twice." for port in set(ports.values()) if [*ports.values()].count(port) > 1]
    if taken or twice:
        raise CannotRun("\n".join(taken + twice))


def _taken(port: int) -> bool:
    # macOS lets 127.0.0.1 be bound while AirPlay has the port (5000) on every address: so ask first.
    with socket.socket() as probe:
        probe.settimeout(1)
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            return True
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as servers do: one that has just ended is no bar
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def _next_free(port: int, asked_for: set[int]) -> int:
    return next(other for other in range(port + 1, 65536) if other not in asked_for and not _taken(other))
