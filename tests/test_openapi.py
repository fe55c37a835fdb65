"""docs/openapi.json is what the code serves, and README names its addresses."""

import json
import re
import uuid

from local import addresses, openapi
from local.indexes import declared_indexes
from local.stack import ROOT
from shared.schemas.tools import TOOLS


def test_the_description_is_current():
    assert openapi.FILE.read_text() == openapi.text(), "run `make openapi` and look at what changed"


def test_the_table_of_addresses_is_current():
    assert addresses.FILE.read_text() == addresses.text(), "run `make openapi` and look at what changed"


def test_every_address_of_the_api_stands_in_the_readme_and_no_other():
    described = {
        (method.upper(), re.sub(r"{name}", "{list}", path))
        for path, address in json.loads(openapi.FILE.read_text())["paths"].items()
        for method in address
        if method != "parameters"
    }
    rows = re.findall(r"^\| `([A-Z, ]+)` \| `(/api/\S+)` \|", ROOT.joinpath("README.md").read_text(), re.M)
    named = {(method, path) for methods, path in rows for method in methods.split(", ")}

    assert named == described


CHOICE = {"save_id": str(uuid.uuid4()), "path": "x", "choice": "stored"}
BODIES = {"merge": {"base": {}, "mine": {}}, "choose": CHOICE, "projects": {"name": "x"}, "objects": {"name": "x"}}


# Fault S19
def test_the_writes_that_promise_to_keep_if_match_keep_it_and_the_others_promise_nothing(alice):
    alice.put("/api/session", {"device": {}}, headers={"X-Device-Id": "d1"})
    project = alice.post("/api/cardgenerator/projects", {"name": "P"}).json["id"]
    thing = alice.post("/api/objects", {"type": "item", "name": "O"}).json["id"]
    here = {"tool": "cardgenerator", "project_id": project, "object_id": thing, "name": "clipboard", "device_id": "d1"}
    promised = {
        (method, path)
        for path, address in openapi.described()["paths"].items()
        for method, operation in address.items()
        if method != "parameters" and "If-Match" in [one["name"] for one in operation.get("parameters", [])]
    }

    answers = {}
    for method, path in promised:
        body = BODIES.get(path.rsplit("/", 1)[1]) or BODIES.get(path.split("/")[-2], {})
        stale = {"If-Match": '"2020-01-01T00:00:00.000000Z"'}
        answers[method, path] = alice.request(method.upper(), path.format(**here), body, headers=stale).status_code

    assert promised == openapi.CONDITIONAL
    nothing_to_choose = {
        one for one in promised if one[1].endswith("choose")
    }  # and so nothing is written; see test_conflicts.py
    assert answers == dict.fromkeys(promised, 412) | dict.fromkeys(nothing_to_choose, 200)


def test_rules_and_indexes_name_every_tool_of_the_registry():
    rules = ROOT.joinpath("firestore.rules").read_text()
    exempt = {(o["collectionGroup"], o["fieldPath"]) for o in declared_indexes()["fieldOverrides"]}

    for tool in TOOLS.values():
        assert f"map(d, '{tool.name}', 50)" in rules
        assert ("sessions", tool.name) in exempt
        block = rules.split(f"match /{tool.projects}/{{id}}")[1].split("\n    match /")[0]
        assert block.count(f"'{tool.name}'") == 2
