"""The local hosting answers as Firebase Hosting does: static files, then rewrites in order."""

import json
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.request import urlopen

import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Request, Response

from local.globs import glob
from local.hosting import ROOT, Hosting
from local.ports import free, opened

SETTINGS = json.loads(ROOT.joinpath("firebase.json").read_text())["hosting"]


def function(name):
    """A function that answers what reached it."""

    def answer(environ, start_response):
        request = Request(environ)
        seen = {
            "function": name,
            "path": request.path,
            "query": request.query_string.decode(),
            "cookies": request.cookies,
        }
        return Response(json.dumps({**seen, "method": request.method}))(environ, start_response)

    return answer


@pytest.fixture
def browser(tmp_path):
    web = tmp_path / "web"
    (web / "deep/node_modules/x").mkdir(parents=True)
    (web / "api").mkdir()
    for path in (
        "index.html",
        "deep/index.html",
        ".env",
        "deep/.git",
        "deep/node_modules/x/y.js",
        "api/objects",
        "a.test.js",
        "deep/package.json",
        "tsconfig.json",
        "types.d.ts",
        "storage/index.js",
        "vendor/firebase-app.js",
    ):
        (web / path).parent.mkdir(exist_ok=True)
        (web / path).write_text(f"<p>{path}")
    (tmp_path / "secret").write_text("not public")
    functions = {name: function(name) for name in ("session", "projects", "objects")}
    return Client(Hosting(tmp_path, SETTINGS, functions), use_cookies=False)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/api/session", "session"),
        ("/api/session/", "session"),
        ("/api/session/tools/cardgenerator/merge", "session"),
        ("/api/session/projects", "session"),  # the earlier rewrite wins
        ("/api/account", "session"),
        ("/api/account/export", "session"),
        ("/api/client-errors", "session"),
        ("/api/cardgenerator/projects", "projects"),
        ("/api/cardgenerator/projects/1/saves/2", "projects"),
        ("/api/objects/promote", "objects"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "PUT", "OPTIONS"])
def test_the_rewrites_of_firebase_json_lead_to_the_function_with_the_whole_path(browser, method, path, name):
    seen = json.loads(browser.open(path, method=method, query_string="tag=a%20b").data)

    assert (seen["function"], seen["path"], seen["query"], seen["method"]) == (
        name,
        path,
        "tag=a%20b",
        method,
    )


@pytest.mark.parametrize(
    "path",
    ["/api/sessions", "/api/session-x", "/api", "/api/projects", "/api/a/b/projects", "/x/api/session"],
)
def test_what_no_rewrite_names_is_not_found(browser, path):
    assert browser.get(path).status_code == 404


def test_a_static_file_comes_before_a_rewrite_but_only_for_reading(browser):
    assert browser.get("/api/objects").text == "<p>api/objects"
    assert browser.head("/api/objects").status_code == 200
    assert json.loads(browser.post("/api/objects").data)["function"] == "objects"


def test_a_folder_answers_with_its_index(browser):
    assert browser.get("/").text == "<p>index.html"
    assert browser.get("/deep/").text == "<p>deep/index.html"


@pytest.mark.parametrize(
    "path",
    [
        "/.env",
        "/deep/.git",
        "/deep/node_modules/x/y.js",
        "/a.test.js",
        "/deep/package.json",
        "/tsconfig.json",
        "/types.d.ts",
        "/../secret",
        "/%2e%2e/secret",
    ],
)
def test_what_hosting_would_not_upload_is_not_served(browser, path):
    assert browser.get(path).status_code == 404


def test_of_all_cookies_only_session_reaches_a_function(browser):
    cookies = "a=1; __session=of%20mine; dungeonmind_session_id=2"

    assert json.loads(browser.get("/api/session", headers={"Cookie": cookies}).data)["cookies"] == {
        "__session": "of%20mine"
    }
    assert json.loads(browser.get("/api/session", headers={"Cookie": "a=1"}).data)["cookies"] == {}


def test_a_missing_page_shows_the_404_page_where_there_is_one(browser, tmp_path):
    plain = browser.get("/nowhere")
    (tmp_path / "web/404.html").write_text("<p>lost")
    own = browser.get("/nowhere")

    assert (plain.status_code, own.status_code, own.text) == (404, 404, "<p>lost")
    assert own.content_type.startswith("text/html")


def test_pages_carry_the_headers_of_firebase_json_and_functions_their_own(browser):
    page, missing, function = browser.get("/"), browser.get("/nowhere"), browser.get("/api/session")

    for response in (page, missing):
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert "Content-Security-Policy" not in function.headers


@pytest.fixture
def emulators(monkeypatch):
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "demo-x")
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", "127.0.0.1:1")
    monkeypatch.setenv("FIREBASE_AUTH_EMULATOR_HOST", "127.0.0.1:2")


def test_the_page_can_ask_what_runs(browser, emulators):
    stack = browser.get("/__/stack.json", base_url="http://127.0.0.1:3").json

    assert stack == {
        "project": "demo-x",
        "hosting": "http://127.0.0.1:3",
        "firestore": "127.0.0.1:1",
        "auth": "127.0.0.1:2",
    }


def test_the_apps_settings_are_where_hosting_serves_them(browser, emulators):
    settings = browser.get("/__/firebase/init.json", base_url="http://127.0.0.1:3")

    assert settings.json == {"projectId": "demo-x", "apiKey": "local", "authDomain": "127.0.0.1:3"}
    assert browser.get("/__/other.json").status_code == 404


