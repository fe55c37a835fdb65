"""The session over HTTP, as the tools use it."""

import datetime as dt
import json
import threading
import uuid

import pytest
from conftest import operations

from shared.schemas.tools import TOOLS

CARD = "/api/session/tools/cardgenerator"


def expire(admin, person):
    """The session as it stands when nobody used it for 30 days and TTL has not come by."""
    admin.document(f"sessions/{person.uid}").update({"expires_at": dt.datetime.now(dt.UTC) - dt.timedelta(minutes=1)})


def test_the_first_put_begins_a_session_and_the_next_resumes_it(alice):
    begun = alice.put("/api/session", {})
    alice.patch(CARD, {"current_step": "core-image"})
    resumed = alice.put("/api/session", {})

    assert (begun.status_code, resumed.status_code) == (201, 200)
    assert begun.json["session_id"] == begun.json["user_id"] == alice.uid
    assert resumed.json["cardgenerator"]["current_step"] == "core-image"
    assert resumed.json["created_at"] == begun.json["created_at"]


def test_a_session_lives_for_30_days_after_its_last_use(ada):
    before = dt.datetime.now(dt.UTC)

    for used in (ada.put("/api/session", {}), ada.patch(CARD, {"current_step": "a"}), ada.patch("/api/session", {})):
        expires_at = dt.datetime.fromisoformat(used.json["expires_at"])
        assert dt.timedelta(0) <= expires_at - before - dt.timedelta(days=30) < dt.timedelta(seconds=20)


def test_what_put_answers_is_what_get_reads(ada):
    ada.patch(CARD, {"draft_item_data": {"name": "Sunblade"}})

    answered = ada.put("/api/session", {"device": {"label": "laptop"}}, headers={"X-Device-Id": "d1"})
    read = ada.get("/api/session")

    assert answered.json == read.json
    assert answered.headers["ETag"] == read.headers["ETag"]


def test_where_there_is_no_session_reads_are_404_and_status_says_so(alice):
    assert alice.get("/api/session").status_code == 404
    assert alice.get("/api/session/clipboard").status_code == 404
    assert alice.get("/api/session/status").json == {"active": False}
    assert alice.patch(CARD, {"current_step": "a"}).status_code == 404
    assert alice.put(f"/api/session/clipboard/{uuid.uuid4()}").status_code == 404


def test_an_autosave_is_one_commit_and_no_read(ada):
    etag = ada.get("/api/session").headers["ETag"]

    answer = ada.patch(CARD, {"draft_item_data": {"Name": "Sunblade", "rarity": "Rare"}}, headers={"If-Match": etag})

    assert operations(answer) == {"Commit": 1, "writes": 1}
    assert ada.get("/api/session").headers["ETag"] == answer.headers["ETag"] == answer.json["etag"]


@pytest.mark.parametrize(
    ("method", "path", "body", "expected"),
    [
        ("PUT", "/api/session", {}, {"BatchGetDocuments": 1, "reads": 1, "Commit": 1, "writes": 1}),
        ("GET", "/api/session", None, {"BatchGetDocuments": 1, "reads": 1}),
        ("GET", "/api/session/status", None, {"BatchGetDocuments": 1, "reads": 1}),
        ("PATCH", "/api/session", {"preferences": {"theme": "dark"}}, {"Commit": 1, "writes": 1}),
        ("PUT", CARD, {"current_step": "a"}, {"Commit": 1, "writes": 1}),
        ("PUT", "/api/session/clipboard/x", None, {"Commit": 1, "writes": 2}),
        ("DELETE", "/api/session/clipboard/x", None, {"Commit": 1, "writes": 1}),
        ("GET", "/api/session/clipboard", None, {"BatchGetDocuments": 1, "reads": 1}),
        ("DELETE", "/api/session/clipboard", None, {"Commit": 1, "writes": 1}),
        ("DELETE", "/api/session", None, {"Commit": 1, "writes": 1}),
    ],
)
def test_what_each_request_asks_of_firestore(ada, method, path, body, expected):
    assert operations(ada.request(method, path, body)) == expected


