"""Production has one way in: this project's token, signed by Google. Unsigned tokens stand behind four locks."""

import datetime
import json
import subprocess
import sys
import time
import types

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from google.auth import crypt, jwt
from google.auth.exceptions import TransportError
from werkzeug.exceptions import Unauthorized

from local.unsigned_tokens import mint
from shared.call import Caller
from shared.http import identity
from shared.http.function import application
from shared.http.identity import CachedGet, remembered, signed_tokens

PROJECT = "demo-dungeonmind"


def key_and_certificate():
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    day, now = datetime.timedelta(days=1), datetime.datetime.now(datetime.UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now - day).not_valid_after(now + day)
    form = serialization.PrivateFormat.TraditionalOpenSSL
    private = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    return private, builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


KEY, CERTIFICATE = key_and_certificate()
OTHER_KEY, _ = key_and_certificate()


class Google:
    """Answers with the certificates, and counts how often it was asked."""

    def __init__(self):
        self.asked = 0

    def __call__(self, url, **_):
        self.asked += 1
        headers = {"cache-control": "public, max-age=600"}
        return types.SimpleNamespace(status=200, headers=headers, data=json.dumps({"k1": CERTIFICATE}).encode())


def token(key=KEY, kid="k1", **changes):
    now = int(time.time())
    claims = {"iss": f"https://securetoken.google.com/{PROJECT}", "aud": PROJECT, "sub": "alice", "iat": now}
    claims |= {"exp": now + 3600, "firebase": {"sign_in_provider": "password"}, "name": "Alice"}
    return jwt.encode(crypt.RSASigner.from_string(key, kid), claims | changes).decode()


@pytest.fixture
def production(monkeypatch):
    """The caller of an Authorization header, as production finds him."""
    google = Google()
    verify = signed_tokens(PROJECT, google)
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", PROJECT)
    monkeypatch.setattr(identity, "verifier", lambda: verify)
    return types.SimpleNamespace(caller=lambda token: identity.caller(f"Bearer {token}"), google=google)


def test_a_signed_token_of_this_project_is_its_callers_and_google_is_asked_once(production):
    found = [production.caller(token()) for _ in range(3)]

    assert found[0] == Caller("alice", "Alice", "password", found[0].token)
    assert production.google.asked == 1


def test_a_token_is_verified_once_until_it_expires_and_a_refused_one_each_time():
    asked, now = [], [1_000.0]

    def verify(sent):
        asked.append(sent)
        if sent == "bad":
            raise Unauthorized
        return {"exp": 2_000, "sub": sent} if sent != "endless" else {"sub": sent}

    claims = remembered(verify, most=2, clock=lambda: now[0])

    assert [claims("a") for _ in range(3)] == [{"exp": 2_000, "sub": "a"}] * 3 and asked == ["a"]
    for _ in range(2):
        with pytest.raises(Unauthorized):
            claims("bad")
        claims("endless")  # one that does not say until when is believed once
    assert asked == ["a", *["bad", "endless"] * 2]
    now[0] = 2_000
    claims("a")
    assert asked[-1] == "a" and len(asked) == 6
    now[0] = 0
    for sent in ("a", "b", "a", "c", "a", "b"):  # of two that are kept, the one used last stays
        claims(sent)
    assert asked[6:] == ["b", "c", "b"]


def test_a_callers_token_is_not_in_what_is_printed_of_him(production):
    caller = production.caller(token())

    assert caller.token not in repr(caller)


@pytest.mark.parametrize(
    "changes",
    [
        {"key": OTHER_KEY},
        {"kid": "unknown"},
        {"exp": 1_000_000_000},
        {"iat": 4_000_000_000},
        {"aud": "other"},
        {"iss": "https://securetoken.google.com/other"},
        {"iss": "https://session.firebase.google.com/" + PROJECT},
        {"sub": ""},
        {"sub": "x" * 129},
        {"sub": None},
    ],
    ids=lambda changes: " ".join(changes),
)
def test_every_other_signed_token_is_refused(production, changes):
    with pytest.raises(Unauthorized):
        production.caller(token(**changes))


@pytest.mark.parametrize("sent", [mint("alice", PROJECT), "owner", "a.b", "a.b.c", token()[:-5]])
def test_unsigned_and_broken_tokens_are_refused_in_production(production, sent):
    with pytest.raises(Unauthorized):
        production.caller(sent)


def test_googles_keys_out_of_reach_are_503_and_not_the_tokens_fault(monkeypatch):
    def unreachable(url, **_):
        raise TransportError("no route")

    monkeypatch.setattr(identity, "verifier", lambda: signed_tokens(PROJECT, unreachable))
    from functions.session import routes

    answer = application("x", routes).test_client().get("/api/session", headers={"Authorization": f"Bearer {token()}"})

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")


def test_certificates_are_fetched_again_after_their_age():
    google, now = Google(), [0.0]
    get = CachedGet(google, clock=lambda: now[0])

    for at in (0.0, 599.0, 601.0):
        now[0] = at
        get("u")

    assert google.asked == 2


def test_certificates_that_do_not_say_how_long_they_hold_are_not_kept():
    google = Google()
    get = CachedGet(lambda url, **_: types.SimpleNamespace(**(vars(google(url)) | {"headers": {}})))

    get("u"), get("u")

    assert google.asked == 2


START = "import main; print('started')"


@pytest.mark.parametrize(
    ("environment", "starts"),
    [
        ({"GOOGLE_CLOUD_PROJECT": "demo-x", "FIRESTORE_EMULATOR_HOST": "127.0.0.1:1"}, True),
        ({"GOOGLE_CLOUD_PROJECT": "real", "FIRESTORE_EMULATOR_HOST": "127.0.0.1:1"}, False),
        ({"GOOGLE_CLOUD_PROJECT": "real", "FIREBASE_AUTH_EMULATOR_HOST": "127.0.0.1:1"}, False),
        *(
            ({"GOOGLE_CLOUD_PROJECT": "demo-x", "FIRESTORE_EMULATOR_HOST": "127.0.0.1:1", sign: "session"}, False)
            for sign in ("K_SERVICE", "K_REVISION", "K_CONFIGURATION")
        ),
        ({"GOOGLE_CLOUD_PROJECT": "real", "K_SERVICE": "session"}, True),
    ],
    ids=str,
)
def test_where_emulator_settings_meet_production_nothing_starts(environment, starts):
    run = subprocess.run([sys.executable, "-c", START], env=environment, capture_output=True, text=True)

    assert ("started" in run.stdout) == starts, run.stderr


def test_in_production_an_unsigned_token_is_not_even_looked_at():
    code = "from shared.http.identity import verifier; print(verifier().__module__)"
    found = subprocess.run(
        [sys.executable, "-c", code], env={"GOOGLE_CLOUD_PROJECT": "real"}, capture_output=True, text=True
    )

    assert found.stdout.strip() == "shared.http.identity"
