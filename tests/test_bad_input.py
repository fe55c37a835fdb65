"""Bad input gets a problem document that says what was found; nothing is written, and nothing is a 500."""

import io
import json
import uuid

import pytest

from local.unsigned_tokens import mint

CARD = "/api/session/tools/cardgenerator"
PROJECTS = "/api/cardgenerator/projects"
JSON = "application/json"


def levels(depth):
    """A body of so many levels, counted from the body itself."""
    value = "leaf"
    for _ in range(depth - 1):
        value = {"n": value}
    return {"tool_specific_data": value}


@pytest.fixture
def places(ada):
    """The addresses that take a body, each with the method, and the document behind it."""
    project_id = ada.post(PROJECTS, {"name": "Sunblade"}).json["id"]
    session = f"sessions/{ada.uid}"
    return {
        "put session": ("PUT", "/api/session", session),
        "patch session": ("PATCH", "/api/session", session),
        "patch tool": ("PATCH", CARD, session),
        "put tool": ("PUT", CARD, session),
        "post project": ("POST", PROJECTS, f"cardgen_projects/{project_id}"),
        "patch project": ("PATCH", f"{PROJECTS}/{project_id}", f"cardgen_projects/{project_id}"),
        "promote": ("POST", "/api/objects/promote", f"cardgen_projects/{project_id}"),
    }


PLACES = ["put session", "patch session", "patch tool", "put tool", "post project", "patch project", "promote"]


def refused(answer, status, *words):
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/problem+json"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.json["status"] == status and answer.json["title"]
    assert all(word in answer.text for word in words), answer.text
    assert "Traceback" not in answer.text
    return answer.json


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    ("data", "content_type", "status", "words"),
    [
        (b"{", JSON, 400, "not JSON"),
        (b"", JSON, 400, "empty"),
        (b"  \n", JSON, 400, "empty"),
        (b"\xff\xfe", JSON, 400, "not JSON"),
        (b'{"a": 1, "a": 2}', JSON, 400, "twice"),
        (b"[" * 100_000, JSON, 400, "not JSON"),
        (b'{"name": "x"}', "text/plain", 415, "text/plain"),
        (b"name=x", "application/x-www-form-urlencoded", 415, "application/json"),
        (b'{"name": "x"}', None, 415, "no Content-Type"),
        (b"[]", JSON, 422, "object"),
        (b'"text"', JSON, 422, "object"),
        (b"null", JSON, 422, "object"),
        (b'{"x": NaN}', JSON, 422, "NaN"),
        (b'{"x": -Infinity}', JSON, 422, "Infinity"),
        (b'{"x": 1e999}', JSON, 422, "Infinity"),
        (b'{"x": 9223372036854775808}', JSON, 422, "64 bits"),
        (b'{"x": -9223372036854775809}', JSON, 422, "64 bits"),
        (b'{"x": "\\ud800"}', JSON, 422, "surrogate"),
        (b'{"\\udfff": 1}', JSON, 422, "surrogate"),
        (b'{"": 1}', JSON, 422, "empty"),
        (b'{"a": {"__x__": 1}}', JSON, 422, "__this__"),
        (json.dumps({"k" * 1501: 1}).encode(), JSON, 422, "1,500"),
        (b'{"no_such_field": 1}', JSON, 422, "Not a field"),
        (b'{"x": ' + b"9" * 5000 + b"}", JSON, 400, "not JSON"),
    ],
)
def test_a_wrong_body_is_refused_wherever_it_is_sent(ada, admin, places, place, data, content_type, status, words):
    method, path, document = places[place]
    before = admin.document(document).get().update_time

    answer = ada.request(method, path, data=data, content_type=content_type)

    problem = refused(answer, status, words)
    assert ("errors" in problem) == (status == 422)
    assert admin.document(document).get().update_time == before