def test_two_tabs_that_patch_different_leaves_of_one_item_both_win(ada):
    ada.patch(CARD, {"draft_item_data": {"name": "Sunblade", "extra": {"a": 1}}})

    ada.patch(CARD, {"draft_item_data": {"rarity": "Rare"}})
    ada.patch(CARD, {"draft_item_data": {"extra": {"b": [2]}}})

    item = ada.get("/api/session").json["cardgenerator"]["draft_item_data"]
    assert item == {"name": "Sunblade", "rarity": "Rare", "extra": {"a": 1, "b": [2]}}


def test_a_merge_patch_deletes_by_null_replaces_arrays_and_skips_empty_objects(ada):
    ada.put(CARD, {"draft_item_data": {"name": "Sunblade", "properties": ["a", "b"], "deep": {"x": 1, "y": 2}}})

    ada.patch(CARD, {"draft_item_data": {"name": None, "properties": ["c"], "deep": {"x": None}}, "preferences": {}})

    assert ada.get("/api/session").json["cardgenerator"].keys() == {"draft_item_data", "last_saved"}
    assert ada.get("/api/session").json["cardgenerator"]["draft_item_data"] == {"properties": ["c"], "deep": {"y": 2}}


def test_put_replaces_a_state_whole_and_stores_neither_null_nor_empty_objects(ada, admin):
    ada.patch(CARD, {"draft_item_data": {"name": "Sunblade", "quote": "Shine."}})

    ada.put(CARD, {"draft_item_data": {"name": "Moonblade", "quote": None, "more": {"empty": {}, "none": None}}})

    stored = admin.document(f"sessions/{ada.uid}").get().to_dict()["cardgenerator"]
    assert stored.pop("last_saved")
    assert stored == {"draft_item_data": {"name": "Moonblade"}}


@pytest.mark.parametrize("key", ["a.b", "`", 'say "x"', "a\\", "a/b", "é", "0", "~*[]", "__x", "a\\`b", "`.`"])
def test_any_key_inside_free_data_is_stored_under_itself(ada, key):
    ada.patch(CARD, {"tool_specific_data": {key: {key: 1, "a/b": 2}}})
    ada.patch(CARD, {"tool_specific_data": {key: {"also": 3}}})

    assert ada.get("/api/session").json["cardgenerator"]["tool_specific_data"] == {key: {key: 1, "a/b": 2, "also": 3}}


@pytest.mark.parametrize("name", ["Name", "name", "NAME"])
@pytest.mark.parametrize("formula", ["Damage Formula", "damageFormula", "damage_formula", "DAMAGE FORMULA", "Damage"])
@pytest.mark.parametrize("prompt", ["SD_Prompt", "SD Prompt", "sd_prompt", "sdPrompt"])
def test_item_keys_are_stored_in_one_spelling(ada, name, formula, prompt):
    ada.put(CARD, {"draft_item_data": {name: "Sunblade", formula: "1d8", prompt: "a sword", "Forged By": "Ilma"}})

    item = ada.get("/api/session").json["cardgenerator"]["draft_item_data"]
    assert item == {"name": "Sunblade", "damageFormula": "1d8", "sdPrompt": "a sword", "Forged By": "Ilma"}


def test_the_camel_case_of_the_design_documents_tool_state_is_understood(ada):
    sent = {"currentStep": "core-image", "stepCompletion": {"text-generation": True}, "toolSpecificData": {"x": 1}}

    ada.put(CARD, sent | {"projectId": "p1", "lastSaved": 1764000000000})

    state = ada.get("/api/session").json["cardgenerator"]
    assert state == {
        "current_step": "core-image",
        "step_completion": {"text-generation": True},
        "tool_specific_data": {"x": 1},
        "current_project_id": "p1",
        "last_saved": "2025-11-24T16:00:00.000000Z",
    }


def test_two_spellings_that_disagree_are_refused_and_those_that_agree_are_one(ada):
    refused = ada.patch(CARD, {"draft_item_data": {"Name": "Sunblade", "name": "Moonblade"}})
    agreed = ada.patch(CARD, {"draft_item_data": {"Name": "Sunblade", "name": "Sunblade"}})

    assert (refused.status_code, list(refused.json["errors"])) == (422, ["draft_item_data.Name"])
    assert agreed.status_code == 200


