"""Objects over HTTP: finished work in the library."""

import uuid

import pytest
from conftest import operations
from test_projects import at_once

PROJECTS = "/api/cardgenerator/projects"
PROMOTE = "/api/objects/promote"
STATE = {
    "itemDetails": {"name": "Sunblade", "description": "It shines.", "rarity": "Rare", "damageFormula": "1d8"},
    "selectedAssets": {"border": "https://images.example.test/b.png", "templateBlob": "aGVsbG8="},
    "currentStep": "final-assembly",
}


@pytest.fixture
def ada(alice):
    alice.put("/api/session", {})
    return alice


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
