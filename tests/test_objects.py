"""Objects over HTTP: finished work in the library."""

import uuid

import pytest
from conftest import operations
from test_projects import at_once

from shared.schemas.object_parts import TYPES

PROJECTS = "/api/cardgenerator/projects"
PROMOTE = "/api/objects/promote"
STATE = {
    "itemDetails": {"name": "Sunblade", "description": "It shines.", "rarity": "Rare", "damageFormula": "1d8"},
    "selectedAssets": {"border": "https://images.example.test/b.png", "templateBlob": "aGVsbG8="},
    "currentStep": "final-assembly",
}


@pytest.fixture
def project(ada):
    return ada.post(PROJECTS, {"name": "Sunblade", "state": STATE}).json["id"]


def test_a_promotion_is_one_read_and_one_commit(ada, project):
    sent = {"project_id": project, "object_id": str(uuid.uuid4())}

    answer = ada.post(PROMOTE, sent)

    assert answer.status_code == 201
    # the object, the project's object_id, and recently viewed: taken out and appended
    assert operations(answer) == {"BatchGetDocuments": 1, "reads": 2, "Commit": 1, "writes": 4}
    assert answer.json["id"] == sent["object_id"]
    assert answer.json["systemData"] == {"dnd5e": {"rarity": "Rare", "damage": "1d8"}}
    assert answer.json["origin"].keys() == {"project_id", "project_collection", "version"}
    assert answer.json["customProperties"]["selectedAssets"] == {"border": "https://images.example.test/b.png"}
    found = ada.get(f"/api/objects/{answer.json['id']}")
    assert found.json | {"project_etag": answer.json["project_etag"]} == answer.json
    assert found.headers["ETag"] == answer.headers["ETag"]
    assert ada.get("/api/session/recently_viewed").json["ids"] == [answer.json["id"]]
    after = ada.get(f"{PROJECTS}/{project}")
    assert (after.json["object_id"], after.headers["ETag"]) == (answer.json["id"], answer.json["project_etag"])


def test_promoting_again_reaches_the_same_object(ada, project):
    first = ada.post(PROMOTE, {"project_id": project}).json
    again = ada.post(PROMOTE, {"project_id": project, "object_id": str(uuid.uuid4())})

    assert (again.status_code, again.json["id"]) == (200, first["id"])
    assert len(ada.get("/api/objects").json["objects"]) == 1


def test_eight_clients_that_promote_at_once_reach_one_object(ada, project):
    answers = at_once([lambda: ada.post(PROMOTE, {"project_id": project, "object_id": str(uuid.uuid4())})] * 8)

    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert len({answer.json["id"] for answer in answers}) == 1
    assert len(ada.get("/api/objects").json["objects"]) == 1


def test_a_later_promotion_brings_just_what_changed_in_the_project(ada, project, admin):
    thing = ada.post(PROMOTE, {"project_id": project}).json
    admin.document(f"dungeonmind-objects/{thing['id']}").update({"systemData.dnd5e.rarity": "Very Rare"})
    edits = {"description": "It shines at night.", "damageFormula": None, "weight": "3 lb."}
    ada.patch(f"{PROJECTS}/{project}", {"state": {"itemDetails": edits}})

    again = ada.post(PROMOTE, {"project_id": project})

    assert (again.status_code, again.json["description"]) == (200, "It shines at night.")
    assert again.json["systemData"]["dnd5e"] == {"rarity": "Very Rare", "weight": "3 lb."}
    assert ada.get(f"/api/objects/{thing['id']}").json == {k: v for k, v in again.json.items() if k != "project_etag"}


@pytest.mark.parametrize("session", ["missing", "expired"])
def test_without_a_living_session_it_is_promoted_all_the_same(ada, project, admin, session):
    document = admin.document(f"sessions/{ada.uid}")
    document.delete() if session == "missing" else document.update({"expires_at": document.get().create_time})

    answer = ada.post(PROMOTE, {"project_id": project})

    assert (answer.status_code, operations(answer)["writes"]) == (201, 2)
    assert ada.post(PROMOTE, {"project_id": project}).status_code == 200


def test_an_object_that_is_gone_is_made_again_under_its_id(ada, project, admin):
    thing = ada.post(PROMOTE, {"project_id": project}).json["id"]
    admin.document(f"dungeonmind-objects/{thing}").delete()

    again = ada.post(PROMOTE, {"project_id": project})

    assert (again.status_code, again.json["id"]) == (201, thing)


