"""The local Firestore: which emulator there is, how it is started, and the rules loaded so that it counts."""

import json
import os
import re
import shutil
import subprocess
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from local.processes import CannotRun

ROOT = Path(__file__).resolve().parent.parent
RULES = ROOT / "firestore.rules"
HIDANE = "0.6.0"


def hidane() -> str | None:
    """The path of hidane, if it is installed."""
    return _program("hidane")


def cargo() -> str | None:
    """The path of cargo, if there is a Rust toolchain."""
    return _program("cargo")


def _program(name: str) -> str | None:
    # Where cargo installs is not always on PATH.
    cargo_home = os.environ.get("CARGO_HOME") or Path.home() / ".cargo"
    return shutil.which(name) or shutil.which(name, path=str(Path(cargo_home, "bin")))


def has_java_21() -> bool:
    """Whether Google's own emulator can run."""
    if shutil.which("java") is None:
        return False
    said = subprocess.run(["java", "-version"], capture_output=True, text=True, check=False).stderr
    version = re.search(r'version "(\d+)', said)
    return version is not None and int(version[1]) >= 21


def command(port: int, project: str, rules: Path, folder: Path) -> Sequence[str]:
    """What to run. `folder` is a place for the files that Google's emulator wants to find its settings in."""
    if binary := hidane():
        return [binary, "--host", "127.0.0.1", "--port", str(port), "--rules", str(rules)]
    shutil.copy(rules, folder / "firestore.rules")
    settings = {
        "firestore": {"rules": "firestore.rules"},
        "emulators": {"firestore": {"host": "127.0.0.1", "port": port}, "ui": {"enabled": False}},
    }
    Path(folder, "firebase.json").write_text(json.dumps(settings))
    firebase = str(ROOT / "local/node_modules/.bin/firebase")
    return [
        firebase,
        "emulators:start",
        "--only=firestore",
        f"--project={project}",
        f"--config={folder}/firebase.json",
    ]


def load_rules(address: str, project: str, rules: Path) -> None:
    """Give the emulator the rules. Raises CannotRun, with the compiler's message, if they do not compile.

    A file named on the command line is not enough: hidane prints an error about a broken one and then allows
    everything.
    """
    source = rules.read_text()
    request = urllib.request.Request(
        f"http://{address}/emulator/v1/projects/{project}:securityRules",
        json.dumps({"rules": {"files": [{"name": rules.name, "content": source}]}}).encode(),
        {"Content-Type": "application/json"},
        method="PUT",
    )
    try:
        urllib.request.urlopen(request, timeout=10).close()
    except urllib.error.HTTPError as refusal:
        raise CannotRun(f"{rules.name} does not compile.\n{_complaint(refusal.read(), source)}") from refusal


def _complaint(answer: bytes, source: str) -> str:
    """The compiler's messages, each with its line of the rules (`L12:5 message`)."""
    try:
        said = json.loads(answer)["error"]["message"]
    except (ValueError, KeyError, TypeError):
        said = answer.decode(errors="replace")
    lines = source.splitlines()
    complaints = []
    for complaint in said.splitlines():
        complaints.append(f"    {complaint}")
        place = re.match(r"L(\d+):\d+", complaint)
        if place and int(place[1]) <= len(lines):
            complaints.append(f"      {place[1]} | {lines[int(place[1]) - 1].strip()}")
    return "\n".join(complaints)
