"""Projects over HTTP: the home of work that has a name."""

import threading
import uuid

import pytest
from conftest import operations

PROJECTS = "/api/cardgenerator/projects"
CARD = "/api/session/tools/cardgenerator"


@pytest.fixture
def draft(ada):
    ada.patch(CARD, {"draft_id": str(uuid.uuid4()), "draft_item_data": {"name": "Sunblade", "rarity": "Rare"}})
    return ada


def at_once(calls):
    answers = []
    threads = [threading.Thread(target=lambda call=call: answers.append(call())) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_saving_a_draft_as_a_project_moves_it_in_one_commit(draft):
    answer = draft.post(PROJECTS, {"name": "Sunblade", "from_draft": True})

    assert answer.status_code == 201
    assert operations(answer) == {"BatchGetDocuments": 1, "reads": 1, "Commit": 1, "writes": 2}
    project = draft.get(f"{PROJECTS}/{answer.json['id']}")
    assert project.json == answer.json
    assert project.headers["ETag"] == answer.headers["ETag"]
    assert project.json["state"]["itemDetails"] == {"name": "Sunblade", "rarity": "Rare"}
    session = draft.get("/api/session").json
    assert session["cardgenerator"].keys() == {"current_project_id", "last_saved"}
    assert session["cardgenerator"]["current_project_id"] == session["active_project_id"] == answer.json["id"]


def test_a_retry_with_the_same_id_finds_the_earlier_success(draft):
    sent = {"id": str(uuid.uuid4()), "name": "Sunblade", "from_draft": True}

    answers = [draft.post(PROJECTS, sent) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [201, 200, 200]
    assert answers[0].json == answers[2].json
    assert len(draft.get(PROJECTS).json["projects"]) == 1


def test_ten_tabs_that_save_the_same_draft_at_once_make_one_project(draft):
    sent = {"id": str(uuid.uuid4()), "name": "Sunblade", "from_draft": True}

    answers = at_once([lambda: draft.post(PROJECTS, sent)] * 10)

    assert sorted(answer.status_code for answer in answers) == [200] * 9 + [201]
    assert {answer.json["state"]["itemDetails"]["rarity"] for answer in answers} == {"Rare"}
    assert len(draft.get(PROJECTS).json["projects"]) == 1


def test_ten_tabs_with_ids_of_their_own_make_one_project_of_one_draft(draft):
    answers = at_once(
        [lambda: draft.post(PROJECTS, {"id": str(uuid.uuid4()), "name": "Sunblade", "from_draft": True})] * 10
    )

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 9
    assert len(draft.get(PROJECTS).json["projects"]) == 1


def test_an_autosave_while_the_draft_is_moved_is_not_lost(draft):
    def type_on():
        for i in range(20):
            draft.patch(CARD, {"draft_item_data": {f"note {i}": i}})

    answers = at_once([type_on, lambda: draft.post(PROJECTS, {"name": "Sunblade", "from_draft": True})])

    saved = next(answer for answer in answers if answer).json["state"]["itemDetails"]
    left = draft.get("/api/session").json["cardgenerator"].get("draft_item_data", {})
    assert (saved | left).items() >= {f"note {i}": i for i in range(20)}.items()


def test_a_draft_stays_where_it_is_when_the_id_for_its_project_is_taken(draft, bob):
    taken = bob.post(PROJECTS, {"name": "His"}).json["id"]

    refused = draft.post(PROJECTS, {"id": taken, "name": "Mine", "from_draft": True})

    assert (refused.status_code, "taken" in refused.json["detail"]) == (409, True)
    assert draft.get("/api/session").json["cardgenerator"]["draft_item_data"]["name"] == "Sunblade"


def test_without_a_draft_there_is_nothing_to_save(ada, bob):
    for one in (ada, bob):  # bob has no session at all
        refused = one.post(PROJECTS, {"name": "Sunblade", "from_draft": True})
        assert (refused.status_code, "no draft" in refused.json["detail"]) == (409, True)
    assert ada.post(PROJECTS, {"name": "x", "from_draft": True, "state": {"currentStep": "a"}}).status_code == 422


def test_a_project_is_created_from_a_state_in_one_write(ada):
    sent = {"name": "Sunblade", "description": "bright", "tags": ["sword"], "metadata": {"cardCount": 1}}

    answer = ada.post(PROJECTS, sent | {"state": {"itemDetails": {"NAME": "Sunblade"}, "metadata": {}}})

    assert operations(answer) == {"Commit": 1, "writes": 1}
    assert (answer.status_code, answer.json["state"]) == (201, {"itemDetails": {"name": "Sunblade"}})
    assert answer.json["metadata"] == {"cardCount": 1, "tags": ["sword"], "isTemplate": False}
    assert answer.json["members"][ada.uid]["role"] == "owner"
    assert ada.get(f"{PROJECTS}/{answer.json['id']}").json == answer.json


def test_an_autosave_of_a_project_is_one_commit_and_no_read(ada):
    project = ada.post(PROJECTS, {"name": "Sunblade"})
    path = f"{PROJECTS}/{project.json['id']}"
    etag = project.headers["ETag"]

    answer = ada.patch(path, {"state": {"itemDetails": {"name": "Sunblade"}}}, headers={"If-Match": etag})

    assert operations(answer) == {"Commit": 1, "writes": 1}
    assert ada.get(path).headers["ETag"] == answer.headers["ETag"]


def test_two_tabs_that_patch_different_leaves_of_a_project_both_win(ada):
    path = f"{PROJECTS}/{ada.post(PROJECTS, {'name': 'Sunblade'}).json['id']}"

    at_once([lambda i=i: ada.patch(path, {"state": {"itemDetails": {f"f{i}": i}}}) for i in range(12)])

    assert ada.get(path).json["state"]["itemDetails"] == {f"f{i}": i for i in range(12)}


def test_a_stale_save_of_a_project_answers_412_with_the_newer_one(ada):
    project = ada.post(PROJECTS, {"name": "Sunblade"})
    path = f"{PROJECTS}/{project.json['id']}"
    newer = ada.patch(path, {"state": {"currentStep": "core-image"}}, headers={"X-Save-Id": "s1"})

    stale = ada.patch(path, {"name": "Moonblade"}, headers={"If-Match": project.headers["ETag"]})

    assert stale.status_code == 412
    assert stale.json["current"] == ada.get(path).json
    assert stale.json["current"]["state"] == {"currentStep": "core-image"}
    assert (stale.json["etag"], stale.json["updated_by"]["save_id"]) == (newer.json["etag"], "s1")


def test_a_list_is_one_query_that_reads_no_state_most_recently_changed_first(ada, bob):
    ids = [ada.post(PROJECTS, {"name": f"p{i}", "state": {"currentStep": "a"}}).json["id"] for i in range(3)]
    bob.post(PROJECTS, {"name": "his"})
    ada.patch(f"{PROJECTS}/{ids[0]}", {"description": "changed"})
    ada.get(f"{PROJECTS}/{ids[1]}")  # reading is no change

    answer = ada.get(PROJECTS)

    assert operations(answer) == {"RunQuery": 1, "reads": 3}
    assert [project["id"] for project in answer.json["projects"]] == [ids[0], ids[2], ids[1]]
    assert all("state" not in project for project in answer.json["projects"])


def test_a_long_list_comes_in_pages_of_50(ada):
    ids = [ada.post(PROJECTS, {"name": f"p{i}"}).json["id"] for i in range(103)]

    pages, cursor = [], ""
    while cursor is not None:
        page = ada.get(PROJECTS + (f"?cursor={cursor}" if cursor else "")).json
        pages.append([project["id"] for project in page["projects"]])
        cursor = page.get("next")

    assert [len(page) for page in pages] == [50, 50, 3]
    assert [project_id for page in pages for project_id in page] == ids[::-1]


def test_a_guest_cannot_publish_a_project_and_is_told_why(guest):
    refused = guest.post(PROJECTS, {"name": "Sunblade", "visibility": "public"})
    path = f"{PROJECTS}/{guest.post(PROJECTS, {'name': 'Sunblade'}).json['id']}"

    assert (refused.status_code, "guest" in refused.json["detail"]) == (403, True)
    assert guest.patch(path, {"visibility": "public"}).status_code == 403


def test_metadata_has_no_tags_and_template_flag_of_its_own(ada):
    path = f"{PROJECTS}/{ada.post(PROJECTS, {'name': 'x', 'metadata': {'tags': ['a'], 'isTemplate': True}}).json['id']}"

    project = ada.get(path).json
    assert (project["tags"], project["is_template"]) == (["a"], True)
    ada.patch(path, {"tags": ["b"], "metadata": {"isTemplate": False}})
    assert ada.get(path).json["metadata"] == {"tags": ["b"], "isTemplate": False}
    assert ada.get(path).json["is_template"] is False


def test_null_takes_a_field_away_and_visibility_back_to_private(ada):
    path = f"{PROJECTS}/{ada.post(PROJECTS, {'name': 'x', 'description': 'long', 'tags': ['a']}).json['id']}"

    assert ada.patch(path, {"description": None, "tags": None, "visibility": None}).status_code == 200
    project = ada.get(path).json
    assert ("description" in project, project["tags"], project["visibility"]) == (False, [], "private")


@pytest.mark.parametrize("tool", ["storegenerator", "ruleslawyer", "statblockgenerator"])
def test_every_tools_draft_becomes_a_project_of_that_tool(ada, tool):
    ada.patch(f"/api/session/tools/{tool}", {"tool_specific_data": {"a": 1}})

    made = ada.post(f"/api/{tool}/projects", {"name": "x", "from_draft": True})

    assert (made.status_code, made.json["tool"]) == (201, tool)
    assert made.json["state"]["tool_specific_data"] == {"a": 1}
    for other in {"storegenerator", "ruleslawyer", "statblockgenerator", "cardgenerator"} - {tool}:
        assert ada.get(f"/api/{other}/projects").json == {"projects": []}
    assert [project["id"] for project in ada.get(f"/api/{tool}/projects").json["projects"]] == [made.json["id"]]


def test_put_replaces_a_projects_content_whole_in_one_write(ada):
    path = (
        f"{PROJECTS}/{ada.post(PROJECTS, {'name': 'a', 'description': 'd', 'tags': ['t'], 'state': STATE}).json['id']}"
    )
    etag = ada.get(path).headers["ETag"]

    answer = ada.put(path, {"name": "b", "state": {"itemDetails": {"name": "Moonblade"}}}, headers={"If-Match": etag})

    assert (answer.status_code, operations(answer)) == (200, {"Commit": 1, "writes": 1})
    project = ada.get(path).json
    assert (project["name"], project["state"], project["tags"]) == ("b", {"itemDetails": {"name": "Moonblade"}}, [])
    assert "description" not in project
    assert ada.put(path, {"name": "c"}, headers={"If-Match": etag}).status_code == 412
    assert ada.put(f"{PROJECTS}/{uuid.uuid4()}", {"name": "c"}).status_code == 404


def test_put_with_if_none_match_creates_and_never_overwrites(ada, bob):
    path = f"{PROJECTS}/{uuid.uuid4()}"
    only_new = {"If-None-Match": "*"}

    created = ada.put(path, {"name": "a", "state": STATE}, headers=only_new | {"X-Save-Id": "s1"})
    again = ada.put(path, {"name": "b"}, headers=only_new)

    assert (created.status_code, created.json["state"]) == (201, STATE)
    assert (again.status_code, again.json["current"]["name"]) == (412, "a")
    assert again.json["updated_by"]["save_id"] == "s1"
    assert bob.put(path, {"name": "c"}, headers=only_new).status_code == 409


STATE = {"itemDetails": {"name": "Sunblade", "quote": "Shine."}}
WRONG = ["description", "state", "metadata", "tags", "is_template", "visibility", "name", "name_key", "updated_by"]


@pytest.mark.parametrize("field", WRONG)
def test_put_repairs_a_damaged_project_and_until_then_saves_are_409(ada, admin, field):
    project = ada.post(PROJECTS, {"name": "a", "state": STATE}).json["id"]
    path = f"{PROJECTS}/{project}"
    admin.document(f"cardgen_projects/{project}").update({field: 42})

    assert ada.get(path).json["damaged"] == [field]
    refused = ada.patch(path, {"state": {"currentStep": "a"}})
    if refused.status_code != 200:  # what every save sets is no obstacle
        assert (refused.status_code, "PUT repairs" in refused.json["detail"]) == (409, True)
    assert ada.put(path, {"name": "b", "state": STATE}).status_code == 200
    repaired = ada.get(path).json
    assert "damaged" not in repaired and (repaired["name"], repaired["visibility"]) == ("b", "private")


def test_a_list_takes_one_filter_at_a_time(ada):
    assert ada.get(f"{PROJECTS}?public=true&trashed=true").status_code == 422
    assert ada.get(f"{PROJECTS}?public=maybe").status_code == 422
    assert ada.get(f"{PROJECTS}?trashed=false").json == {"projects": []}
