"""docs/openapi.json is what the code serves, and README names its addresses."""

import json
import re

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


def test_every_write_says_that_it_takes_a_condition():
    for address in openapi.described()["paths"].values():
        for method, operation in address.items():
            if method in ("put", "patch"):
                assert "If-Match" in [parameter["name"] for parameter in operation["parameters"]]


def test_rules_and_indexes_name_every_tool_of_the_registry():
    rules = ROOT.joinpath("firestore.rules").read_text()
    exempt = {(o["collectionGroup"], o["fieldPath"]) for o in declared_indexes()["fieldOverrides"]}

    for tool in TOOLS.values():
        assert f"map(d, '{tool.name}', 50)" in rules
        assert ("sessions", tool.name) in exempt
        block = rules.split(f"match /{tool.projects}/{{id}}")[1].split("\n    match /")[0]
        assert block.count(f"'{tool.name}'") == 2