@pytest.mark.parametrize("place", PLACES)
def test_a_body_of_901_kb_is_413_whether_or_not_it_says_its_length(ada, admin, places, place):
    method, path, document = places[place]
    before = admin.document(document).get().update_time
    big = b'{"description": "' + b"x" * 901_000 + b'"}'

    known = ada.request(method, path, data=big, content_type=JSON)
    chunked = ada.request(
        method,
        path,
        input_stream=io.BytesIO(big),
        content_type=JSON,
        headers={"Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
    )

    refused(known, 413, "bytes")
    refused(chunked, 413, "bytes")
    assert admin.document(document).get().update_time == before


def test_a_tools_map_takes_200_kb_and_a_project_900(ada, places):
    text = {"tool_specific_data": {"text": "x" * 199_900}}
    assert ada.patch(CARD, text).status_code == 200
    refused(ada.patch(CARD, {"tool_specific_data": {"text": "x" * 200_000}}), 413, "200,000")
    method, path, _ = places["patch project"]
    assert ada.request(method, path, {"state": {"toolSpecificData": {"text": "x" * 899_900}}}).status_code == 200


def test_what_patches_add_up_to_beyond_1_mib_is_413_and_names_the_largest_part(ada, places):
    _, path, _ = places["patch project"]
    assert ada.patch(path, {"state": {"toolSpecificData": {"text": "x" * 800_000}}}).status_code == 200
    before = ada.get(path)

    answer = ada.patch(path, {"state": {"itemDetails": {"notes": "y" * 400_000}}})

    refused(answer, 413, "1 MiB", "state.toolSpecificData")
    assert ada.get(path).json == before.json


def test_a_body_that_is_small_as_json_but_large_in_firestore_is_413(ada):
    answer = ada.post(PROJECTS, {"name": "n", "state": {"toolSpecificData": {"n": [1] * 280_000}}})

    refused(answer, 413, "1 MiB", "what was sent.state.toolSpecificData with about 2,240")


def test_20_levels_are_stored_and_21_refused(ada):
    assert ada.patch(CARD, levels(20)).status_code == 200
    assert ada.put(CARD, levels(20)).status_code == 200
    for method in ("PATCH", "PUT"):
        refused(ada.request(method, CARD, levels(21)), 422, "deeper than 20")
    path = f"{PROJECTS}/{ada.post(PROJECTS, {'name': 'n'}).json['id']}"
    state = {"toolSpecificData": levels(20)["tool_specific_data"]}
    assert ada.patch(path, {"state": state}).status_code == 200
    refused(ada.patch(path, {"state": {"toolSpecificData": levels(21)["tool_specific_data"]}}), 422, "deeper than 20")
    in_lists = {"tool_specific_data": {"a": [{"b": levels(19)}]}}
    refused(ada.patch(CARD, in_lists), 422, "deeper than 20")


@pytest.mark.parametrize(
    ("path", "body", "where"),
    [
        (CARD, {"current_step": 42}, "current_step"),
        (CARD, {"generated_images": "text"}, "generated_images"),
        (CARD, {"generated_images": [1]}, "generated_images.0"),
        (CARD, {"step_completion": {"core-image": "yes"}}, "step_completion.core-image"),
        (CARD, {"step_completion": {"core-image": 1}}, "step_completion.core-image"),
        (CARD, {"draft_item_data": []}, "draft_item_data"),
        (CARD, {"draft_item_data": {"name": "x" * 201}}, "draft_item_data.name"),
        (CARD, {"selected_assets": {"border": 5}}, "selected_assets.border"),
        (CARD, {"recent_items": ["x"] * 51}, "recent_items"),
        (CARD, {"draft_id": "a/b"}, "draft_id"),
        (CARD, {"last_saved": "yesterday"}, "last_saved"),
        (CARD, {"last_saved": 1e300}, "last_saved"),
        (CARD, {"last_saved": "2026-01-01T00:00:00"}, "last_saved"),
        (CARD, {"__dict__": {}}, "__dict__"),
        (CARD, {"state": {"draft_item_data": {}}}, "state"),
        ("/api/session/tools/storegenerator", {"draft_item_data": {}}, "draft_item_data"),
        ("/api/session", {"current_tool": "teapot"}, "current_tool"),
        ("/api/session", {"preferences": {"auto_save_interval": "30"}}, "preferences.auto_save_interval"),
        ("/api/session", {"preferences": {"auto_save_interval": True}}, "preferences.auto_save_interval"),
        ("/api/session", {"preferences": {"auto_save_interval": 0}}, "preferences.auto_save_interval"),
        ("/api/session", {"preferences": {"theme": 1, "volume": 11}}, "preferences.volume"),
        ("/api/session", {"user_id": "eve"}, "user_id"),
        ("/api/session", {"session_id": "eve"}, "session_id"),
        ("/api/session", {"expires_at": "2099-01-01T00:00:00Z"}, "expires_at"),
        ("/api/session", {"schema_version": 2}, "schema_version"),
    ],
)
def test_a_wrong_field_is_422_by_its_path_and_nothing_is_stored(ada, path, body, where):
    etag = ada.get("/api/session").headers["ETag"]

    problem = refused(ada.patch(path, body), 422)

    assert where in problem["errors"], problem
    assert ada.get("/api/session").headers["ETag"] == etag


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({}, "name"),
        ({"name": ""}, "name"),
        ({"name": "   "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": None}, "name"),
        ({"name": "x", "id": "../eve"}, "id"),
        ({"name": "x", "id": "__x__"}, "id"),
        ({"name": "x", "user_id": "eve"}, "user_id"),
        ({"name": "x", "members": {"eve": {"role": "owner"}}}, "members"),
        ({"name": "x", "tags": ["t"] * 51}, "tags"),
        ({"name": "x", "tags": ["a"], "metadata": {"tags": ["b"]}}, "metadata.tags"),
        ({"name": "x", "visibility": "project"}, "visibility"),
        ({"name": "x", "state": {"currentStep": 1}}, "state.currentStep"),
        ({"name": "x", "state": {"nonsense": 1}}, "state.nonsense"),
        ({"name": "x", "metadata": {"cardCount": -1}}, "metadata.cardCount"),
    ],
)
def test_a_wrong_project_is_422_by_field_path_and_is_not_created(ada, body, where):
    assert where in refused(ada.post(PROJECTS, body), 422)["errors"]
    assert ada.get(PROJECTS).json == {"projects": []}


def test_null_cannot_take_a_projects_name(ada, places):
    assert "name" in refused(ada.patch(places["patch project"][1], {"name": None}), 422)["errors"]


@pytest.mark.parametrize(
    ("tag", "status"),
    [("nonsense", 400), ('"nonsense"', 400), ('"2026-11-23T00:00:00Z', 400), ("", 400), ('"a", "b"', 400), ("W/", 400)],
)
@pytest.mark.parametrize("place", ["patch session", "patch tool", "put tool", "patch project"])
def test_an_if_match_that_is_no_etag_of_ours_is_400(ada, admin, places, place, tag, status):
    method, path, document = places[place]
    before = admin.document(document).get().update_time

    refused(ada.request(method, path, {}, headers={"If-Match": tag}), status, "ETag")

    assert admin.document(document).get().update_time == before


@pytest.mark.parametrize("header", ["X-Save-Id", "X-Device-Id"])
@pytest.mark.parametrize("value", ["", "x" * 129, "ü"])
def test_an_id_in_a_header_that_is_none_is_422(ada, header, value):
    refused(ada.patch(CARD, {}, headers={header: value}), 422, header)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/session"),
        ("DELETE", CARD),
        ("PUT", PROJECTS),
        ("PATCH", "/api/objects"),
        ("GET", "/api/objects/promote/x"),
        ("PATCH", "/api/session/status"),
    ],
)
def test_another_method_or_address_is_405_or_404(ada, method, path):
    answer = ada.request(method, path, {})

    assert answer.status_code in (404, 405)
    refused(answer, answer.status_code)
    if answer.status_code == 405:
        assert answer.headers["Allow"]


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "POST"])
@pytest.mark.parametrize(
    "path",
    [
        "/api/session/tools/teapot",
        "/api/teapot/projects",
        "/api/teapot/projects/x",
        f"{PROJECTS}/a%20b",
        f"{PROJECTS}/__x__",
        f"{PROJECTS}/..",
        f"/api/objects/{'x' * 129}",
    ],
)
def test_an_unknown_tool_or_an_id_that_is_none_is_404_whatever_the_method(ada, method, path):
    refused(ada.request(method, path, None if method == "GET" else {}), 404)