def test_an_object_id_that_is_taken_is_409_and_nothing_is_promoted(ada, project, bob):
    his = bob.post(PROJECTS, {"name": "His", "state": STATE}).json["id"]
    taken = bob.post(PROMOTE, {"project_id": his}).json["id"]

    assert ada.post(PROMOTE, {"project_id": project, "object_id": taken}).status_code == 409
    assert "object_id" not in ada.get(f"{PROJECTS}/{project}").json
    assert bob.get(f"/api/objects/{taken}").json["user_id"] == bob.uid


def test_a_card_without_a_name_takes_the_projects(ada):
    project = ada.post(PROJECTS, {"name": "Untitled"}).json["id"]

    thing = ada.post(PROMOTE, {"project_id": project}).json

    assert (thing["name"], thing["type"], thing["description"]) == ("Untitled", "item", "")


def test_a_list_is_one_query_that_reads_no_content(ada, project, bob):
    thing = ada.post(PROMOTE, {"project_id": project}).json

    answer = ada.get("/api/objects")

    assert operations(answer) == {"RunQuery": 1, "reads": 1}
    assert [found["id"] for found in answer.json["objects"]] == [thing["id"]]
    assert "systemData" not in answer.json["objects"][0]
    assert bob.get("/api/objects").json == {"objects": []}


@pytest.mark.parametrize(
    "name", ["name", "description", "systemData", "type", "tags", "members", "origin", "created_at"]
)
def test_a_malformed_object_is_shown_and_spoils_no_list(ada, project, admin, name):
    thing = ada.post(PROMOTE, {"project_id": project}).json["id"]
    admin.document(f"dungeonmind-objects/{thing}").update({name: 42})

    shown = ada.get(f"/api/objects/{thing}")

    assert (shown.status_code, shown.json["damaged"]) == (200, [name])
    assert len(ada.get("/api/objects").json["objects"]) == 1


def test_an_object_is_created_read_changed_and_deleted(ada):
    sent = {"id": str(uuid.uuid4()), "type": "spell", "name": "Light", "systemData": {"dnd5e": {"level": 0}}}
    created = ada.post("/api/objects", sent)
    address = f"/api/objects/{sent['id']}"

    assert (created.status_code, operations(created)) == (201, {"Commit": 1, "writes": 1})
    assert ada.get(address).json == created.json
    assert ada.get(address, headers={"If-None-Match": created.headers["ETag"]}).status_code == 304
    assert ada.post("/api/objects", sent).status_code == 200

    changed = ada.patch(address, {"systemData": {"dnd5e": {"school": "evocation"}}, "tags": ["cantrip"]})
    assert (changed.status_code, operations(changed)) == (200, {"Commit": 1, "writes": 1})
    assert ada.get(address).json["systemData"] == {"dnd5e": {"level": 0, "school": "evocation"}}
    stale = ada.patch(address, {"name": "Dark"}, headers={"If-Match": created.headers["ETag"]})
    assert (stale.status_code, stale.json["current"]["tags"]) == (412, ["cantrip"])

    assert operations(ada.delete(address)) == {"Commit": 1, "writes": 1}
    assert ada.get("/api/objects").json == {"objects": []}


def test_references_are_stored_with_the_ids_that_find_them(ada, admin):
    references = [{"id": "b", "type": "item", "relationship": "owns"}, {"id": "a", "relationship": "ally"}]
    thing = ada.post("/api/objects", {"type": "character", "name": "Ilma", "references": references}).json

    document = admin.document(f"dungeonmind-objects/{thing['id']}")
    assert (thing["references"], document.get().get("reference_ids")) == (references, ["a", "b"])
    ada.patch(f"/api/objects/{thing['id']}", {"references": None})
    assert "references" not in document.get().to_dict()
    assert document.get().get("reference_ids") == []


@pytest.mark.parametrize("kind", TYPES)
def test_every_type_of_both_systems_may_be_stored_and_listed(ada, kind):
    made = ada.post("/api/objects", {"type": kind, "name": "x"})
    ada.post("/api/objects", {"type": "custom" if kind != "custom" else "item", "name": "y"})

    assert made.status_code == 201
    assert [thing["id"] for thing in ada.get(f"/api/objects?type={kind}").json["objects"]] == [made.json["id"]]


@pytest.mark.parametrize(
    "query",
    ["public=true&trashed=true", "type=item&trashed=true", "project=cardgen_projects/x&public=true", "type=teapot"],
)
def test_a_combination_of_filters_without_an_index_is_422(ada, query):
    assert ada.get(f"/api/objects?{query}").status_code == 422


