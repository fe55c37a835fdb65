"""Odd and hostile requests that once got a 500, lost something, or were explained wrongly."""

import base64
import io
import json
import uuid

import pytest

from local.unsigned_tokens import mint
from shared.http import explain as refusal

PROJECTS, PROMOTE, OBJECTS = "/api/cardgenerator/projects", "/api/objects/promote", "/api/objects"
CARD = "/api/session/tools/cardgenerator"


@pytest.fixture
def project(ada):
    state = {"itemDetails": {"name": "Sunblade", "weight": "3 lb."}}
    return ada.post(PROJECTS, {"name": "Sunblade", "state": state}).json["id"]


def test_a_promotion_takes_nothing_away_that_was_edited_in_the_library(ada, project):
    thing = f"{OBJECTS}/{ada.post(PROMOTE, {'project_id': project}).json['id']}"
    ada.patch(thing, {"systemData": {"dnd5e": {"attunement": "yes"}, "pf2": {"bulk": "L"}}})

    again = ada.post(PROMOTE, {"project_id": project, "ruleset": "pf2"}).json
    dnd5e = {"attunement": "yes", "weight": "3 lb."}
    assert again["systemData"] == {"dnd5e": dnd5e, "pf2": {"bulk": "L", "weight": "3 lb."}}
    assert again["rulesets"] == ["dnd5e", "pf2"]

    ada.patch(f"{PROJECTS}/{project}", {"state": {"itemDetails": {"weight": None}}})
    again = ada.post(PROMOTE, {"project_id": project, "ruleset": "pf2"}).json
    assert again["systemData"] == {"dnd5e": dnd5e, "pf2": {"bulk": "L"}}


def test_a_project_is_not_there_under_another_tools_address(ada):
    state = {"statblock_draft_data": {"name": "Ilma"}}
    made = ada.post("/api/statblockgenerator/projects", {"name": "Ilma", "state": state}).json
    wrong = f"/api/storegenerator/projects/{made['id']}"

    for answer in (
        ada.get(wrong),
        ada.patch(wrong, {"state": {"recent_stores": ["r"]}}),
        ada.put(wrong, {"name": "now a shop", "state": {"recent_stores": ["r"]}}),
        ada.delete(wrong),
        ada.post(f"{wrong}/merge", {"base": {}, "mine": {"recent_stores": ["r"]}}),
        ada.post(PROMOTE, {"project_id": made["id"], "tool": "storegenerator"}),
    ):
        assert answer.status_code == 404, answer.text
    assert ada.post("/api/storegenerator/projects", {"id": made["id"], "name": "x"}).status_code == 409
    assert ada.get(f"/api/statblockgenerator/projects/{made['id']}").json == made


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        (
            "statblock",
            {"customProperties": {"current_project_id": "p", "session_id": "EVIL", "auto_save_enabled": False}},
        ),
        ("item", {"systemData": {"dnd5e": {"weight": 3, "type": [1]}}, "customProperties": {"selectedAssets": "x"}}),
        ("store", {"systemData": {"dnd5e": {"storeData": "x"}}}),
        ("item", {"systemData": {"dnd5e": "text"}}),
        ("item", {"systemData": {"dnd5e": [1]}}),
        ("rule", {"systemData": {"dnd5e": 5}, "customProperties": {"favorite_rules": {"a": 1}}}),
    ],
)
def test_somebody_elses_object_opens_without_harm(ada, bob, kind, content):
    thing = bob.post(OBJECTS, {"type": kind, "name": "Trap", "visibility": "public"} | content).json["id"]

    opened = ada.post(f"{OBJECTS}/{thing}/open", {})

    assert opened.status_code == 200
    assert not opened.json["draft"].keys() & {"current_project_id", "session_id", "auto_save_enabled"}
    assert "damaged" not in ada.get("/api/session").json
    assert ada.put("/api/session", {}).status_code == 200


@pytest.mark.parametrize("reference", [{"id": "r"}, {}, {"relationship": "owns"}, {"id": None, "relationship": "owns"}])
def test_a_reference_is_whole_in_a_patch_too(ada, reference):
    thing = f"{OBJECTS}/{ada.post(OBJECTS, {'type': 'item', 'name': 'x'}).json['id']}"

    assert ada.patch(thing, {"references": [reference]}).status_code == 422


def test_an_editor_reaches_the_object_of_a_project_with_a_long_id(ada, bob, admin):
    long_id = "p" * 128
    ada.post(PROJECTS, {"id": long_id, "name": "Long"})
    document = admin.document(f"cardgen_projects/{long_id}")
    member = {"role": "editor", "name": "Bob", "joined_at": document.get().get("created_at")}
    document.update({f"members.`{bob.uid}`": member, "readers": [ada.uid, bob.uid]})

    made = [bob.post(PROMOTE, {"project_id": long_id}) for _ in range(2)]

    assert [answer.status_code for answer in made] == [201, 200]
    assert bob.get(f"{OBJECTS}/{made[0].json['id']}").status_code == 200
    document.delete()


