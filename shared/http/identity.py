"""Who is calling: a Firebase ID token, verified.

Production has one way in: a signature by Google's key, this project's audience and issuer. Unsigned tokens, as the Auth
emulator issues them, need four things at once: code that is not deployed (local/unsigned_tokens.py, see .gcloudignore),
an emulator variable, no sign of Cloud Run, and a demo-* project.
"""

import collections
import functools
import os
import re
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from google.auth import exceptions, transport
from google.auth.transport.requests import Request
from google.oauth2 import id_token
from werkzeug.exceptions import Unauthorized

from shared.call import Caller
from shared.schemas.strict import is_id

Verify = Callable[[str], Mapping[str, Any]]  # a token -> its claims; raises Unauthorized

LONGEST_UID = 80  # of an id's 128: what is derived from it has a dot and up to 46 more
_EMULATORS = ("FIRESTORE_EMULATOR_HOST", "FIREBASE_AUTH_EMULATOR_HOST")
_CLOUD_RUN = ("K_SERVICE", "K_REVISION", "K_CONFIGURATION")


def caller(authorization: str | None) -> Caller:
    """The caller that an Authorization header names. Raises 401, or TransportError if Google's keys cannot be read."""
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthorized("Send Authorization: Bearer <Firebase ID token>.")
    claims = verifier()(token.strip())
    project = os.environ["GOOGLE_CLOUD_PROJECT"]
    uid = claims.get("sub")
    # google-auth 2.60 and older check neither issuer nor subject.
    ours = claims.get("aud") == project and claims.get("iss") == f"https://securetoken.google.com/{project}"
    if not ours or not isinstance(uid, str):
        raise Unauthorized("The token is not of this project: sign in here and send its ID token.")
    name = claims.get("name", "")
    if not is_id(uid) or len(uid) > LONGEST_UID:  # ids begin with it
        raise Unauthorized(
            f"The token's uid cannot be used here: at most {LONGEST_UID} of A-Z a-z 0-9 . _ ~ : @ + - are."
        )
    if not isinstance(name, str):  # the rules compare it with what is written
        raise Unauthorized("The token's `name` is no text: set the account's display name, or remove that claim.")
    firebase = claims.get("firebase")
    signed_in_with = firebase.get("sign_in_provider", "") if isinstance(firebase, Mapping) else ""
    return Caller(uid, name, signed_in_with, token.strip())


@functools.cache
def verifier() -> Verify:
    """How this process verifies tokens, each once. Raises RuntimeError where emulator settings meet production."""
    return remembered(verifies())


def verifies() -> Verify:
    """What the environment asks for: Google's signatures, or the emulator's unsigned tokens."""
    emulated = [name for name in _EMULATORS if os.environ.get(name)]
    if not emulated:
        return signed_tokens(os.environ["GOOGLE_CLOUD_PROJECT"], Request())
    if any(os.environ.get(name) for name in _CLOUD_RUN):
        raise RuntimeError(f"{emulated} must not be set on Cloud Run.")
    if not os.environ["GOOGLE_CLOUD_PROJECT"].startswith("demo-"):
        raise RuntimeError("Emulators are for demo-* projects only.")
    from local.unsigned_tokens import verify  # not deployed

    return verify


def remembered(verify: Verify, most: int = 1_000, clock: Callable[[], float] = time.time) -> Verify:
    """The same, each token once until it expires: a person types for an hour on one. Those used last are kept."""
    using = threading.Lock()
    known: collections.OrderedDict[str, tuple[float, Mapping[str, Any]]] = collections.OrderedDict()

    def claims_of(token: str) -> Mapping[str, Any]:
        with using:
            until, claims = known.get(token, (0.0, {}))
            if clock() < until:
                known.move_to_end(token)
                return claims
        claims = verify(token)
        expires_at = claims.get("exp")
        with using:
            known.pop(token, None)
            if isinstance(expires_at, int | float):
                known[token] = (expires_at, claims)
            if len(known) > most:
                known.popitem(last=False)
        return claims

    return claims_of


def signed_tokens(project: str, fetch: transport.Request) -> Verify:
    """Verifies by Google's certificates, fetched by `fetch` and kept for as long as they say."""
    certificates = CachedGet(fetch)

    def verify(token: str) -> Mapping[str, Any]:
        try:
            return id_token.verify_firebase_token(  # type: ignore[no-any-return]
                token, certificates, audience=project, clock_skew_in_seconds=10
            )
        except exceptions.TransportError:  # a GoogleAuthError too, but not the token's fault: 503
            raise
        except (ValueError, exceptions.GoogleAuthError) as error:
            raise Unauthorized("The ID token is invalid or has expired: get a new one and try again.") from error

    return verify


class CachedGet(transport.Request):
    """google-auth downloads Google's certificates for every token; this keeps them for their max-age."""

    def __init__(self, fetch: transport.Request, clock: Callable[[], float] = time.monotonic):
        self._fetch, self._clock = fetch, clock
        self._fetching = threading.Lock()
        self._kept: dict[str, tuple[float, Any]] = {}

    def __call__(self, url: str, method: str = "GET", **_: Any) -> Any:  # type: ignore[override]
        with self._fetching:  # one download, however many threads wait for it
            until, response = self._kept.get(url, (0.0, None))
            if response is None or self._clock() >= until:
                response = self._fetch(url, method=method, timeout=5)
                age = re.search(r"max-age=(\d+)", response.headers.get("cache-control", ""))
                if response.status == 200 and age:
                    self._kept[url] = (self._clock() + int(age[1]), response)
            return response