@pytest.mark.parametrize("query", ["cursor=nonsense", "cursor=W10=", "cursor=eyJhIjoxfQ==", "colour=red"])
@pytest.mark.parametrize("path", [PROJECTS, "/api/objects"])
def test_a_wrong_query_is_422(ada, path, query):
    refused(ada.get(f"{path}?{query}"), 422)


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Basic YTpi",
        "Bearer owner",
        "Bearer a.b",
        "Bearer a.b.c",
        "Bearer " + mint("eve", "demo-elsewhere"),
        "Bearer " + mint("eve", "demo-dungeonmind", lifetime=-5),
        "Bearer " + mint("", "demo-dungeonmind"),
        "Bearer " + mint("x" * 129, "demo-dungeonmind"),
        "Bearer " + mint("eve", "demo-dungeonmind", sub=5),
        "Bearer " + mint("eve", "demo-dungeonmind", iss="https://session.firebase.google.com/demo-dungeonmind"),
        "Bearer " + mint("eve", "demo-dungeonmind")[:-1] + ".c2lnbmVk",
        "Bearer " + mint("eve", "demo-dungeonmind").replace(".", "", 1),
    ],
)
def test_without_a_valid_token_every_address_is_401(hosting, authorization):
    headers = {} if authorization is None else {"Authorization": authorization}
    for method, path in [("GET", "/api/session"), ("PATCH", CARD), ("GET", PROJECTS), ("POST", "/api/objects/promote")]:
        answer = hosting.open(path, method=method, headers=headers, json={} if method != "GET" else None)
        refused(answer, 401, "token")
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_an_id_that_somebody_elses_project_has_is_409_and_shows_nothing_of_it(ada, bob):
    secret = bob.post(PROJECTS, {"name": "Secret"}).json["id"]

    problem = refused(ada.post(PROJECTS, {"name": "Mine", "id": secret}), 409, "taken")

    assert "Secret" not in json.dumps(problem)
    assert bob.get(f"{PROJECTS}/{secret}").json["name"] == "Secret"


