"""docs/openapi.json is what the code serves, and README names its addresses."""

import json
import re

from local import openapi
from local.stack import ROOT


def test_the_description_is_current():
    assert openapi.FILE.read_text() == openapi.text(), "run `make openapi` and look at what changed"


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
