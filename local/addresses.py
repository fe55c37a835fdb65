"""docs/addresses.md: each address, the file of its route, and the modules of shared/ that its route calls. Made by
`make openapi`; a test compares it with the code."""

import ast
import inspect
import re
import sys
import textwrap
from pathlib import Path
from types import ModuleType
from typing import Any

from local.openapi import BLUEPRINTS
from shared.http.function import application

FILE = Path(__file__).resolve().parent.parent / "docs" / "addresses.md"
NOUNS = ("session", "projects", "saves", "objects", "merge", "recovery", "account", "sharing")
ORDER = ["GET", "POST", "PUT", "PATCH", "DELETE"]


def text() -> str:
    """The whole page."""
    app = application("described", *BLUEPRINTS)
    rows = []
    for rule in app.url_map.iter_rules():
        view: Any = inspect.unwrap(app.view_functions[rule.endpoint])
        if not view.__module__.startswith("functions."):
            continue
        methods = sorted((rule.methods or set()) & set(ORDER), key=ORDER.index)
        path = re.sub(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>", r"{\1}", str(rule.rule))
        file = view.__module__.replace(".", "/") + ".py"
        modules = ", ".join(f"`{module}`" for module in _called(view))
        rows.append((path, ORDER.index(methods[0]), f"| `{', '.join(methods)}` | `{path}` | `{file}` | {modules} |"))
    lines = [
        "# From an address to its code",
        "",
        "Made by `make openapi`. The last column names the modules of the nouns, in `shared/`, that a route calls.",
        "The way of a request is in CONTRIBUTING.md, what each address takes and answers in openapi.json.",
        "",
        "| method | address | route | calls |",
        "| --- | --- | --- | --- |",
        *(row for *_, row in sorted(rows)),
    ]
    return "\n".join(lines) + "\n"


def _called(view: Any) -> list[str]:
    """The modules of the nouns whose functions a view names, also by way of functions of its own file."""
    module = sys.modules[view.__module__]
    found: dict[str, None] = {}
    for name in _names(view, module, set()):
        where = getattr(getattr(module, name, None), "__module__", "")
        if re.match(rf"shared\.({'|'.join(NOUNS)})\.", where):
            found[where.removeprefix("shared.").replace(".", "/") + ".py"] = None
    return sorted(found)


def _names(function: Any, module: ModuleType, seen: set[str]) -> set[str]:
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    named = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} - seen
    seen |= named
    for name in sorted(named):
        inner = getattr(module, name, None)
        if inspect.isfunction(inner) and inner.__module__ == module.__name__ and inner is not function:
            _names(inner, module, seen)
    return seen


if __name__ == "__main__":
    FILE.write_text(text())