def test_a_stale_if_match_answers_412_with_the_newer_state_and_changes_nothing(ada):
    seen = ada.get("/api/session").headers["ETag"]
    newer = ada.patch(CARD, {"current_step": "b"}, headers={"X-Save-Id": "save-1", "X-Device-Id": "phone"})

    for method, path, body in [
        ("PATCH", CARD, {"current_step": "c"}),
        ("PUT", CARD, {}),
        ("PATCH", "/api/session", {}),
    ]:
        stale = ada.request(method, path, body, headers={"If-Match": seen})

        assert stale.status_code == 412
        assert stale.json["current"]["cardgenerator"]["current_step"] == "b"
        assert stale.json["etag"] == stale.headers["ETag"] == newer.json["etag"]
        assert stale.json["updated_by"] == {"uid": ada.uid, "name": "Alice", "device": "phone", "save_id": "save-1"}
        assert stale.json["update_time"] == newer.json["update_time"]
    assert ada.get("/api/session").headers["ETag"] == newer.json["etag"]


def test_if_match_with_the_current_etag_saves_also_when_a_proxy_made_it_weak(ada):
    for weak in ("", "W/"):
        etag = ada.get("/api/session").headers["ETag"]
        assert ada.patch(CARD, {"current_step": "a"}, headers={"If-Match": weak + etag}).status_code == 200
    assert ada.patch(CARD, {"current_step": "a"}, headers={"If-Match": "*"}).status_code == 200


def test_a_conditional_get_answers_304_while_nothing_changed(ada):
    etag = ada.get("/api/session").headers["ETag"]

    assert ada.get("/api/session", headers={"If-None-Match": etag}).status_code == 304
    ada.patch(CARD, {"current_step": "a"})
    assert ada.get("/api/session", headers={"If-None-Match": etag}).status_code == 200


def test_switching_tools_keeps_every_tools_state(ada):
    for tool in TOOLS:
        ada.patch("/api/session", {"current_tool": tool})
        ada.patch(f"/api/session/tools/{tool}", {"current_step": f"in {tool}"})

    session = ada.get("/api/session").json
    assert session["current_tool"] == list(TOOLS)[-1]
    assert {tool: session[tool]["current_step"] for tool in TOOLS} == {tool: f"in {tool}" for tool in TOOLS}
    assert all(ada.get("/api/session/status").json[f"has_{tool}"] for tool in TOOLS)


def test_a_switch_to_a_project_that_is_not_the_callers_is_404_and_changes_nothing(ada, bob):
    his = bob.post("/api/cardgenerator/projects", {"name": "Secret"}).json["id"]
    etag = ada.get("/api/session").headers["ETag"]

    for project_id in (his, str(uuid.uuid4())):
        assert ada.patch("/api/session", {"active_project_id": project_id, "active_world_id": "w"}).status_code == 404
    assert ada.get("/api/session").headers["ETag"] == etag


def test_a_preference_does_not_reset_another_and_what_was_never_set_reads_as_its_default(ada):
    ada.patch("/api/session", {"preferences": {"theme": "dark"}})
    ada.patch("/api/session", {"preferences": {"language": "de"}})

    preferences = ada.get("/api/session").json["preferences"]
    assert (preferences["theme"], preferences["language"]) == ("dark", "de")
    assert (preferences["default_ai_model"], preferences["auto_save_interval"]) == ("gpt-4o", 30)


def test_a_list_is_read_with_its_objects_in_one_rpc(ada):
    ids = [ada.post("/api/objects", {"type": "item", "name": f"o{i}"}).json["id"] for i in range(3)]
    for object_id in ids:
        ada.put(f"/api/session/clipboard/{object_id}")

    answer = ada.get("/api/session/clipboard")

    assert operations(answer) == {"BatchGetDocuments": 2, "reads": 4}
    assert answer.json["ids"] == [thing["id"] for thing in answer.json["objects"]] == ids[::-1]
    assert [thing["name"] for thing in answer.json["objects"]] == ["o2", "o1", "o0"]
    assert answer.json["missing"] == []


def test_a_device_that_said_where_it_is_before_it_opened_the_session_opens_it(alice):
    alice.put("/api/session", {})
    here = {"X-Device-Id": "laptop-9"}
    assert alice.patch("/api/session", {"current_tool": "ruleslawyer"}, headers=here).status_code == 200

    assert alice.put("/api/session", {}, headers=here).status_code == 200
    assert alice.get("/api/session/devices").json["devices"]["laptop-9"]["platform"] == "web"


