"""What somebody made malformed straight in Firestore is shown as far as it can be read, and PUT repairs it."""

import datetime as dt

import pytest
from google.cloud.firestore import DELETE_FIELD, SERVER_TIMESTAMP, GeoPoint
from marshmallow import fields
from rules_builders import call_of
from samples import leaves

from shared.firestore.batch import Value, fill
from shared.firestore.read import Foreign, decoded
from shared.firestore.values import wire
from shared.schemas.content import ContentList
from shared.schemas.project import ProjectSummary
from shared.schemas.session import Session
from shared.schemas.tools import TOOLS
from shared.sharing.document import document_write_fields

CARD = "/api/session/tools/cardgenerator"
TOP = [name for name in Session().fields if name != "damaged"]
INNER = [
    (tool.name, *path)
    for tool in TOOLS.values()
    for path, field in leaves(tool.draft())
    if not isinstance(field, fields.Raw | ContentList)  # keeps anything
]


def wrong_for(value):
    """A value of another type than this one."""
    return 42 if not isinstance(value, int) or isinstance(value, bool) else "forty-two"


@pytest.fixture
def ada(alice):
    alice.put("/api/session", {"device": {"label": "laptop"}}, headers={"X-Device-Id": "d"})
    for tool in TOOLS:
        alice.patch(f"/api/session/tools/{tool}", {"current_step": "here", "tool_specific_data": {"kept": 1}})
    alice.patch("/api/session", {"active_world_id": "w", "preferences": {"theme": "dark"}})
    alice.put("/api/session/clipboard/o1")
    return alice


def repaired(person):
    """PUT, and what is true of every repair: the session is healthy and can be saved to."""
    answer = person.put("/api/session", {})
    assert answer.status_code == 201
    assert "damaged" not in answer.json
    assert person.get("/api/session").json == {k: v for k, v in answer.json.items() if k != "kept_as"}
    assert person.patch(CARD, {"current_step": "on"}).status_code == 200
    return answer.json


@pytest.mark.parametrize("name", TOP)
def test_a_wrong_type_at_any_top_level_field_is_shown_as_damaged_and_repaired(ada, admin, name):
    document = admin.document(f"sessions/{ada.uid}")
    document.update({name: wrong_for(document.get().to_dict().get(name)) if name != "active_project_id" else 42})

    answer = ada.get("/api/session")

    assert (answer.status_code, answer.json["damaged"]) == (200, [name])
    assert all(answer.json[tool]["current_step"] == "here" for tool in TOOLS if tool != name)
    assert ada.get("/api/session/status").json["damaged"] == [name]
    session = repaired(ada)
    assert all(session[tool]["tool_specific_data"] == {"kept": 1} for tool in TOOLS if tool != name)
    assert session["preferences"]["theme"] == ("dark" if name != "preferences" else "light")
    assert session["kept_as"][0]["reason"] == "quarantine"


@pytest.mark.parametrize("path", INNER, ids=".".join)
def test_a_wrong_type_at_any_field_of_a_tools_map_is_shown_as_damaged_and_repaired(ada, admin, path):
    document = admin.document(f"sessions/{ada.uid}")
    document.update({".".join(path): b"what is this?"})
    before = document.get().to_dict()[path[0]]

    answer = ada.get("/api/session")

    assert (answer.status_code, answer.json["damaged"]) == (200, [".".join(path)])
    assert answer.json[path[0]].get("tool_specific_data", {"kept": 1}) == {"kept": 1}
    kept = repaired(ada)["kept_as"]
    tool = TOOLS[path[0]]
    save = ada.firestore.document(f"sessions/{ada.uid}/{tool.saves}/{kept[0]['id']}").get().to_dict()
    assert (len(kept), save["tool"], save["reason"], save["state"]) == (1, tool.name, "quarantine", before)


@pytest.mark.parametrize("map_name", ["state", "nested"])
def test_a_field_that_no_schema_knows_is_named_and_kept_as_a_save(ada, admin, map_name):
    admin.document(f"sessions/{ada.uid}").update({f"cardgenerator.{map_name}": {"x": 1}})

    assert ada.get("/api/session").json["damaged"] == [f"cardgenerator.{map_name}"]
    kept = repaired(ada)["kept_as"][0]
    save = ada.firestore.document(f"sessions/{ada.uid}/card_sessions/{kept['id']}").get()
    assert save.get(f"state.{map_name}") == {"x": 1}


def test_part_of_a_map_or_list_that_can_be_read_is_shown(ada, admin):
    bad = {"cardgenerator.step_completion": {"a": True, "b": "yes"}, "devices.d.label": 5, "preferences.volume": 11}
    admin.document(f"sessions/{ada.uid}").update(bad | {"devices.e": "phone"})

    session = ada.get("/api/session").json

    assert session["cardgenerator"]["step_completion"] == {"a": True}
    assert session["devices"].keys() == {"d"}
    assert session["damaged"] == ["cardgenerator.step_completion", "devices.d.label", "devices.e", "preferences.volume"]


