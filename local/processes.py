"""Child processes that end with us: in one process group of their own, each with its output in a file."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

GUARD = Path(__file__).with_name("guard.py")
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PATIENCE = 5  # seconds between asking a child to end and killing it


class CannotRun(Exception):
    """What was asked for cannot run here; the message says what was found and what to do."""


@dataclass(frozen=True)
class Child:
    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def last_lines(self, count: int = 15) -> str:
        lines = self.log.read_text(errors="replace").splitlines()
        return "\n".join(f"    {line}" for line in lines[-count:]) or "    (it wrote nothing)"

    def check(self) -> None:
        """Raise CannotRun, with the last lines it wrote, if the child has ended."""
        status = self.process.poll()
        if status is not None:
            raise CannotRun(f"{self.name} ended with status {status}. Its last lines:\n{self.last_lines()}")


Start = Callable[[str, Sequence[str], Mapping[str, str]], Child]


@contextmanager
def children(folder: Path, logs: Path) -> Iterator[Start]:
    """Give a function that starts a child in that folder; on the way out none is left, nor any of theirs."""
    started: list[subprocess.Popen[bytes]] = []
    # It leads the group, and when this process is gone, even by SIGKILL, it ends the group and removes the logs.
    guarding = [sys.executable, "-IS", str(GUARD), str(logs)]
    guard = subprocess.Popen(guarding, stdin=subprocess.PIPE, process_group=0)

    def start(name: str, command: Sequence[str], environ: Mapping[str, str]) -> Child:
        log = Path(logs, f"{name}.log")
        with log.open("wb") as output:
            process = subprocess.Popen(
                command,
                cwd=folder,
                env={**os.environ, **environ},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                # Ctrl-C in the terminal then reaches us alone; and a child can be ended even if its start
                # was interrupted before anybody knew its number.
                process_group=guard.pid,
            )
        started.append(process)
        return Child(name, process, log)

    try:
        yield start
    finally:
        os.killpg(guard.pid, signal.SIGTERM)
        _wait(started)
        os.killpg(guard.pid, signal.SIGKILL)  # what was deaf, children of children, and the guard
        guard.communicate()
        _wait(started)


def _wait(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    until = time.monotonic() + PATIENCE
    for process in processes:
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, until - time.monotonic()))


def end_on_signals() -> None:
    """Let SIGTERM and a closed terminal end this process as Ctrl-C does (KeyboardInterrupt), and only once."""
    for number in ENDING:
        signal.signal(number, _interrupt)


def _interrupt(number: int, frame: FrameType | None) -> None:
    for also in ENDING:
        signal.signal(also, signal.SIG_IGN)  # a second one must not cut the ending short
    raise KeyboardInterrupt