def test_maps_come_in_one_order_as_people_count(alice):
    alice.put("/api/session", {})
    blocks = {f"block-{i}": {"title": str(i)} for i in (10, 2, 1, 33)}
    alice.put("/api/session/tools/storegenerator", {"store_draft_data": {"storeData": blocks}})

    answers = [alice.get("/api/session") for _ in range(3)]

    assert len({answer.data for answer in answers}) == 1
    stored = answers[0].json["storegenerator"]["store_draft_data"]["storeData"]
    assert list(stored) == ["block-1", "block-2", "block-10", "block-33"]


def test_a_stale_if_match_on_a_list_is_412_at_once(alice):
    alice.put("/api/session", {})
    stale = alice.get("/api/session").headers["ETag"]
    alice.put("/api/session/clipboard/a")

    answer = alice.put("/api/session/clipboard/b", headers={"If-Match": stale})

    assert (answer.status_code, operations(answer)["Commit"]) == (412, 1)
    assert alice.get("/api/session/clipboard").json["ids"] == ["a"]


def test_what_is_gone_or_not_the_callers_is_left_out_of_a_list_and_named(ada, bob):
    mine = ada.post("/api/objects", {"type": "item", "name": "mine"}).json["id"]
    secret = bob.post("/api/objects", {"type": "item", "name": "secret"}).json["id"]
    public = bob.post("/api/objects", {"type": "item", "name": "public", "visibility": "public"}).json["id"]
    for object_id in (mine, secret, "gone", public):
        ada.put(f"/api/session/pinned_objects/{object_id}")

    answer = ada.get("/api/session/pinned_objects")

    assert [thing["name"] for thing in answer.json["objects"]] == ["public", "mine"]
    assert answer.json["missing"] == ["gone", secret]
    assert "secret" not in answer.text


@pytest.mark.parametrize(("name", "most"), [("clipboard", 50), ("recently_viewed", 50), ("pinned_objects", 200)])
def test_an_add_is_never_refused_for_want_of_room(ada, admin, name, most):
    document = admin.document(f"sessions/{ada.uid}")
    document.update({name: [f"o{i}" for i in range(1000)]})

    assert ada.put(f"/api/session/{name}/new").status_code == 200

    assert document.get().get(name) == [*(f"o{i}" for i in range(1001 - most, 1000)), "new"]


@pytest.mark.parametrize("name", ["clipboard", "recently_viewed", "pinned_objects"])
def test_a_list_has_its_newest_in_front_once_each(ada, name):
    for object_id in ("a", "b", "c", "a"):
        assert ada.put(f"/api/session/{name}/{object_id}").status_code == 200
    assert ada.get(f"/api/session/{name}").json["ids"] == ["a", "c", "b"]
    assert ada.get("/api/session").json[name] == ["a", "c", "b"]
    assert ada.get("/api/session/status").json[f"{name}_count"] == 3

    ada.delete(f"/api/session/{name}/c")
    assert ada.get(f"/api/session/{name}").json["ids"] == ["a", "b"]

    ada.delete(f"/api/session/{name}")
    assert ada.get(f"/api/session/{name}").json["ids"] == []


@pytest.mark.parametrize(("name", "most"), [("clipboard", 50), ("recently_viewed", 50), ("pinned_objects", 200)])
def test_a_list_shows_its_newest_and_put_of_the_session_trims_it(ada, admin, name, most):
    stored = [f"o{i}" for i in range(most + 30)]
    admin.document(f"sessions/{ada.uid}").update({name: stored})

    assert ada.get(f"/api/session/{name}").json["ids"] == stored[: -most - 1 : -1]
    assert ada.put("/api/session", {}).json[name] == stored[: -most - 1 : -1]
    assert admin.document(f"sessions/{ada.uid}").get().get(name) == stored[-most:]


def test_adds_to_a_list_from_many_tabs_at_once_are_all_kept(ada):
    tabs = [threading.Thread(target=ada.put, args=(f"/api/session/clipboard/o{i}",)) for i in range(12)]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()

    assert sorted(ada.get("/api/session/clipboard").json["ids"]) == sorted(f"o{i}" for i in range(12))


