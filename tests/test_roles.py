"""Owner, editor, viewer, the public, nobody: what each may do over HTTP, and what they are told when they may not."""

import uuid

import pytest
from google.api_core.exceptions import GoogleAPICallError
from google.cloud.firestore import FieldFilter

from shared.schemas.tools import TOOLS

TOOL_NAMES = list(TOOLS)


@pytest.fixture
def people(alice, person, guest):
    """alice owns; the others are what their names say."""
    return {
        "owner": alice,
        "editor": person("ed", name="Ed"),
        "viewer": person("vi", name="Vi"),
        "stranger": person("stranger", name="Eve"),
        "guest": guest,
    }


def shared(admin, path, people):
    """As after the editor and the viewer joined."""
    members = {people[role].uid: {"role": role, "name": role, "joined_at": None} for role in ("editor", "viewer")}
    document = admin.document(path)
    owner = document.get().get("members")
    when = next(iter(owner.values()))["joined_at"]
    members = {uid: member | {"joined_at": when} for uid, member in members.items()}
    document.update({"members": owner | members, "readers": [*owner, *members]})


@pytest.fixture(params=["cardgenerator", "storegenerator"])
def project(request, people, admin):
    projects = f"/api/{request.param}/projects"
    made = people["owner"].post(projects, {"name": "Sunblade", "state": {"tool_specific_data": {"a": 1}}}).json
    shared(admin, f"{TOOLS[request.param].projects}/{made['id']}", people)
    return f"{projects}/{made['id']}"


@pytest.fixture(params=["cardgenerator", "ruleslawyer", "objects"])
def address(request, people, admin):
    """Of a project or an object that is shared with the others."""
    if request.param == "objects":
        made = people["owner"].post("/api/objects", {"type": "spell", "name": "Light"}).json
        shared(admin, f"dungeonmind-objects/{made['id']}", people)
        return f"/api/objects/{made['id']}"
    made = people["owner"].post(f"/api/{request.param}/projects", {"name": "Light"}).json
    shared(admin, f"{TOOLS[request.param].projects}/{made['id']}", people)
    return f"/api/{request.param}/projects/{made['id']}"


EVERYBODY = ["owner", "editor", "viewer", "stranger", "guest"]
MEMBERS = ["owner", "editor", "viewer"]


def who(people, call, status):
    """The roles whose call answers with this status."""
    return [role for role in EVERYBODY if call(people[role]).status_code == status]


def test_members_read_and_owner_and_editor_save(people, address):
    assert who(people, lambda one: one.get(address), 200) == MEMBERS
    assert who(people, lambda one: one.get(address), 404) == ["stranger", "guest"]
    assert who(people, lambda one: one.patch(address, {"description": one.uid}), 200) == ["owner", "editor"]
    assert who(people, lambda one: one.patch(address, {"description": "x"}), 404) == ["stranger", "guest"]
    refused = people["viewer"].patch(address, {"description": "x"})
    assert (refused.status_code, refused.json["detail"].count("viewer"), "editor" in refused.text) == (403, 1, True)


def test_only_the_owner_publishes_trashes_and_takes_out_of_the_trash(people, address):
    for call in (lambda one: one.patch(address, {"visibility": "public"}), lambda one: one.delete(address)):
        for role in ("editor", "viewer"):
            refused = call(people[role])
            assert (refused.status_code, "owner" in refused.json["detail"]) == (403, True), refused.text
        assert call(people["stranger"]).status_code == 404

    trashed = people["owner"].delete(address)
    again = people["owner"].delete(address)  # it is there already
    assert (trashed.status_code, again.status_code) == (204, 204)
    assert trashed.headers["ETag"] == again.headers["ETag"] == people["owner"].get(address).headers["ETag"]
    others = [people[role].post(f"{address}/undelete").status_code for role in ("editor", "viewer", "stranger")]
    assert others == [404, 404, 404]
    assert people["owner"].post(f"{address}/undelete").status_code == 200


def test_what_is_public_is_read_by_everybody_and_saved_by_no_more_than_before(people, address):
    people["owner"].patch(address, {"visibility": "public"})

    assert who(people, lambda one: one.get(address), 200) == EVERYBODY
    assert who(people, lambda one: one.patch(address, {"description": "x"}), 200) == ["owner", "editor"]
    refused = people["stranger"].patch(address, {"description": "x"})
    assert (refused.status_code, "reader" in refused.json["detail"]) == (403, True)
    place, _, identifier = address.rpartition("/")
    kind = "projects" if "projects" in place else "objects"
    assert identifier in [found["id"] for found in people["stranger"].get(f"{place}?public=true").json[kind]]
    people["owner"].delete(address)
    assert who(people, lambda one: one.get(address), 200) == ["owner"]


