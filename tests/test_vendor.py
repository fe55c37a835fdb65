"""web/vendor holds other people's modules as npm's registry has them, but for where they import from."""

import base64
import hashlib
import io
import json
import os
import re
import tarfile

import pytest

from local import vendor
from local.processes import CannotRun
from local.stack import ROOT

DRAGON = b"export const dragon = 1\n"


def package(content, sha512=None):
    """A package of one module, and its archive."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:gz") as files:
        entry = tarfile.TarInfo("package/dist/dragon.js")
        entry.size = len(content)
        files.addfile(entry, io.BytesIO(content))
    digest = sha512 or base64.b64encode(hashlib.sha512(archive.getvalue()).digest()).decode()
    return vendor.Package("dragon", "1.0.0", digest, {"dragon.js": "dist/dragon.js"}), archive.getvalue()


@pytest.fixture
def registry(monkeypatch):
    """Stands in npm's place: gives an archive."""

    def gives(archive):
        monkeypatch.setattr(
            vendor, "_fetch", lambda packages, folder: folder.joinpath("dragon-1.0.0.tgz").write_bytes(archive)
        )

    return gives


def test_the_modules_of_a_package_replace_what_was_there(registry, tmp_path):
    dragon, archive = package(DRAGON)
    registry(archive)
    tmp_path.joinpath("old.js").write_text("gone")

    vendor.fill(tmp_path, [dragon])

    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {"dragon.js": DRAGON}


def test_an_archive_with_another_digest_is_refused_and_leaves_nothing(registry, tmp_path):
    dragon, archive = package(DRAGON, sha512="AAAA")
    registry(archive)
    tmp_path.joinpath("old.js").write_text("gone")

    with pytest.raises(CannotRun, match=r"dragon@1\.0\.0 is not what it was.*AAAA"):
        vendor.fill(tmp_path, [dragon])

    assert not tmp_path.exists()


@pytest.mark.parametrize(
    ("source", "ours"),
    [
        (
            b'import{a}from"https://www.gstatic.com/firebasejs/12.19.0/firebase-app.js";b()',
            b'import{a}from"./firebase-app.js";b()',
        ),
        (
            b"import { a } from 'https://www.gstatic.com/firebasejs/12.19.0/firebase-app.js';",
            b"import { a } from './firebase-app.js';",
        ),
        (
            b"const name = 'https://www.gstatic.com/firebasejs/12.19.0/firebase-app.js';",
            b"const name = 'https://www.gstatic.com/firebasejs/12.19.0/firebase-app.js';",
        ),
        (b"a()\n\n//# sourceMappingURL=firebase-app.js.map\n", b"a()\n\n"),
    ],
)
def test_imports_from_googles_cdn_become_our_own(source, ours):
    assert vendor.own_origin(source) == ours


def test_what_was_installed_imports_nothing_from_elsewhere():
    folder = ROOT / "web/vendor"
    modules = {file.relative_to(folder): file.read_text() for file in folder.rglob("*.js")}

    listed = {name for one in vendor.PACKAGES for name in one.modules if name.endswith(".js")}
    assert {str(name) for name in modules} == listed
    imported = {
        os.path.normpath(name.parent / found)
        for name, text in modules.items()
        for found in re.findall(r"""\bfrom\s*["']([^"']+)["']""", text)
    }
    assert imported <= listed


def test_the_types_that_tsc_reads_are_of_the_version_that_is_served():
    served = {one.name: one.version for one in vendor.PACKAGES}

    assert json.loads(ROOT.joinpath("package.json").read_text())["devDependencies"]["lit-html"] == served["lit-html"]