def test_public_objects_are_listed_by_type_too(ada, bob):
    made = ada.post("/api/objects", {"type": "ability", "name": "x", "visibility": "public"}).json["id"]

    assert made in [thing["id"] for thing in bob.get("/api/objects?public=true&type=ability").json["objects"]]
    assert made not in [thing["id"] for thing in bob.get("/api/objects?public=true&type=spell").json["objects"]]


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"type": "item"}, "name"),
        ({"name": "x"}, "type"),
        ({"name": "x", "type": "teapot"}, "type"),
        ({"name": "x", "type": "item", "visibility": "shared"}, "visibility"),
        ({"name": "x", "type": "item", "references": [{"id": "a"}]}, "references.0.relationship"),
        (
            {"name": "x", "type": "item", "references": [{"id": "a", "relationship": "eats"}]},
            "references.0.relationship",
        ),
        ({"name": "x", "type": "item", "metadata": {"rating": 6}}, "metadata.rating"),
        ({"name": "x", "type": "item", "metadata": {"rating": "5"}}, "metadata.rating"),
        ({"name": "x", "type": "item", "user_id": "eve"}, "user_id"),
        ({"name": "x", "type": "item", "origin": {"project_id": "p"}}, "origin"),
        ({"name": "x", "type": "item", "systemData": []}, "systemData"),
        ({"name": "x", "type": "item", "project_collection": "sessions"}, "project_collection"),
    ],
)
def test_a_wrong_object_is_422_by_field_path_and_is_not_created(ada, body, where):
    refused = ada.post("/api/objects", body)

    assert (refused.status_code, where in refused.json["errors"]) == (422, True), refused.text
    assert ada.get("/api/objects").json == {"objects": []}


def test_a_damaged_object_is_not_saved_until_what_is_damaged_is_sent_anew(ada, admin):
    thing = ada.post("/api/objects", {"type": "item", "name": "x"}).json["id"]
    admin.document(f"dungeonmind-objects/{thing}").update({"tags": 42})

    refused = ada.patch(f"/api/objects/{thing}", {"description": "y"})
    assert (refused.status_code, "PATCH the fields" in refused.json["detail"]) == (409, True)
    assert ada.patch(f"/api/objects/{thing}", {"tags": ["a"]}).status_code == 200
    assert "damaged" not in ada.get(f"/api/objects/{thing}").json


@pytest.mark.parametrize("body", [{"name": None}, {"type": None}])
def test_null_cannot_take_what_every_object_has(ada, body):
    thing = ada.post("/api/objects", {"type": "item", "name": "x"}).json["id"]

    assert ada.patch(f"/api/objects/{thing}", body).status_code == 422


def test_an_object_id_of_somebody_elses_is_409(ada, bob):
    his = bob.post("/api/objects", {"type": "item", "name": "His", "visibility": "public"}).json["id"]
    secret = bob.post("/api/objects", {"type": "item", "name": "His"}).json["id"]

    for taken in (his, secret):
        assert ada.post("/api/objects", {"id": taken, "type": "item", "name": "Mine"}).status_code == 409


def test_an_object_opens_as_a_draft_in_its_tool_in_one_commit(ada, project):
    thing = ada.post(PROMOTE, {"project_id": project}).json["id"]
    sent = {"draft_id": str(uuid.uuid4())}

    answer = ada.post(f"/api/objects/{thing}/open", sent)

    assert (answer.status_code, answer.json["tool"]) == (200, "cardgenerator")
    assert operations(answer) == {"BatchGetDocuments": 1, "reads": 2, "Commit": 1, "writes": 1}
    session = ada.get("/api/session")
    assert session.json["cardgenerator"] == answer.json["draft"]
    assert session.headers["ETag"] == answer.headers["ETag"]
    assert answer.json["draft"]["draft_item_data"] == STATE["itemDetails"]
    assert answer.json["draft"]["active_object_id"] == thing
    assert answer.json["draft"]["draft_id"] == sent["draft_id"]
    assert "active_project_id" not in session.json


