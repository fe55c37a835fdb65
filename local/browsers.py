"""The browsers of tests/browser: Debian's Chromium and Firefox, which `make setup` installs where it may.

Playwright's own builds are not used: Chromium is driven by its DevTools protocol and Firefox by WebDriver BiDi.
"""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from local.processes import CannotRun

PROGRAMS = {
    "CHROMIUM": ("chromium", "chromium-browser", "google-chrome"),
    "FIREFOX": ("firefox-esr", "firefox"),
}
SHELL = "chromium-headless-shell"
PACKAGES = {"CHROMIUM": f"chromium {SHELL}", "FIREFOX": "firefox-esr"}
INSTALL = "apt-get -qq update && apt-get -qq install -y --no-install-recommends"


def browser(name: str) -> str:
    """The path of CHROMIUM or FIREFOX: what the environment variable of that name says, or what is on PATH."""
    if found := _found(name):
        return found
    raise CannotRun(f"There is no {name.title()}: {advice([name])}")


def chromium_without_windows() -> str:
    """The path of Chromium's headless shell: the same engine at half the work. Chromium, if it is not there."""
    shell = None if os.environ.get("CHROMIUM") else shutil.which(SHELL)
    return shell or browser("CHROMIUM")


def missing() -> Sequence[str]:
    """Which of the two are not there."""
    return [name for name in PROGRAMS if not _found(name)]


def advice(names: Sequence[str]) -> str:
    """What to do about these."""
    packages = " ".join(PACKAGES[name] for name in names)
    return f"install it (on Debian: apt-get install {packages}), or name its program in {' and '.join(names)}."


def apt(names: Sequence[str]) -> Sequence[str] | None:
    """The command that installs them, or None where that is not ours to do: not root, or not Debian.

    Ubuntu's packages of these names bring snaps, which do not run in a container.
    """
    release = Path("/etc/os-release")
    debian = release.is_file() and "\nID=debian\n" in f"\n{release.read_text()}\n"
    if not debian or os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    packages = " ".join(PACKAGES[name] for name in names)
    return ["env", "DEBIAN_FRONTEND=noninteractive", "sh", "-c", f"{INSTALL} {packages}"]


def _found(name: str) -> str | None:
    if named := os.environ.get(name):
        return shutil.which(named)
    return next((path for program in PROGRAMS[name] if (path := shutil.which(program))), None)
