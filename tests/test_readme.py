"""The walk in README.md works as it stands there."""

import ast
import os
import re
import subprocess

from local.stack import ROOT


def test_the_walk_with_curl_answers_what_it_says(stack, tmp_path):
    section = ROOT.joinpath("README.md").read_text().split("### A walk with curl")[1]
    walk = re.search(r"```sh\n(.*?)```", section, re.S)[1]
    addresses, steps = walk.split("\n", 1)
    assert addresses == "URL=http://127.0.0.1:5000 AUTH=http://127.0.0.1:9099"

    here = os.environ | {"URL": stack.url, "AUTH": f"http://{stack.auth}"}
    run = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", steps], cwd=tmp_path, env=here, capture_output=True, text=True
    )

    assert run.returncode == 0, run.stderr
    statuses = re.findall(r"^\d{3}$", run.stdout, re.M)
    assert statuses == re.findall(r"# (\d{3})$", steps, re.M)
    assert "{'name': 'Sunblade', 'rarity': 'Rare', 'value': '900 gp', 'weight': '3 lb.'}" in sorted_items(run.stdout)
    assert "Sunblade\n422\n{'current_tool': [" in run.stdout


def sorted_items(text):
    """Python prints a dict in the order of the JSON, which Firestore does not keep."""
    return re.sub(r"^{.*}$", lambda found: str(dict(sorted(ast.literal_eval(found[0]).items()))), text, flags=re.M)