def directives(policy):
    return {name: sources.split() for name, _, sources in (part.strip().partition(" ") for part in policy.split(";"))}


def test_scripts_are_our_own_but_for_the_one_that_googles_sign_in_needs():
    """signInWithPopup loads apis.google.com/js/api.js and frames /__/auth/iframe of the project's authDomain.

    Pictures are our own, too: one by a foreign address would tell its host who opens a shared card.
    """
    policy = directives(SETTINGS["headers"][0]["headers"][0]["value"])

    assert policy == {
        "default-src": ["'none'"],
        "script-src": ["'self'", "https://apis.google.com"],
        "style-src": ["'self'"],
        "font-src": ["'self'"],
        "worker-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "connect-src": [
            "'self'",
            "https://identitytoolkit.googleapis.com",
            "https://securetoken.googleapis.com",
            "https://firestore.googleapis.com",
        ],
        "frame-src": ["'self'", "https://*.firebaseapp.com"],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
        "frame-ancestors": ["'none'"],
    }


def test_the_policy_is_that_of_production_but_for_the_emulators_addresses(browser, emulators):
    here = directives(browser.get("/").headers["Content-Security-Policy"])
    production = directives(SETTINGS["headers"][0]["headers"][0]["value"])

    added = {name: sources[len(production[name]) :] for name, sources in here.items() if sources != production[name]}
    both = ["http://127.0.0.1:1", "http://127.0.0.1:2"]
    assert added == {"connect-src": both, "frame-src": both}
    assert {name: here[name][: len(sources)] for name, sources in production.items()} == production


@pytest.mark.parametrize("path", ["/", "/index.html", "/storage/index.js", "/vendor/firebase-app.js"])
def test_a_file_is_asked_for_again_each_time_so_that_no_two_versions_meet(browser, path):
    page = browser.get(path)
    again = browser.get(path, headers={"If-None-Match": page.headers["ETag"]})

    assert page.headers.getlist("Cache-Control") == ["no-cache"]
    assert again.status_code == 304


def test_no_script_or_style_or_page_of_ours_is_kept_by_a_browser_without_asking():
    rules = [glob(rule["source"]) for rule in SETTINGS["headers"] if rule["headers"][0]["key"] == "Cache-Control"]
    files = [
        f"/{file.relative_to(ROOT / 'web')}" for kind in ("js", "css", "html") for file in ROOT.glob(f"web/**/*.{kind}")
    ]

    assert "/worker.js" in files and "/storage/index.js" in files
    assert [path for path in files if not any(rule.fullmatch(path) for rule in rules)] == []


@pytest.mark.parametrize(
    ("pattern", "matching", "others"),
    [
        ("/a", ["/a"], ["/a/", "/b", "/a/b", "/"]),
        ("a", ["/a"], ["/x/a"]),
        ("/a/*", ["/a/b"], ["/a", "/a/", "/a/b/c"]),
        ("/a/**", ["/a/", "/a/b", "/a/b/c"], ["/a", "/ab"]),
        ("/*/b", ["/a/b"], ["/b", "//b", "/a/a/b"]),
        ("/**/b", ["/b", "/a/b", "/a/a/b"], ["/ab", "/b/a"]),
        ("**", ["/", "/a", "/a/b"], []),
        ("**/*.js", ["/x.js", "/a/x.js"], ["/xjs", "/x.jsx"]),
    ],
)
def test_a_star_is_within_a_part_and_two_are_across_parts(pattern, matching, others):
    assert [path for path in matching + others if glob(pattern).fullmatch(path)] == matching


@pytest.mark.parametrize("pattern", ["/a{,/**}", "/a?", "/@(a|b)", "/!(a)", "/[ab]", "/a**", "/a/**b"])
def test_a_pattern_that_is_not_plain_is_refused_rather_than_misread(pattern):
    with pytest.raises(ValueError, match=r"firebase\.json"):
        glob(pattern)


@pytest.fixture
def served(tmp_path):
    """A hosting whose functions take half a second each, served as `make run` does it; its port."""
    (tmp_path / "firebase.json").write_text(json.dumps({"hosting": SETTINGS}))
    slow = "def {0}(request):\n    time.sleep(0.5)\n    return request.path\n"
    (tmp_path / "main.py").write_text("import time\n" + "".join(map(slow.format, ("session", "projects", "objects"))))
    port = free("hosting")
    program = (
        f"import pathlib; from local.hosting import load, serve; serve(load(pathlib.Path({str(tmp_path)!r})), {port})"
    )
    with subprocess.Popen([sys.executable, "-c", program], cwd=ROOT) as process:
        opened(port)
        yield port
        process.terminate()


def test_sixteen_requests_are_served_while_other_clients_hold_their_connections(served):
    held = [socket.create_connection(("127.0.0.1", served)) for _ in range(8)]
    for client in held[4:]:  # answered and closed by the server; these keep them open
        client.sendall(b"GET / HTTP/1.0\r\n\r\n")
        assert client.recv(1)
    began = time.monotonic()

    def ask(number):
        with urlopen(f"http://127.0.0.1:{served}/api/session/{number}") as answer:
            return answer.read().decode()

    with ThreadPoolExecutor(16) as clients:
        answers = [*clients.map(ask, range(16))]

    assert answers == [f"/api/session/{number}" for number in range(16)]
    assert time.monotonic() - began < 4  # one after another: 8 s
    for client in held:
        client.close()
