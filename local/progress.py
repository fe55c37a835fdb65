"""How far it is: on a terminal a line that is rewritten, elsewhere (CI, a pipe) a plain one now and then."""

import shutil
import sys
import time

_PLAIN_EVERY = 20  # seconds
_last_plain = time.monotonic()


def done(line: str) -> None:
    """A line that stays."""
    print(f"\r\x1b[K{line}" if sys.stdout.isatty() else line, flush=True)


def working(line: str) -> None:
    """What is going on now; the next line takes its place."""
    global _last_plain
    if sys.stdout.isatty():
        width = shutil.get_terminal_size().columns - 1
        print(f"\r\x1b[K{line[:width]}", end="", flush=True)
    elif time.monotonic() - _last_plain > _PLAIN_EVERY:
        _last_plain = time.monotonic()
        print(line, flush=True)