def test_a_device_is_registered_when_it_opens_the_session(ada):
    headers = {"X-Device-Id": "laptop-1", "User-Agent": "Firefox", "X-Forwarded-For": "203.0.113.7, 10.0.0.1"}
    ada.put("/api/session", {"device": {"label": "Ada's laptop", "platform": "desktop"}}, headers=headers)
    ada.put("/api/session", {}, headers={"X-Device-Id": "phone.2"})

    devices = ada.get("/api/session").json["devices"]
    laptop = devices["laptop-1"]
    assert (laptop["label"], laptop["platform"], laptop["user_agent"]) == ("Ada's laptop", "desktop", "Firefox")
    assert laptop["ip_address"] == "203.0.113.7"
    assert devices["phone.2"]["platform"] == "web"

    again = ada.put("/api/session", {}, headers=headers).json["devices"]["laptop-1"]
    assert again["label"] == "Ada's laptop"
    assert again["first_seen"] == laptop["first_seen"] < again["last_seen"]


def test_the_registry_keeps_the_20_devices_seen_last(ada):
    for i in range(23):
        ada.put("/api/session", {}, headers={"X-Device-Id": f"d{i}"})

    assert ada.get("/api/session").json["devices"].keys() == {f"d{i}" for i in range(3, 23)}


def test_tabs_that_open_a_new_session_at_once_share_one(alice):
    answers = []
    tabs = [threading.Thread(target=lambda: answers.append(alice.put("/api/session", {}))) for _ in range(8)]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()

    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]


def test_an_expired_session_is_not_there_and_an_autosave_cannot_revive_it(ada, admin):
    expire(admin, ada)

    assert ada.get("/api/session").status_code == 404
    assert ada.get("/api/session/status").json == {"active": False}
    refused = ada.patch(CARD, {"current_step": "a"})
    assert refused.status_code == 409
    assert "expired" in refused.json["detail"]


def test_put_begins_afresh_after_expiry_and_keeps_the_old_content_as_saves(ada, admin):
    ada.patch(CARD, {"draft_item_data": {"name": "Sunblade"}})
    ada.patch("/api/session/tools/storegenerator", {"store_draft_data": {"title": "Roots"}})
    ada.patch("/api/session", {"preferences": {"theme": "dark"}, "active_world_id": "w"})
    ada.put("/api/session/pinned_objects/o1")
    ada.put("/api/session/clipboard/o2")
    expire(admin, ada)

    answer = ada.put("/api/session", {})

    assert answer.status_code == 201
    assert "cardgenerator" not in answer.json and "active_world_id" not in answer.json
    assert (answer.json["clipboard"], answer.json["pinned_objects"]) == ([], ["o1"])
    assert answer.json["preferences"]["theme"] == "dark"
    kept = {save.get("tool"): save for save in answer.json["kept_as"]}
    assert {save["reason"] for save in kept.values()} == {"expired"}
    session = ada.firestore.document(f"sessions/{ada.uid}")
    card = session.collection("card_sessions").document(kept["cardgenerator"]["id"]).get()
    assert card.get("state.draft_item_data") == {"name": "Sunblade"}
    store = session.collection("tool_saves").document(kept["storegenerator"]["id"]).get()
    assert store.get("state.store_draft_data") == {"title": "Roots"}
    context = session.collection("tool_saves").document(kept[None]["id"]).get()
    assert context.get("state.clipboard") == ["o2"] and context.get("state.active_world_id") == "w"
    assert ada.put("/api/session", {}).status_code == 200


def test_delete_ends_the_session_and_may_be_repeated(ada):
    stale = ada.get("/api/session").headers["ETag"]
    ada.patch(CARD, {"current_step": "a"})

    assert ada.delete("/api/session", headers={"If-Match": stale}).status_code == 412
    assert ada.delete("/api/session").status_code == 204
    assert ada.delete("/api/session").status_code == 204
    assert ada.get("/api/session").status_code == 404


def test_nobody_sees_anything_of_somebody_elses_session(ada, bob):
    ada.patch(CARD, {"draft_item_data": {"name": "Sunblade"}})
    bob.put("/api/session", {})

    assert "Sunblade" not in bob.get("/api/session").text
    assert bob.patch("/api/session", {"session_id": ada.uid}).status_code == 422
    assert bob.patch("/api/session", {"user_id": ada.uid}).status_code == 422
    assert ada.get("/api/session").json["cardgenerator"]["draft_item_data"] == {"name": "Sunblade"}


def test_many_autosaves_of_different_fields_at_once_are_all_kept(ada):
    def save(i):
        ada.patch(CARD, {"draft_item_data": {"extra": {f"f{i}": i}}})

    tabs = [threading.Thread(target=save, args=(i,)) for i in range(24)]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()

    found = ada.get("/api/session").json["cardgenerator"]["draft_item_data"]["extra"]
    assert found == {f"f{i}": i for i in range(24)}