def test_what_is_in_the_trash_is_neither_promoted_to_nor_opened(ada, project):
    thing = f"{OBJECTS}/{ada.post(PROMOTE, {'project_id': project}).json['id']}"
    ada.delete(thing)

    for answer in (ada.post(PROMOTE, {"project_id": project}), ada.post(f"{thing}/open", {})):
        assert (answer.status_code, "trash" in answer.json["detail"]) == (409, True)
    ada.delete(f"{PROJECTS}/{project}")
    opened = ada.patch("/api/session", {"active_project_id": project})
    assert (opened.status_code, "trash" in opened.json["detail"]) == (409, True)


@pytest.mark.parametrize("value", [1e15, -1e14, 253402300800000, "10000-01-01T00:00:00Z"])
def test_a_year_that_no_calendar_has_is_422(ada, value):
    assert ada.patch(CARD, {"last_saved": value}).status_code == 422


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "/api/session", {"current_tool": None, "active_project_id": None}),
        ("POST", PROMOTE, {"project_id": "p", "tool": None}),
        ("POST", PROMOTE, {"project_id": "p", "ruleset": None}),
        ("POST", PROMOTE, {"project_id": "p", "ruleset": ""}),
        ("POST", PROMOTE, {"project_id": "p", "ruleset": "__x__"}),
        ("POST", OBJECTS, {"type": "item", "name": "x", "customProperties": {f"k{i}": 1 for i in range(101)}}),
        ("POST", OBJECTS, {"type": "item", "name": "x", "systemData": {f"k{i}": 1 for i in range(51)}}),
    ],
)
def test_what_makes_no_sense_is_422(ada, method, path, body):
    assert ada.request(method, path, body).status_code == 422


@pytest.mark.parametrize("odd", [10**400, "\ud800", {"__x__": 1}, {"": 1}, float("nan"), {"a": [{"b": "\ud800"}]}])
def test_a_cursor_with_a_value_that_firestore_has_not_is_422(ada, project, odd):
    cursor = base64.urlsafe_b64encode(json.dumps({"odd": odd, "id": "z"}).encode()).decode()

    for path in (PROJECTS, OBJECTS, "/api/session/saves", f"{PROJECTS}/{project}/saves"):
        answer = ada.get(f"{path}?cursor={cursor}")
        assert (answer.status_code, answer.mimetype) == (422, "application/problem+json"), path


@pytest.mark.parametrize("name", ["a/b", "", "__x__", ".", "\ud800", "x" * 1_501, 5])
@pytest.mark.parametrize("path", [PROJECTS, OBJECTS])
def test_a_forged_cursor_is_422(ada, path, name):
    cursor = base64.urlsafe_b64encode(json.dumps({"at": "2024-01-01T00:00:00Z", "id": name}).encode()).decode()
    deep = base64.urlsafe_b64encode(b"[" * 3000).decode()

    assert ada.get(f"{path}?cursor={cursor}").status_code == 422
    assert ada.get(f"{path}?cursor={deep}").status_code == 422


@pytest.mark.parametrize("value", ["é", "a\tb"])
def test_an_app_check_token_that_is_none_is_422(ada, value):
    assert ada.get("/api/session", headers={"X-Firebase-AppCheck": value}).status_code == 422


@pytest.mark.parametrize("claims", [{"firebase": "x"}, {"sub": "a/b"}, {"name": 5}])
def test_a_token_with_odd_claims_is_no_bug(person, claims):
    someone = person("odd")
    someone.token = mint(someone.uid, someone.project, **claims)

    assert someone.get("/api/session/status").status_code in (200, 401)


# Faults S22 and S23
@pytest.mark.parametrize(
    ("claims", "reason"),
    [({"name": 5}, "name"), ({"name": None}, "name"), ({"sub": "auth0|1"}, "uid"), ({"sub": "x" * 128}, "uid")],
)
def test_who_could_not_keep_anything_here_is_told_why_at_the_first_request(person, claims, reason):
    someone = person("odd")
    someone.token = mint(someone.uid, someone.project, **claims)

    answer = someone.put("/api/session", {})

    assert (answer.status_code, reason in answer.json["detail"]) == (401, True)


@pytest.mark.parametrize("length", [80, 28])
def test_the_draft_of_whoever_has_a_long_uid_becomes_a_project(person, length):
    someone = person("u")
    someone.token = mint(someone.uid.ljust(length, "x"), someone.project, "password")
    someone.put("/api/session", {})
    someone.patch("/api/session/tools/cardgenerator", {"draft_id": str(uuid.uuid4()), "draft_item_data": {"name": "A"}})

    backup = {"tool": "cardgenerator", "projectId": None, "state": {"itemDetails": {"name": "B"}}}
    someone.post("/api/session/recover", backup)

    made = someone.post("/api/cardgenerator/projects", {"name": "x", "from_draft": True})
    assert made.status_code == 201
    assert someone.get(f"/api/cardgenerator/projects/{made.json['id']}").status_code == 200


