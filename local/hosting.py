"""In Firebase Hosting's place: the page, and every function behind firebase.json's rewrites, on one port.

    python -m local.hosting PORT

As Hosting does it: static files first, then the rewrites in their order; a function gets the whole path; of
all cookies only __session reaches it. (Hosting's own emulator asks the live project for a `run` rewrite.) The
functions are mounted by functions-framework, as they are deployed, here all in one process.
What is below /__/, and what the Content-Security-Policy allows besides: local/emulated.py.
"""

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from functions_framework import create_app
from functions_framework._http.gunicorn import GunicornApplication
from werkzeug.exceptions import NotFound
from werkzeug.http import dump_cookie
from werkzeug.security import safe_join
from werkzeug.utils import send_file
from werkzeug.wrappers import Request, Response

from local.emulated import reserved, with_emulators
from local.globs import glob

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ROOT = Path(__file__).resolve().parent.parent
THREADS = 16  # requests at once, as a deployed instance has them


Functions = Mapping[str, "WSGIApplication"]  # by their service ids


class Hosting:
    """The WSGI application for the `hosting` block of a firebase.json."""

    def __init__(self, root: Path, settings: Mapping[str, Any], functions: Functions):
        self.public = root / settings["public"]
        self.ignored = [glob(pattern) for pattern in settings["ignore"]]
        self.rewrites = [(glob(rule["source"]), functions[rule["run"]["serviceId"]]) for rule in settings["rewrites"]]
        self.headers = [(glob(rule["source"]), rule["headers"]) for rule in settings["headers"]]

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        request = Request(environ)
        response = self.page(request) if request.method in ("GET", "HEAD") else None
        if response is None:
            for source, function in self.rewrites:
                if source.fullmatch(request.path):
                    return function(_forwarded(request), start_response)
            response = self.missing(request)
        for source, headers in self.headers:
            if source.fullmatch(request.path):
                response.headers.update({header["key"]: header["value"] for header in headers})
        if policy := response.headers.get("Content-Security-Policy"):
            response.headers["Content-Security-Policy"] = with_emulators(policy)
        return response(environ, start_response)

    def page(self, request: Request) -> Response | None:
        """The static file at the request's path, or None."""
        if answer := reserved(request):
            return answer
        file = self.file(request.path)
        return send_file(file, request.environ) if file and file.is_file() else None

    def file(self, path: str) -> Path | None:
        """Where the file of that path would be, or None if it is not for the public."""
        path += "index.html" if path.endswith("/") else ""
        parts = path.split("/")
        above = ["/".join(parts[:count]) for count in range(2, len(parts) + 1)]
        if any(pattern.fullmatch(part) for pattern in self.ignored for part in above):
            return None
        found = safe_join(str(self.public), path.lstrip("/"))
        return Path(found) if found else None

    def missing(self, request: Request) -> Response:
        page = self.public / "404.html"
        if not page.is_file():
            return NotFound().get_response(request.environ)
        response = Response(page.read_bytes(), mimetype="text/html")
        response.status_code = 404
        return response


def _forwarded(request: Request) -> "WSGIEnvironment":
    """What a function is given of the request."""
    cookie = request.cookies.get("__session")
    environ = {key: value for key, value in request.environ.items() if key != "HTTP_COOKIE"}
    if cookie is not None:
        environ["HTTP_COOKIE"] = dump_cookie("__session", cookie, path=None)
    environ.setdefault("HTTP_X_FORWARDED_HOST", request.host)
    return environ


def load(root: Path) -> Hosting:
    """The hosting of the firebase.json in that folder, with the functions of the main.py beside it."""
    settings = json.loads(Path(root, "firebase.json").read_text())["hosting"]
    services = {rule["run"]["serviceId"] for rule in settings["rewrites"]}
    # The type is given: create_app leaves the last one in the environment, where it would hold for the next.
    functions = {name: create_app(name, str(root / "main.py"), signature_type="http") for name in services}
    return Hosting(root, settings, functions)


def serve(hosting: Hosting, port: int) -> None:
    """Serve as a deployed function does, under functions-framework's gunicorn, until a signal ends it."""
    GunicornApplication(hosting, "127.0.0.1", port, debug=False, threads=THREADS).run()


if __name__ == "__main__":
    from local import indexes

    indexes.watch()
    serve(load(ROOT), int(sys.argv[1]))