def test_the_trash_keeps_for_its_owner_alone_and_nobody_saves_what_is_in_it(people, address):
    place, _, identifier = address.rpartition("/")
    kind = "projects" if "projects" in place else "objects"

    def listed(role, query=""):
        return identifier in [found["id"] for found in people[role].get(place + query).json[kind]]

    etag = people["owner"].get(address).headers["ETag"]
    people["owner"].patch(address, {"description": "newer"})
    assert people["owner"].delete(address, headers={"If-Match": etag}).status_code == 412
    assert [people["owner"].delete(address).status_code for _ in range(2)] == [204, 204]
    assert who(people, lambda one: one.get(address), 200) == ["owner"]
    assert people["owner"].get(address).json["trashed"] is True
    assert people["owner"].get(address).json["purge_at"]
    refused = people["owner"].patch(address, {"description": "x"})
    assert (refused.status_code, "trash" in refused.json["detail"]) == (409, True)
    assert not any(listed(role) for role in MEMBERS)
    assert listed("owner", "?trashed=true") and not listed("editor", "?trashed=true")

    assert people["owner"].post(f"{address}/undelete").status_code == 200
    assert people["owner"].post(f"{address}/undelete").status_code == 200
    assert all(listed(role) for role in MEMBERS)
    assert "purge_at" not in people["owner"].get(address).json
    assert people["editor"].patch(address, {"description": "back"}).status_code == 200


def test_an_object_visible_to_a_project_is_seen_by_that_projects_readers(people, project, admin):
    collection = "cardgen_projects" if "cardgenerator" in project else "tool_projects"
    place = {"project_collection": collection, "project_id": project.rpartition("/")[2]}
    made = people["owner"].post("/api/objects", {"type": "item", "name": "Light", "visibility": "project"} | place)
    address, where = f"/api/objects/{made.json['id']}", f"?project={collection}/{place['project_id']}"

    assert made.status_code == 201
    assert who(people, lambda one: one.get(address), 200) == MEMBERS
    assert [thing["id"] for thing in people["viewer"].get(f"/api/objects{where}").json["objects"]] == [made.json["id"]]
    assert people["stranger"].get(f"/api/objects{where}").status_code == 404
    people["owner"].delete(project)
    assert who(people, lambda one: one.get(address), 200) == ["owner"], "the project is in the trash"
    people["owner"].post(f"{project}/undelete")
    assert who(people, lambda one: one.get(address), 200) == MEMBERS
    people["owner"].patch(address, {"visibility": None})
    assert who(people, lambda one: one.get(address), 200) == ["owner"]
    refused = people["stranger"].post("/api/objects", {"type": "item", "name": "x", "visibility": "project"} | place)
    assert refused.status_code == 404
    half = people["owner"].patch(address, {"project_id": place["project_id"]})
    assert (half.status_code, "together" in half.json["detail"]) == (422, True)
    nowhere = {"project_collection": None, "project_id": None}
    assert people["owner"].patch(address, nowhere).status_code == 200
    assert people["owner"].patch(address, {"visibility": "project"}).status_code == 422


def test_a_later_project_of_the_same_id_sees_no_object_of_the_one_that_is_gone(people, project, admin):
    tool = project.split("/")[2]
    collection = TOOLS[tool].projects
    place = {"project_collection": collection, "project_id": project.rpartition("/")[2]}
    made = people["owner"].post("/api/objects", {"type": "item", "name": "Light", "visibility": "project"} | place)
    admin.document(f"{collection}/{place['project_id']}").delete()  # as TTL does
    again = people["stranger"].post(f"/api/{tool}/projects", {"id": place["project_id"], "name": "Mine now"})

    assert again.status_code == 201
    assert people["stranger"].get(f"/api/objects/{made.json['id']}").status_code == 404
    where = f"?project={collection}/{place['project_id']}"
    assert people["stranger"].get(f"/api/objects{where}").json == {"objects": []}
    wanted = people["stranger"].firestore.collection("dungeonmind-objects")
    for name, value in (place | {"visibility": "project", "trashed": False}).items():
        wanted = wanted.where(filter=FieldFilter(name, "==", value))
    with pytest.raises(GoogleAPICallError):
        list(wanted.limit(50).stream())


