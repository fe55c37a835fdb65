""".gcloudignore: what is uploaded with a function is only what it needs, and that is enough."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from pathspec import GitIgnoreSpec

from local.firestore import ROOT

SERVICES = {
    rule["run"]["serviceId"] for rule in json.loads((ROOT / "firebase.json").read_text())["hosting"]["rewrites"]
}


def uploaded(root: Path) -> list[str]:
    """The files that gcloud would upload from that folder."""
    ignored = GitIgnoreSpec.from_lines((ROOT / ".gcloudignore").read_text().splitlines())
    return sorted(ignored.match_tree_files(root, negate=True))


def test_only_the_functions_and_what_they_share_are_uploaded(tmp_path):
    wanted = [
        "functions/session.py",
        "main.py",
        "requirements.txt",
        "shared/schemas/session.py",
        "shared/session/document.py",
    ]
    never = [
        *(
            ".env",
            "key.json",
            "requirements-dev.txt",
            "firebase.json",
            "firestore.rules",
            "conftest.py",
            ".git/config",
        ),
        *(".venv/bin/python", "local/unsigned_tokens.py", "local/main.py", "tests/main.py", "web/index.html"),
        *(
            "functions/__pycache__/session.cpython-311.pyc",
            "shared/session.pyc",
            "node_modules/x/main.py",
            "docs/functions/x.py",
        ),
    ]
    for path in wanted + never:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()

    assert uploaded(tmp_path) == wanted


@pytest.fixture(scope="module")
def upload(tmp_path_factory):
    folder = tmp_path_factory.mktemp("upload")
    for path in uploaded(ROOT):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, folder / path)
    return folder


@pytest.mark.parametrize("service", sorted(SERVICES))
def test_what_is_uploaded_is_enough_for_every_function_to_load(upload, service):
    loading = f"from functions_framework import create_app; create_app({service!r}, 'main.py', 'http')"
    # -P: only the installed packages are found, and the upload, which the framework adds itself.
    environ = {"PATH": "/usr/bin:/bin", "GOOGLE_CLOUD_PROJECT": "demo-x"}

    loaded = subprocess.run(
        [sys.executable, "-P", "-c", loading], cwd=upload, env=environ, capture_output=True, text=True
    )

    assert loaded.stderr == ""
    assert loaded.returncode == 0


def test_the_code_that_believes_unsigned_tokens_is_not_uploaded(upload):
    assert not list(upload.rglob("*unsigned*"))
    assert "alg" not in "".join(path.read_text() for path in upload.rglob("*.py"))
