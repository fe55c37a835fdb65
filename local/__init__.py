"""The local stack: emulators, hosting, unsigned tokens. Never deployed (.gcloudignore)."""

import sys

# The machine's own Python reads this first (`python3 -m local.setup`), before any newer syntax.
if sys.version_info < (3, 11):  # noqa: UP036
    sys.exit("Python 3.11 or newer is needed. If there is one under another name: PYTHON=python3.12 make run")
