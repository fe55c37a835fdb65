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
    for address in spec["paths"].values():
        for method, operation in address.items():
            if method in ("put", "patch", "post", "delete", "get"):
                _finish(method, operation)
    return spec


def _finish(method: str, operation: dict[str, Any]) -> None:
    """Every operation answers problems, and every write may carry a condition."""
    operation["responses"].pop("422", None)
    operation["responses"]["default"] = {"$ref": "#/components/responses/Problem"}
    if method in ("put", "patch", "delete"):
        parameters = operation.setdefault("parameters", [])
        parameters += [
            {"in": "header", "name": name, "description": text, "schema": {"type": "string"}}
            for name, text in HEADERS.items()
        ]


def text() -> str:
    """What the file should hold."""
    return json.dumps(described(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(text())
    print(f"{FILE.relative_to(Path.cwd())}: {len(described()['paths'])} addresses")