def test_a_draft_that_is_there_becomes_a_project_when_an_object_is_opened_and_a_retry_makes_no_other(ada, project):
    thing = ada.post(PROMOTE, {"project_id": project}).json["id"]
    sent = {"draft_id": str(uuid.uuid4())}
    ada.put("/api/session/tools/cardgenerator", {"draft_item_data": {"name": "Moonblade", "quote": "Hush."}})

    answers = [ada.post(f"/api/objects/{thing}/open", sent) for _ in range(3)]

    kept = ada.get(f"{PROJECTS}/{answers[0].json['kept_as_project']}").json
    assert (kept["name"], kept["state"]["itemDetails"]["quote"]) == ("Moonblade", "Hush.")
    assert [answer.json["draft"] for answer in answers[1:]] == [answers[0].json["draft"]] * 2
    assert len(ada.get(PROJECTS).json["projects"]) == 2
    ada.put("/api/session/tools/cardgenerator", {"draft_item_data": {"quote": "Hush."}})
    untitled = ada.post(f"/api/objects/{thing}/open", {}).json["kept_as_project"]
    assert ada.get(f"{PROJECTS}/{untitled}").json["name"] == "Untitled card"


def test_a_draft_without_work_in_it_becomes_no_project(ada, project):
    thing = ada.post(PROMOTE, {"project_id": project}).json["id"]
    ada.put("/api/session/tools/cardgenerator", {"current_step": "core-image", "draft_item_data": {"name": ""}})

    refused = ada.post(PROJECTS, {"name": "Nothing", "from_draft": True})
    opened = ada.post(f"/api/objects/{thing}/open", {})

    assert (refused.status_code, refused.json["detail"]) == (409, "The session holds no draft of this tool to save.")
    assert "kept_as_project" not in opened.json


def test_an_emptied_draft_becomes_its_own_project_where_that_is_asked_for_and_is_left_nowhere_else(ada):
    ada.put("/api/session")
    ada.put("/api/session/tools/cardgenerator", {"draft_id": "d1", "draft_item_data": {"name": ""}})

    made = ada.post(PROJECTS, {"id": f"{ada.uid}.d1", "name": "To be filled", "from_draft": True})

    assert made.status_code == 201 and made.json["state"]["draftId"] == "d1"
    assert "draft_id" not in ada.get("/api/session").json["cardgenerator"]


def test_what_no_tool_opens_and_what_is_not_there_is_not_opened(ada, bob):
    spell = ada.post("/api/objects", {"type": "spell", "name": "Light"}).json["id"]
    item = ada.post("/api/objects", {"type": "item", "name": "Sunblade"}).json["id"]

    assert ada.post(f"/api/objects/{spell}/open", {}).status_code == 422
    assert bob.post(f"/api/objects/{item}/open", {}).status_code == 404
    assert ada.post(f"/api/objects/{uuid.uuid4()}/open", {}).status_code == 404
    ada.delete("/api/session")
    assert ada.post(f"/api/objects/{item}/open", {}).status_code == 404


def test_a_project_in_the_trash_is_not_promoted(ada, project):
    ada.delete(f"{PROJECTS}/{project}")

    assert ada.post(PROMOTE, {"project_id": project}).status_code == 409
    assert ada.get("/api/objects").json == {"objects": []}


def test_who_only_browses_the_library_leaves_no_projects_behind(ada, project):
    first = ada.post(PROMOTE, {"project_id": project}).json["id"]
    second = ada.post("/api/objects", {"type": "item", "name": "Moonblade"}).json["id"]

    for thing in (first, second, first, first):
        assert "kept_as_project" not in ada.post(f"/api/objects/{thing}/open", {}).json
    assert len(ada.get(PROJECTS).json["projects"]) == 1

    ada.patch("/api/session/tools/cardgenerator", {"draft_item_data": {"quote": "Mine now."}})
    kept = ada.post(f"/api/objects/{second}/open", {}).json["kept_as_project"]
    assert ada.get(f"{PROJECTS}/{kept}").json["state"]["itemDetails"]["quote"] == "Mine now."


def test_a_draft_of_an_object_that_is_gone_is_kept(ada, admin):
    things = [ada.post("/api/objects", {"type": "item", "name": f"o{i}"}).json["id"] for i in range(2)]
    ada.post(f"/api/objects/{things[0]}/open", {})
    admin.document(f"dungeonmind-objects/{things[0]}").delete()

    assert "kept_as_project" in ada.post(f"/api/objects/{things[1]}/open", {}).json
    for odd in ("a/b", "__x__", "x" * 200):
        ada.put("/api/session/tools/cardgenerator", {"active_object_id": odd, "draft_item_data": {"name": "Mine"}})
        assert "kept_as_project" in ada.post(f"/api/objects/{things[1]}/open", {}).json