def test_values_that_json_has_no_word_for_are_shown_in_free_data(ada, admin):
    when = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)
    odd = {"t": when, "b": b"\x00\xff", "n": float("nan"), "i": float("inf"), "g": GeoPoint(1, 2), "none": None}
    odd |= {"r": admin.document("a/b"), "list": [when, {"x": b"y"}]}
    admin.document(f"sessions/{ada.uid}").update({"cardgenerator.tool_specific_data": odd})

    assert ada.get("/api/session").json["cardgenerator"]["tool_specific_data"] == {
        "t": "2026-01-02T03:04:05.000000Z",
        "b": "AP8=",
        "n": "nan",
        "i": "inf",
        "g": {"latitude": 1.0, "longitude": 2.0},
        "none": None,
        "r": "a/b",
        "list": ["2026-01-02T03:04:05.000000Z", {"x": "eQ=="}],
    }


def test_an_autosave_to_a_damaged_session_is_409_and_says_what_repairs_it(ada, admin):
    admin.document(f"sessions/{ada.uid}").update({"devices": "none"})

    refused = ada.patch(CARD, {"current_step": "x"})

    assert refused.status_code == 409
    assert "PUT repairs" in refused.json["detail"]


def test_a_session_of_a_newer_version_is_neither_damaged_nor_overwritten(ada, admin):
    document = admin.document(f"sessions/{ada.uid}")
    document.update({"schema_version": 2, "cardgenerator.something_new": 1})
    before = document.get()

    for answer in (ada.put("/api/session", {}), ada.put(CARD, {"current_step": "x"}), ada.patch(CARD, {})):
        assert (answer.status_code, "newer version" in answer.json["detail"]) == (409, True)
    assert document.get().to_dict() == before.to_dict()


PROJECT_TOP = [
    name
    for name, field in ProjectSummary().fields.items()
    if name not in ("damaged", "trashed", "tool", "readers", "updated_at")  # without these no query finds it
]


@pytest.mark.parametrize("name", [*PROJECT_TOP, "state"])
def test_a_malformed_project_is_shown_and_spoils_no_list(alice, admin, name):
    healthy = alice.post("/api/cardgenerator/projects", {"name": "Moonblade"}).json["id"]
    damaged = alice.post("/api/cardgenerator/projects", {"name": "Sunblade", "description": "bright"}).json["id"]
    document = admin.document(f"cardgen_projects/{damaged}")
    is_number = isinstance(document.get().to_dict().get(name), int) and name == "schema_version"
    # The owner's field decides who may read it, so it stays.
    document.update({name: "x" if is_number else 42} if name != "user_id" else {"description": 42})

    shown = alice.get(f"/api/cardgenerator/projects/{damaged}")
    listed = alice.get("/api/cardgenerator/projects").json["projects"]

    assert shown.status_code == 200
    assert shown.json["damaged"] == [name if name != "user_id" else "description"]
    found = {project.get("id", damaged) for project in listed if isinstance(project, dict)}
    assert found >= {healthy} and len(listed) == 2


def test_a_field_missing_altogether_is_no_damage(ada, admin):
    admin.document(f"sessions/{ada.uid}").update({"clipboard": DELETE_FIELD, "preferences": DELETE_FIELD})

    session = ada.get("/api/session").json

    assert "damaged" not in session
    assert (session["clipboard"], session["preferences"]["theme"]) == ([], "light")


# Fault S4
def test_a_reference_into_another_database_spoils_no_list_and_no_export(alice, bob):
    reference = Foreign(Value(reference_value="projects/other/databases/(default)/documents/a/b"))
    bob.put("/api/session", {})
    item = bob.post("/api/objects", {"type": "item", "name": "Sting", "visibility": "public"}).json["id"]
    project = bob.post("/api/cardgenerator/projects", {"name": "Sting", "visibility": "public"}).json["id"]
    batch = bob.firestore.batch()
    for ref, change in (
        (bob.firestore.document(f"dungeonmind-objects/{item}"), {"metadata": {"version": reference}}),
        (bob.firestore.document(f"cardgen_projects/{project}"), {"state": {"itemDetails": {"name": reference}}}),
    ):
        batch.update(ref, change | document_write_fields(call_of(bob)) | {"updated_at": SERVER_TIMESTAMP})
    batch.commit()

    listed = alice.get("/api/objects?public=true").json["objects"]
    shown = alice.get(f"/api/cardgenerator/projects/{project}")

    assert item in [one["id"] for one in listed]
    assert alice.get(f"/api/objects/{item}").json["damaged"] == ["metadata.version"]
    assert (shown.status_code, shown.json["damaged"]) == (200, ["state.itemDetails.name"])
    assert project in [one["id"] for one in alice.get("/api/cardgenerator/projects?public=true").json["projects"]]
    assert '"a/b"' in bob.get("/api/account/export").text
    assert bob.patch(f"/api/objects/{item}", {"metadata": {"version": "2"}}).status_code == 200


def test_a_value_that_is_no_json_is_shown_as_text_and_written_back_as_it_came():
    reference, unknown = Foreign(Value(reference_value="projects/p/databases/d/documents/a/b")), Foreign(Value())
    message = Value()

    fill(message, {"r": [reference]})

    assert (wire(reference), wire(unknown)) == ("a/b", "None")
    assert decoded(message) == {"r": [reference]} != {"r": [unknown]}
