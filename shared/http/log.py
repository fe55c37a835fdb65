"""One JSON line a request on stdout, as Cloud Run's log agent reads it: facts, never a token or content."""

import json
import os
import re
import sys
from typing import Any

from flask import Request

_JSON = json.JSONEncoder(ensure_ascii=False, default=str)


def log(severity: str, message: str, **facts: Any) -> None:
    """Write one entry. Error Reporting picks a traceback out of the message of an ERROR."""
    entry = {"severity": severity, "message": message, **facts}
    sys.stdout.write(_JSON.encode(entry) + "\n")  # one write: lines of threads do not mix
    sys.stdout.flush()


def trace(request: Request) -> dict[str, str]:
    """The field that joins an entry to the request's own log, from `traceparent` (W3C) or X-Cloud-Trace-Context."""
    headers = f"{request.headers.get('traceparent', '')} {request.headers.get('X-Cloud-Trace-Context', '')}"
    found = re.search(r"\b([0-9a-f]{32})[-/]", headers)
    project = os.environ.get("GOOGLE_CLOUD_PROJECT")
    return {"logging.googleapis.com/trace": f"projects/{project}/traces/{found[1]}"} if found else {}
