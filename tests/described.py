"""docs/openapi.json against what is really answered: every answer of the test run has to fit its description."""

import functools
import json
import re

from jsonschema import Draft202012Validator

from local.stack import ROOT


def misfit(method, url, answer):
    """Why the answer is none that docs/openapi.json describes for this request; None if it is one, or no API's."""
    if (found := _operation(method, url.split("?")[0])) is None:
        return None
    responses = found["responses"]
    described = responses.get(str(answer.status_code))
    if described is None:
        if answer.status_code < 400 and answer.status_code != 304:
            return f"{answer.status_code} is not described"
        described = responses["default"] if answer.status_code >= 400 else {}
    content = _resolved(described).get("content", {})
    if not content:
        return None if not answer.data else f"{answer.status_code} is described without a body, and has one"
    kind = answer.mimetype
    if kind not in content:
        return f"the Content-Type {kind} is not described: {', '.join(content)} are"
    if kind == "application/x-ndjson" or _is_damaged(answer.json):
        return None
    errors = _validator(json.dumps(content[kind]["schema"])).iter_errors(answer.json)
    error = next((one for one in errors if one.validator != "required" or not _is_damaged(one.instance)), None)
    return error and f"{error.json_path}: {error.message[:300]}"


def _is_damaged(shown):
    """What cannot be read of a document is missing, whatever is required."""
    return isinstance(shown, dict) and "damaged" in shown


@functools.cache
def _document():
    return json.loads((ROOT / "docs" / "openapi.json").read_text())


def _resolved(described):
    if "$ref" not in described:
        return described
    return functools.reduce(dict.__getitem__, described["$ref"].split("/")[1:], _document())


@functools.cache
def _patterns():
    paths = sorted(_document()["paths"], key=lambda path: path.count("{"))  # a name before any name
    return [(re.compile(re.sub(r"{[^}]+}", "[^/]+", path) + "$"), path) for path in paths]


@functools.lru_cache(maxsize=4096)
def _operation(method, path):
    for pattern, name in _patterns():
        if pattern.match(path) and method.lower() in _document()["paths"][name]:
            return _document()["paths"][name][method.lower()]
    return None


@functools.cache
def _validator(schema):
    return Draft202012Validator(json.loads(schema) | {"components": _document()["components"]})
