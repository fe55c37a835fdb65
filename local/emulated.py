"""What the page is told where production would tell it otherwise: which emulators run, and the app's own settings.

/__/firebase/init.json   the web app's settings, as Hosting serves them for the project it belongs to
/__/stack.json           only here: where the emulators are; a page that finds it uses them
/__/openapi.json         only here: the API's description
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from werkzeug.utils import send_file
from werkzeug.wrappers import Request, Response

ROOT = Path(__file__).resolve().parent.parent
TO_EMULATORS = ("connect-src", "frame-src")  # the SDK's calls; the Auth emulator's own sign-in page


def reserved(request: Request) -> Response | None:
    """The answer for an address below /__/, or None."""
    if request.path == "/__/stack.json":
        return _json(addresses(request))
    if request.path == "/__/firebase/init.json":
        return _json({"projectId": _project(), "apiKey": "local", "authDomain": request.host})
    if request.path == "/__/openapi.json":
        return send_file(ROOT / "docs/openapi.json", request.environ)
    return None


def addresses(request: Request) -> dict[str, str | None]:
    return {
        "project": _project(),
        "hosting": request.host_url.rstrip("/"),
        "firestore": os.environ["FIRESTORE_EMULATOR_HOST"],
        "auth": os.environ.get("FIREBASE_AUTH_EMULATOR_HOST"),
    }


def with_emulators(policy: str) -> str:
    """The Content-Security-Policy of production, with the emulators' addresses allowed besides."""
    hosts = (os.environ.get(name) for name in ("FIRESTORE_EMULATOR_HOST", "FIREBASE_AUTH_EMULATOR_HOST"))
    allowed = "".join(f" http://{host}" for host in hosts if host)
    directives = [directive.strip() for directive in policy.split(";")]
    return "; ".join(text + allowed if text.startswith(TO_EMULATORS) else text for text in directives)


def _json(content: Mapping[str, str | None]) -> Response:
    return Response(json.dumps(content), mimetype="application/json")


def _project() -> str:
    return os.environ["GOOGLE_CLOUD_PROJECT"]
