"""Installs what the project needs and is not there yet, all at once, and shows how far it is.

    python -m local.setup            what `make run` needs
    python -m local.setup --tests    and what `make check` and `make test` need besides: npm packages, browsers

Only the standard library: the machine's own Python runs this before the venv exists. A stamp in each
installation holds a digest of what it was made from and is written last, so that a half-made or an outdated
one is made again.
"""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from local import browsers
from local.firestore import HIDANE, ROOT, cargo, has_java_21, hidane
from local.processes import CannotRun, Child, children, end_on_signals
from local.progress import done, working

VENV = '"$0" -m venv --clear .venv && .venv/bin/python -m pip install -r requirements-dev.txt'


@dataclass(frozen=True)
class Installation:
    name: str
    command: Sequence[str]
    stamp: Path | None = None  # none: it is known to be missing
    digest: str = ""

    def missing(self) -> bool:
        return self.stamp is None or not self.stamp.is_file() or self.stamp.read_text() != self.digest


def python_packages() -> Installation:
    # A venv knows its own path and its Python's, so another of either needs a new one.
    made_from = _digest("requirements.txt", "requirements-dev.txt", facts=(str(ROOT), sys.version, sys.prefix))
    return Installation("Python packages", ["sh", "-c", VENV, sys.executable], ROOT / ".venv/.stamp", made_from)


def auth_emulator() -> Installation | None:
    if os.environ.get("FIREBASE_AUTH_EMULATOR_HOST"):
        return None
    return _npm_packages("Auth emulator", "local", "--omit=optional")


def packages_for_checks() -> Installation:
    return _npm_packages("npm packages for the checks", ".")


def _npm_packages(name: str, folder: str, *options: str) -> Installation:
    made_from = _digest(f"{folder}/package.json", f"{folder}/package-lock.json")
    command = ["npm", "ci", "--prefix", folder, "--ignore-scripts", *options]
    return Installation(name, command, ROOT / folder / "node_modules/.stamp", made_from)


def browser_modules() -> Installation:
    command = [sys.executable, "-m", "local.vendor"]
    return Installation("Browser modules", command, ROOT / "web/vendor/.stamp", _digest("local/vendor.py"))


def firestore_emulator() -> Installation | None:
    if os.environ.get("FIRESTORE_EMULATOR_HOST") or hidane():
        return None
    if binary := cargo():
        command = [binary, "install", "hidane", "--locked", "--version", HIDANE]
        return Installation("Firestore emulator (built, about 3 minutes)", command)
    if has_java_21():
        return None  # Google's own emulator, which firebase-tools fetches when it is first started
    raise CannotRun("The local Firestore needs a Rust toolchain (https://rustup.rs) or else Java 21: install either.")


def browsers_for_tests() -> Installation | None:
    """None also where they are missing but not ours to install: it says so, and the tests that need them fail."""
    missing = browsers.missing()
    if not missing:
        return None
    names = " and ".join(name.title() for name in missing)
    if command := browsers.apt(missing):
        return Installation(f"{names}, by apt", command)
    done(f"The browser tests will fail without {names}: {browsers.advice(missing)}")
    return None


def install(missing: Sequence[Installation]) -> None:
    """Run all at once. Raises CannotRun, with the last lines of the one that failed."""
    done(f"Installing once, side by side: {', '.join(one.name for one in missing)}")
    began = time.monotonic()
    with TemporaryDirectory(prefix="local-setup-") as logs, children(ROOT, Path(logs)) as start:
        for one in missing:
            if one.stamp:
                one.stamp.unlink(missing_ok=True)
        under_way = [(one, start(one.name, one.command, {})) for one in missing]
        while under_way:
            seconds = time.monotonic() - began
            under_way = [(one, child) for one, child in under_way if not _finished(one, child, seconds)]
            if under_way:
                one, child = under_way[-1]
                working(f"  {seconds:4.0f} s  {one.name}: {child.last_lines(1).strip()}")
            time.sleep(0.2)


def _finished(one: Installation, child: Child, seconds: float) -> bool:
    if child.process.poll() is None:
        return False
    if child.process.returncode != 0:
        child.check()
    if one.stamp:
        one.stamp.write_text(one.digest)
    done(f"  {seconds:4.0f} s  {one.name} installed")
    return True


def _digest(*files: str, facts: Sequence[str] = ()) -> str:
    return hashlib.sha256(
        b"\0".join([*(ROOT.joinpath(file).read_bytes() for file in files), *map(str.encode, facts)])
    ).hexdigest()


def _require_node() -> None:
    if not shutil.which("node") or not shutil.which("npm"):
        raise CannotRun(
            "Node 20 or newer is needed, with npm, for the Auth emulator and the page: install it (https://nodejs.org)."
        )
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
    if int((re.findall(r"\d+", version) or ["0"])[0]) < 20:
        raise CannotRun(f"Node 20 or newer is needed; this is {version.strip()}.")


def wanted(for_tests: bool) -> Sequence[Installation | None]:
    _require_node()
    found = [python_packages(), auth_emulator(), browser_modules(), firestore_emulator()]
    return [*found, packages_for_checks(), browsers_for_tests()] if for_tests else found


def main() -> int:
    end_on_signals()
    try:
        with Path(ROOT, "local/.setup.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # `make run` and `make test` may be started side by side
            if missing := [one for one in wanted("--tests" in sys.argv) if one and one.missing()]:
                install(missing)
    except KeyboardInterrupt:
        done("Interrupted; what was not finished is done again the next time.")
        return 130
    except CannotRun as reason:
        done(f"\n{reason}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