@pytest.mark.parametrize(
    "change", [{"state.selectedAssets": None}, {"name": "   ", "state": {}}, {"state": "x"}, {"tags": None}]
)
def test_a_malformed_project_is_promoted_or_explained(ada, project, admin, change):
    admin.document(f"cardgen_projects/{project}").update(change)

    answer = ada.post(PROMOTE, {"project_id": project})

    assert answer.status_code == 201 or (answer.status_code, "damaged" in answer.json["detail"]) == (409, True)


@pytest.mark.parametrize("origin", [{"base": "garbage"}, {"base": "[1]"}, {"base": None}, {"base": "5"}, "x", None])
def test_an_object_with_a_malformed_origin_is_brought_up_to_date(ada, project, admin, origin):
    thing = ada.post(PROMOTE, {"project_id": project}).json["id"]
    admin.document(f"dungeonmind-objects/{thing}").update({"origin": origin})

    assert ada.post(PROMOTE, {"project_id": project}).status_code == 200
    assert "damaged" not in ada.get(f"{OBJECTS}/{thing}").json


def test_one_bad_document_at_the_end_of_a_page_ends_no_list(ada, admin):
    ids = [ada.post(OBJECTS, {"type": "item", "name": f"o{i}"}).json["id"] for i in range(52)]
    for object_id in ids[:3]:
        admin.document(f"dungeonmind-objects/{object_id}").update({"updated_at": "yesterday"})

    first = ada.get(OBJECTS).json
    second = ada.get(f"{OBJECTS}?cursor={first['next']}").json

    assert {thing["id"] for thing in first["objects"] + second["objects"]} == set(ids)


@pytest.mark.parametrize(
    "change",
    [
        {name: None}
        for name in ("clipboard", "devices", "current_tool", "active_project_id", "preferences", "schema_version")
    ]
    + [{"session_id": "somebody"}, {"user_id": "somebody"}],
    ids=lambda change: next(iter(change)),
)
def test_a_null_or_a_foreign_owner_in_a_session_is_repaired_by_put(ada, admin, change):
    admin.document(f"sessions/{ada.uid}").update(change)

    assert ada.get("/api/session").status_code == 200
    assert ada.put("/api/session", {}, headers={"X-Device-Id": "d"}).status_code == 201
    assert ada.patch(CARD, {"current_step": "a"}).status_code == 200
    assert ada.get("/api/session").json["user_id"] == ada.uid


def test_an_error_at_a_key_called_value_keeps_its_path(ada, project):
    for where, wrong in (("itemDetails", "x" * 201), ("stepCompletion", 5)):
        refused = ada.patch(f"{PROJECTS}/{project}", {"state": {where: {"value": wrong}}})
        assert list(refused.json["errors"]) == [f"state.{where}.value"]


def test_a_get_with_if_match_is_a_get(ada):
    for tag in ("*", '"2026-01-01T00:00:00Z"'):
        assert ada.get("/api/session", headers={"If-Match": tag}).status_code == 200


def test_a_save_without_a_session_says_what_begins_one(alice):
    refused = alice.patch(CARD, {"current_step": "a"})

    assert (refused.status_code, "PUT /api/session" in refused.json["detail"]) == (404, True)


def test_a_filter_that_is_false_is_none(ada):
    assert ada.get(f"{PROJECTS}?trashed=false&public=false").json == {"projects": []}
    assert ada.get(f"{OBJECTS}?trashed=false&public=false").json == {"objects": []}


def test_a_refusal_that_a_race_explains_is_503_and_not_final(ada, project, monkeypatch):
    """The project was in the trash when the rules judged, and is out of it when the refusal is explained."""
    path, read = f"{PROJECTS}/{project}", refusal.readable
    ada.delete(path)

    def meanwhile(about):
        ada.post(f"{path}/undelete")
        return read(about)

    monkeypatch.setattr(refusal, "readable", meanwhile)
    answer = ada.patch(path, {"description": "typed meanwhile"})

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")


class BrokenChunks(io.BytesIO):
    """What a server reads of a chunked body whose chunks do not add up."""

    def read(self, *_):
        raise ValueError("invalid chunk")

    readinto = readline = read


def test_a_body_whose_chunks_do_not_add_up_is_400(ada):
    answer = ada.patch(
        CARD,
        input_stream=BrokenChunks(),
        content_type="application/json",
        headers={"Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
    )

    assert (answer.status_code, "broken" in answer.json["detail"]) == (400, True)


def test_a_project_of_a_newer_version_is_not_promoted_and_that_is_said(ada, project, admin):
    admin.document(f"cardgen_projects/{project}").update({"schema_version": 2})

    refused = ada.post(PROMOTE, {"project_id": project})

    assert (refused.status_code, "newer version" in refused.json["detail"]) == (409, True)
