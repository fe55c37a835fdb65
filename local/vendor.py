"""Fills web/vendor: the browser's copies of other people's modules, served from our own origin.

    python -m local.vendor

Three packages, as npm's registry has them, each checked against the digest here. `firebase` installed whole is 183 MB;
of its package three bundles are wanted, and they import each other from Google's CDN, which becomes our own file.
lit-html keeps its folders, as its modules import each other by them.
"""

import base64
import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from local.firestore import ROOT
from local.processes import CannotRun

VENDOR = ROOT / "web/vendor"
CDN = re.compile(rb"""(from\s*)(["'])https://www\.gstatic\.com/firebasejs/[\d.]+/(firebase-\w+\.js)\2""")
SOURCE_MAP = re.compile(rb"\n//# sourceMappingURL=\S+\s*$")  # no map comes along


@dataclass(frozen=True)
class Package:
    name: str
    version: str
    sha512: str  # npm's `dist.integrity`
    modules: Mapping[str, str]  # the file's name in web/vendor: its path in the package

    @property
    def whole_name(self) -> str:
        return f"{self.name}@{self.version}"


PACKAGES = (
    Package(
        "firebase",
        "12.19.0",
        "kwXCLcI0ly2lkwygkbuRx6SsX3DSO96355YrWh9SWZ5ncsxK/y5cirn3sY6nZVSiBVE++2nL6Hchzu1EB8uohQ==",
        {f"firebase-{part}.js": f"firebase-{part}.js" for part in ("app", "auth", "firestore")},
    ),
    Package(
        "idb-keyval",
        "6.3.0",
        "um+2dgAWmYsu615EXpWVwSmapJhON0G43t3Ka/EVaohzPQXSMqKEqeDK/oIW3Ow+BXaF2PvSc+oBTFp793A5Ow==",
        {"idb-keyval.js": "dist/index.js", "idb-keyval.d.ts": "dist/index.d.ts"},  # its types: for tsc
    ),
    # The page's lists: rows that stay with what they show, 4 kB gzipped, no eval and no inline style, so that the
    # Content-Security-Policy stays strict. Its version stands in package.json too: tsc reads its types from there.
    Package(
        "lit-html",
        "3.3.3",
        "el8M6jK2o3RXBnrSHX3ZKrsN8zEV63pSExTO1wYJz7QndGYZ8353e2a5PPX+qHe2aGayfnchQmkAojaWAREOIA==",
        {
            f"lit-html/{path}": path
            for path in (
                "lit-html.js",
                "directive.js",
                "directive-helpers.js",
                "directives/live.js",
                "directives/repeat.js",
            )
        },
    ),
)


def fill(folder: Path, packages: Sequence[Package] = PACKAGES) -> None:
    """Make the folder anew with the modules of all the packages. Raises CannotRun, leaving no folder, if one is not
    what its digest says."""
    shutil.rmtree(folder, ignore_errors=True)
    with TemporaryDirectory(prefix="vendor-") as scratch:
        _fetch(packages, Path(scratch))
        modules = [module for package in packages for module in _modules(package, Path(scratch))]
    folder.mkdir(parents=True)
    for name, source in modules:
        file = folder.joinpath(name)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(own_origin(source))


def own_origin(source: bytes) -> bytes:
    """The module with its imports from Google's CDN made imports of the file beside it."""
    return SOURCE_MAP.sub(b"\n", CDN.sub(rb"\1\2./\3\2", source))


def checked(package: Package, archive: bytes) -> bytes:
    """The archive, if it is the package's. Raises CannotRun otherwise."""
    digest = base64.b64encode(hashlib.sha512(archive).digest()).decode()
    if digest != package.sha512:
        raise CannotRun(f"{package.whole_name} is not what it was: its sha512 is {digest}, not {package.sha512}.")
    return archive


def _fetch(packages: Sequence[Package], folder: Path) -> None:
    names = [package.whole_name for package in packages]
    command = ["npm", "pack", *names, "--ignore-scripts", "--silent", f"--pack-destination={folder}"]
    subprocess.run(command, cwd=ROOT / "local", check=True, stdout=subprocess.DEVNULL)


def _modules(package: Package, folder: Path) -> Sequence[tuple[str, bytes]]:
    archive = folder / f"{package.name}-{package.version}.tgz"
    checked(package, archive.read_bytes())
    with tarfile.open(archive) as files:
        found = [(name, files.extractfile(f"package/{path}")) for name, path in package.modules.items()]
        return [(name, source.read()) for name, source in found if source]


if __name__ == "__main__":
    try:
        fill(VENDOR)
    except (CannotRun, subprocess.CalledProcessError) as reason:
        sys.exit(str(reason))