def test_an_editors_promotion_makes_an_object_of_his_own(people, project):
    sent = {"tool": project.split("/")[2], "project_id": project.rpartition("/")[2]}
    owners = people["owner"].post("/api/objects/promote", sent)
    editors = people["editor"].post("/api/objects/promote", sent)
    again = people["editor"].post("/api/objects/promote", sent)

    assert [answer.status_code for answer in (owners, editors, again)] == [201, 201, 200]
    assert editors.json["id"] == again.json["id"] != owners.json["id"]
    assert (editors.json["user_id"], owners.json["user_id"]) == (people["editor"].uid, people["owner"].uid)
    assert people["owner"].get(project).json["object_id"] == owners.json["id"]
    for role, status in (("viewer", 403), ("stranger", 404)):
        assert people[role].post("/api/objects/promote", sent).status_code == status


def test_a_guest_publishes_nothing(guest):
    project = guest.post("/api/cardgenerator/projects", {"name": "Sunblade"}).json["id"]
    thing = guest.post("/api/objects", {"type": "item", "name": "Light"}).json["id"]

    for answer in (
        guest.post("/api/storegenerator/projects", {"name": "x", "visibility": "public"}),
        guest.patch(f"/api/cardgenerator/projects/{project}", {"visibility": "public"}),
        guest.put(f"/api/cardgenerator/projects/{project}", {"name": "x", "visibility": "public"}),
        guest.post("/api/objects", {"type": "item", "name": "Light", "visibility": "public"}),
        guest.patch(f"/api/objects/{thing}", {"visibility": "public"}),
    ):
        assert (answer.status_code, "guest" in answer.json["detail"]) == (403, True)


def test_a_malformed_public_object_spoils_nobodys_list(people, admin):
    tag = uuid.uuid4().hex
    ids = [
        people["owner"].post("/api/objects", {"type": "item", "name": tag, "visibility": "public"}).json["id"]
        for _ in range(3)
    ]
    bad = {"name": 42, "tags": {"a": 1}, "type": ["item"], "updated_by": "eve", "rulesets": "dnd5e", "created_at": "x"}
    admin.document(f"dungeonmind-objects/{ids[1]}").update(bad | {"metadata": "none", "nonsense": 1})

    for role in EVERYBODY:
        answer = people[role].get("/api/objects?public=true")
        assert answer.status_code == 200
        found = {thing["id"]: thing for thing in answer.json["objects"]}
        assert found.keys() >= set(ids)
        assert set(found[ids[1]]["damaged"]) >= {"name", "tags", "type"}
        assert "damaged" not in found[ids[0]]
    assert people["stranger"].get(f"/api/objects/{ids[1]}").status_code == 200


def test_opening_a_project_points_session_and_device_at_it(people, project):
    tool, project_id = project.split("/")[2], project.rpartition("/")[2]
    for role in MEMBERS:
        one = people[role]
        one.put("/api/session", {}, headers={"X-Device-Id": "laptop"})
        answer = one.patch("/api/session", {"active_project_id": project_id}, headers={"X-Device-Id": "laptop"})

        assert answer.status_code == 200
        session = one.get("/api/session").json
        assert (session["current_tool"], session["active_project_id"]) == (tool, project_id)
        assert session[tool]["current_project_id"] == project_id
        device = session["devices"]["laptop"]
        assert (device["current_tool"], device["active_project_id"]) == (tool, project_id)

        one.patch("/api/session", {"active_project_id": None, "current_tool": tool}, headers={"X-Device-Id": "laptop"})
        session = one.get("/api/session").json
        assert "active_project_id" not in session and "active_project_id" not in session["devices"]["laptop"]
        assert "current_project_id" not in session[tool]

    other = next(name for name in TOOL_NAMES if name != tool)
    wrong = people["owner"].patch("/api/session", {"active_project_id": project_id, "current_tool": other})
    assert (wrong.status_code, tool in wrong.json["detail"]) == (422, True)
    people["stranger"].put("/api/session", {})
    assert people["stranger"].patch("/api/session", {"active_project_id": project_id}).status_code == 404


def test_the_id_of_a_public_project_is_taken_all_the_same(people, project):
    people["owner"].patch(project, {"visibility": "public"})
    projects, _, taken = project.rpartition("/")

    refused = people["stranger"].post(projects, {"id": taken, "name": "Mine"})

    assert (refused.status_code, "taken" in refused.json["detail"]) == (409, True)


def test_put_is_for_owner_and_editor(people, project):
    assert who(people, lambda one: one.put(project, {"name": one.uid}), 200) == ["owner", "editor"]
    assert people["viewer"].put(project, {"name": "x"}).status_code == 403


def test_a_project_of_an_unknown_tool_is_not_opened(people, project, admin):
    tool, project_id = project.split("/")[2], project.rpartition("/")[2]
    admin.document(f"{TOOLS[tool].projects}/{project_id}").update({"tool": "teapot"})
    people["owner"].put("/api/session", {})

    assert people["owner"].patch("/api/session", {"active_project_id": project_id}).status_code == 404