def test_the_saves_of_an_expired_session_are_listed_read_and_deleted_by_their_owner(ada, bob, admin):
    ada.patch(CARD, {"draft_item_data": {"name": "Sunblade"}})
    ada.patch("/api/session/tools/ruleslawyer", {"search_context": {"q": "grapple"}})
    expire(admin, ada)
    kept = ada.put("/api/session", {}).json["kept_as"]

    listed = ada.get("/api/session/saves")

    assert operations(listed) == {"RunQuery": 2, "reads": len(kept)}
    assert {save["id"] for save in listed.json["saves"]} == {save["id"] for save in kept}
    assert all("state" not in save for save in listed.json["saves"])
    card = next(save["id"] for save in kept if save.get("tool") == "cardgenerator")
    found = ada.get(f"/api/session/saves/{card}")
    assert operations(found) == {"BatchGetDocuments": 1, "reads": 2}
    assert found.json["state"]["draft_item_data"] == {"name": "Sunblade"}
    assert bob.get(f"/api/session/saves/{card}").status_code == 404
    assert bob.delete(f"/api/session/saves/{card}").status_code == 404
    assert ada.delete(f"/api/session/saves/{card}").status_code == 204
    assert ada.get(f"/api/session/saves/{card}").status_code == 404
    assert bob.get("/api/session/saves").json == {"saves": []}


def test_what_was_in_conflict_when_the_session_expired_is_named_with_what_it_left(ada, admin):
    ada.patch(CARD, {"draft_item_data": {"quote": "It shines at dusk."}})
    sides = [{"draft_item_data": {"quote": f"It shines at {hour}."}} for hour in ("noon", "dawn")]
    (entry,) = ada.post(f"{CARD}/merge", {"base": sides[0], "mine": sides[1]}).json["conflicts"]
    expire(admin, ada)

    kept = ada.put("/api/session", {}).json["kept_as"]

    assert sorted(save["reason"] for save in kept) == ["conflict", "expired", "expired"]
    (other,) = [save for save in kept if save["reason"] == "conflict"]
    assert (other["id"], other["tool"]) == (entry["save_id"], "cardgenerator")
    state = ada.get(f"/api/session/saves/{other['id']}").json["state"]
    assert state["draft_item_data"]["quote"] == "It shines at dusk."


def test_a_device_is_ended_from_another_and_nobodys_work_is_touched(ada):
    for device in ("phone", "laptop"):
        ada.put("/api/session", {"device": {"label": device}}, headers={"X-Device-Id": device})
    ada.patch(CARD, {"draft_item_data": {"name": "Sunblade"}}, headers={"X-Device-Id": "phone"})
    before = ada.get("/api/session").json

    assert ada.delete("/api/session/devices/phone", headers={"X-Device-Id": "laptop"}).status_code == 200

    assert ada.get("/api/session/devices").json["devices"].keys() == {"laptop"}
    assert ada.get("/api/session").json["cardgenerator"] == before["cardgenerator"]
    assert ada.patch(CARD, {"current_step": "a"}, headers={"X-Device-Id": "phone"}).status_code == 200
    ada.put("/api/session", {}, headers={"X-Device-Id": "phone"})
    assert ada.get("/api/session/devices").json["devices"].keys() == {"laptop", "phone"}


def events(capfd):
    return [json.loads(line).get("event") for line in capfd.readouterr().out.splitlines()]


def test_what_looks_like_a_duplicate_session_is_logged(ada, capfd, monkeypatch):
    def opens(agent, platform="web"):
        headers = {"X-Device-Id": "d1", "User-Agent": agent}
        ada.put("/api/session", {"device": {"platform": platform}}, headers=headers)

    opens("Firefox")
    assert events(capfd)[-1] is None
    opens("Firefox")
    assert events(capfd)[-1] == "session_opened_twice"
    opens("Chromium")
    assert events(capfd)[-1] == "duplicate_device"
    opens("Chromium", platform="phone")
    assert events(capfd)[-1] == "duplicate_device"
    monkeypatch.setattr("shared.session.open.TWICE", dt.timedelta(0))
    opens("Chromium", platform="phone")
    assert events(capfd)[-1] is None
