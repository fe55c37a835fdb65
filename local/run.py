"""`make run`: the whole local stack until Ctrl-C, its addresses, and what the functions log meanwhile."""

import sys
import time
from typing import IO, NoReturn

from local.processes import CannotRun, end_on_signals
from local.progress import done
from local.stack import Stack, running

WELCOME = """
  Open        {url}
  Emulators   Firestore {firestore} (firestore.rules apply), Auth {auth}
  Project     {project}
  Stop        Ctrl-C

  Become a guest, then open a session:
  TOKEN=$(curl -s -H 'Content-Type: application/json' -d '{{}}' '{sign_up}' | sed -n 's/.*"idToken": *"\\([^"]*\\)".*/\\1/p')
  curl -i -X PUT -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '{{}}' {url}/api/session
"""  # noqa: E501 (to be copied whole)


def main() -> int:
    end_on_signals()
    try:
        with running(say=done) as stack:
            sign_up = f"http://{stack.auth}/identitytoolkit.googleapis.com/v1/accounts:signUp?key=local"
            done(WELCOME.format(**vars(stack), sign_up=sign_up))
            _watch(stack)
    except KeyboardInterrupt:
        done("Stopped; nothing is left running.")
        return 0
    except CannotRun as reason:
        done(f"\n{reason}")
        return 1


def _watch(stack: Stack) -> NoReturn:
    """Show what hosting and the functions write. Raises CannotRun when a child ends."""
    log = next(child.log for child in stack.children if child.name == "hosting")
    with log.open("rb") as written:
        while True:
            _copy(written)
            for child in stack.children:
                child.check()
            time.sleep(0.2)


def _copy(written: IO[bytes]) -> None:
    sys.stdout.buffer.write(written.read())
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
