"""The real functions and the real local Firestore (rules on) behind two pipes: a JSON line in, a JSON line out.

    python -m tests.simulation.server REQUESTS ANSWERS     names of fifos; PATCHES are planted bugs (patched.py)

A line is a request {method, path, headers, body}, or {"do": ...}: `begin` a schedule with nothing stored, `dump` what
is stored, `restart` the functions, `expire` a user's session. One at a time: whoever asks waits.
"""

import functools
import io
import json
import os
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import urllib3

from local.ports import free
from local.stack import ROOT, Stack, running
from tests.simulation import patched


def main(requests: str, answers: str) -> None:
    """Answer lines until there are no more."""
    with running(auth=False, hosting=False, ports=free) as stack:
        os.environ |= {"FIRESTORE_EMULATOR_HOST": stack.firestore, "GOOGLE_CLOUD_PROJECT": stack.project}
        patched.plant(json.loads(os.environ.get("PATCHES") or "[]"))
        world = World(stack)
        with open(requests) as asked, open(answers, "w") as answered:
            print(json.dumps({"project": stack.project}), file=answered, flush=True)
            for line in asked:
                print(json.dumps(world.answer(json.loads(line)), default=str), file=answered, flush=True)


class World:
    """The functions as Hosting routes to them, and an administrator's view of what they stored."""

    def __init__(self, stack: Stack):
        from google.cloud import firestore

        self.stack = stack
        self.restart()
        self.admin = firestore.Client(project=stack.project)  # at an emulator: skips the rules
        self.http = urllib3.PoolManager()
        self.verbs: Mapping[str, Callable[..., Any]] = {
            "begin": self.begin,
            "dump": self.dump,
            "restart": self.restart,
            "expire": self.expire,
        }

    def answer(self, asked: dict[str, Any]) -> Any:
        """What a line asks for."""
        if verb := asked.pop("do", None):
            return self.verbs[verb](**asked)
        status: list[Any] = []
        body = (asked.get("body") or "").encode()
        path, _, query = asked["path"].partition("?")
        environ = {
            "REQUEST_METHOD": asked["method"],
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "here.test",
            "SERVER_PORT": "443",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "https",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name, value in asked["headers"].items():
            key = name.upper().replace("-", "_")
            environ["CONTENT_TYPE" if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
        chunks = self.hosting(environ, lambda *given: status.extend(given[:2]) or (lambda data: None))
        text = b"".join(chunks).decode()
        return {"status": int(status[0].split()[0]), "headers": dict(status[1]), "body": text}

    def begin(self) -> None:
        """Nothing is stored. A list would read all that earlier schedules left."""
        path = f"/emulator/v1/projects/{self.stack.project}/databases/(default)/documents"
        self.http.request("DELETE", f"http://{self.stack.firestore}{path}")

    def restart(self) -> None:
        """The functions as a new instance has them: no channel, no clients, no buckets."""
        from local.hosting import load

        for module in list(sys.modules.values()):
            if str(getattr(module, "__name__", "")).startswith(("shared.", "functions.")):
                for value in list(vars(module).values()):
                    if isinstance(value, functools._lru_cache_wrapper):
                        value.cache_clear()
        self.hosting = load(ROOT)

    def expire(self, uid: str) -> None:
        """A month went by without the user."""
        session = self.admin.collection("sessions").document(uid)
        if session.get().exists:
            session.update({"expires_at": datetime.now(UTC) - timedelta(hours=1)})

    def dump(self, saves: bool = False) -> dict[str, list[dict[str, Any]]]:
        """Every document by collection, with its path."""
        groups = ("sessions", "cardgen_projects", "tool_projects", "dungeonmind-objects")
        found = {name: self.admin.collection(name).stream() for name in groups}
        if saves:
            found |= {name: self.admin.collection_group(name).stream() for name in ("card_sessions", "tool_saves")}
        return {
            name: [(one.to_dict() or {}) | {"(path)": one.reference.path} for one in some]
            for name, some in found.items()
        }


if __name__ == "__main__":
    main(*sys.argv[1:])
