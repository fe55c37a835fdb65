"""docs/openapi.json, made from the functions' blueprints: `make openapi`. A test compares it with the code."""

import json
import os
from pathlib import Path
from typing import Any

from flask_smorest import Api

os.environ.setdefault("GOOGLE_CLOUD_PROJECT", "demo-dungeonmind")  # a description asks nobody

import functions.account
import functions.client_errors
import functions.objects
import functions.project_saves
import functions.projects
import functions.session
import functions.session_lists
import functions.session_saves
from shared.http.function import application

FILE = Path(__file__).resolve().parent.parent / "docs" / "openapi.json"
BLUEPRINTS = (
    functions.session.routes,
    functions.session_lists.beside,
    functions.session_saves.session_saves,
    functions.account.account,
    functions.client_errors.reports,
    functions.projects.routes,
    functions.project_saves.project_saves,
    functions.objects.routes,
)
PROBLEM = {
    "description": "A problem document (RFC 9457)",
    "content": {
        "application/problem+json": {
            "schema": {
                "type": "object",
                "properties": {
                    "type": {"type": "string"},
                    "title": {"type": "string"},
                    "status": {"type": "integer"},
                    "detail": {"type": "string"},
                    "errors": {"type": "object", "description": "422: messages by field path"},
                    "current": {"type": "object", "description": "412: the document as it is now"},
                    "etag": {"type": "string", "description": "412: its ETag"},
                    "updated_by": {"type": "object", "description": "412: who saved it"},
                    "update_time": {"type": "string", "description": "412: and when"},
                },
            }
        }
    },
}
HEADERS = {
    "If-Match": "An ETag: 412 if the document was saved since.",
    "X-Device-Id": "The id that this device keeps.",
    "X-Save-Id": "A random id of this save, by which its author recognises it.",
}


# The writes that keep If-Match; each is tried in tests/test_openapi.py. Beginning a session, saves (which never change)
# and what is of many documents have nothing to compare.
CONDITIONAL = {
    *((method, "/api/session") for method in ("patch", "delete")),
    *((method, "/api/session/tools/{tool}") for method in ("patch", "put")),
    *(("post", f"/api/session/tools/{{tool}}/{verb}") for verb in ("merge", "conflicts/choose")),
    ("delete", "/api/session/devices/{device_id}"),
    ("delete", "/api/session/{name}"),
    *((method, "/api/session/{name}/{object_id}") for method in ("put", "delete")),
    *((method, "/api/{tool}/projects/{project_id}") for method in ("put", "patch", "delete")),
    *(("post", f"/api/{{tool}}/projects/{{project_id}}/{verb}") for verb in ("merge", "conflicts/choose", "undelete")),
    *((method, "/api/objects/{object_id}") for method in ("patch", "delete")),
    ("post", "/api/objects/{object_id}/undelete"),
}


def described() -> dict[str, Any]:
    """The OpenAPI description of every function."""
    app = application("dungeonmind-storage", *BLUEPRINTS)
    api: Api = app.extensions["flask-smorest"]["apis"][""]["ext_obj"]
    spec: dict[str, Any] = api.spec.to_dict()
    for library_default in ("Error", "PaginationMetadata"):
        spec["components"]["schemas"].pop(library_default, None)
    spec["components"]["responses"] = {"Problem": PROBLEM}
    spec["components"]["securitySchemes"] = {"idToken": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
    spec["security"] = [{"idToken": []}]
    for path, address in spec["paths"].items():
        for method, operation in address.items():
            if method in ("put", "patch", "post", "delete", "get"):
                _finish(method, path, operation)
    return spec


def _finish(method: str, path: str, operation: dict[str, Any]) -> None:
    """Every operation answers problems, a write says by whom it is, and some keep a condition."""
    operation["responses"].pop("422", None)
    operation["responses"]["default"] = {"$ref": "#/components/responses/Problem"}
    if method != "get":
        operation.setdefault("parameters", []).extend(
            {"in": "header", "name": name, "description": text, "schema": {"type": "string"}}
            for name, text in HEADERS.items()
            if name != "If-Match" or (method, path) in CONDITIONAL
        )


def text() -> str:
    """What the file should hold."""
    return json.dumps(described(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(text())
    print(f"{FILE.relative_to(Path.cwd())}: {len(described()['paths'])} addresses")
