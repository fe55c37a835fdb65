"""Emulators only: the Auth emulator's ID tokens have no signature. Never deployed; see shared/http/identity.py.

It still checks what the Firestore emulator does not: that the token is unsigned and has not expired.
"""

import base64
import json
import time
from collections.abc import Mapping
from typing import Any

from werkzeug.exceptions import Unauthorized


def verify(token: str) -> Mapping[str, Any]:
    """The claims of an unsigned token that has not expired. Raises Unauthorized."""
    try:
        header, payload, signature = token.split(".")
        claims: dict[str, Any] = _json(payload)
        if _json(header)["alg"] != "none" or signature or claims["exp"] <= time.time():
            raise ValueError("signed, or expired")
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Unauthorized("The ID token is invalid or has expired: get a new one from the Auth emulator.") from error
    return claims


def mint(uid: str, project: str, provider: str = "anonymous", lifetime: int = 3600, **claims: Any) -> str:
    """A token in the shape that the Auth emulator issues, for tests that do without it. `lifetime` in seconds."""
    now = int(time.time())
    body = {
        "iss": f"https://securetoken.google.com/{project}",
        "aud": project,
        "sub": uid,
        "user_id": uid,
        "auth_time": now,
        "iat": now,
        "exp": now + lifetime,
        "firebase": {"identities": {}, "sign_in_provider": provider},
        **claims,
    }
    return f"{_part({'alg': 'none', 'typ': 'JWT'})}.{_part(body)}."


def _json(part: str) -> Any:
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def _part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()