def test_what_is_not_the_callers_is_404_to_read_and_to_write(ada, bob):
    secret = bob.post(PROJECTS, {"name": "Secret"}).json["id"]
    thing = bob.post("/api/objects/promote", {"project_id": secret}).json["id"]

    for method, path, body in [
        ("GET", f"{PROJECTS}/{secret}", None),
        ("PATCH", f"{PROJECTS}/{secret}", {"name": "Mine"}),
        ("POST", "/api/objects/promote", {"project_id": secret}),
        ("GET", f"/api/objects/{thing}", None),
        ("GET", f"/api/objects/{uuid.uuid4()}", None),
        ("PATCH", f"{PROJECTS}/{uuid.uuid4()}", {"name": "x"}),
    ]:
        assert "Secret" not in refused(ada.request(method, path, body), 404)["detail"]
    assert bob.get(f"{PROJECTS}/{secret}").json["name"] == "Secret"


@pytest.mark.parametrize(
    "address",
    [
        "/api/objects?project=cardgen_projects/..",
        "/api/objects?project=tool_projects/__x__",
        "/api/objects?project=sessions/x",
        "/api/account/export?after=cardgen_projects/__x__",
        "/api/account/export?after=dungeonmind-objects/.",
        "/api/account/export?after=dungeonmind-objects/" + "x" * 2_000,
    ],
)
def test_a_name_that_firestore_keeps_for_itself_is_422(alice, address):
    refused(alice.get(address), 422)


def test_a_token_of_app_check_that_is_too_long_is_422(alice):
    refused(alice.get("/api/session", headers={"X-Firebase-AppCheck": "a" * 16_000}), 422, "no App Check token")
