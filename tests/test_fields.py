"""Every field of every schema is stored and comes back: what the first system got wrong for years."""

import pytest
from samples import at, leaves, nested, sample

from shared.drafts import state_of
from shared.schemas.object import Object, ObjectSummary
from shared.schemas.project import project_schema
from shared.schemas.session import Context
from shared.schemas.tools import TOOLS


def sendable(schema, skipped):
    """The leaves that a client may send; the others go to `skipped`."""
    for path, field in leaves(schema):
        if field.dump_only:
            skipped.append(".".join(path))
        else:
            yield path, field


def report(schema, skipped):
    print(f"{type(schema).__name__}: skipped {', '.join(skipped) or 'nothing'}")
    shown_only = {".".join(path) for path, field in leaves(schema) if field.dump_only}
    assert set(skipped) == shown_only


@pytest.mark.parametrize("tool", TOOLS.values(), ids=lambda tool: tool.name)
def test_a_patch_of_one_field_of_a_tools_state_is_read_back_everywhere(alice, tool):
    alice.put("/api/session", {})
    skipped = []

    for path, field in sendable(tool.draft(), skipped):
        value = sample(field, ".".join(path))
        answer = alice.patch(f"/api/session/tools/{tool.name}", nested(path, value))

        assert answer.status_code == 200, answer.text
        assert at(alice.get("/api/session").json[tool.name], path) == value
        assert at(alice.put("/api/session", {}).json[tool.name], path) == value
        assert alice.get("/api/session/status").json[f"has_{tool.name}"]

    everything = alice.get("/api/session").json[tool.name]
    for path, field in sendable(tool.draft(), []):
        if path == ("last_saved",):  # set at each save
            continue
        assert at(everything, path) == sample(field, ".".join(path)), "a later PATCH touched it"
    report(tool.draft(), skipped)


@pytest.mark.parametrize("tool", TOOLS.values(), ids=lambda tool: tool.name)
def test_a_put_of_one_field_of_a_tools_state_is_all_that_is_there(alice, tool):
    alice.put("/api/session", {})

    for path, field in sendable(tool.draft(), []):
        value = sample(field, ".".join(path))
        assert alice.put(f"/api/session/tools/{tool.name}", nested(path, value)).status_code == 200

        found = alice.get("/api/session").json[tool.name]
        assert at(found, path) == value
        assert found.keys() - {"last_saved"} <= {path[0]}


def test_a_patch_of_one_field_of_the_context_is_read_back_everywhere(alice):
    alice.put("/api/session", {})
    project_id = alice.post("/api/cardgenerator/projects", {"name": "Sunblade"}).json["id"]
    skipped = []

    for path, field in sendable(Context(), skipped):
        # The one field that must name something that exists.
        value = project_id if path == ("active_project_id",) else sample(field, ".".join(path))
        answer = alice.patch("/api/session", nested(path, value))

        assert answer.status_code == 200, answer.text
        assert at(alice.get("/api/session").json, path) == value
        assert at(alice.put("/api/session", {}).json, path) == value
        if path[0] != "preferences":
            assert at(alice.get("/api/session/status").json, path) == value
    report(Context(), skipped)


@pytest.mark.parametrize("tool", TOOLS.values(), ids=lambda tool: tool.name)
def test_a_patch_of_one_field_of_a_project_is_read_back_everywhere(alice, tool):
    projects, skipped = f"/api/{tool.name}/projects", []
    address = f"{projects}/{alice.post(projects, {'name': 'Sunblade'}).json['id']}"

    for path, field in sendable(project_schema(tool)(), skipped):
        value = sample(field, ".".join(path))
        answer = alice.patch(address, nested(path, value))

        assert answer.status_code == 200, answer.text
        assert at(alice.get(address).json, path) == value
        if path[0] != "state":
            assert at(alice.get(projects).json["projects"][0], path) == value
    report(project_schema(tool)(), skipped)


@pytest.mark.parametrize("tool", TOOLS.values(), ids=lambda tool: tool.name)
def test_a_put_of_one_field_of_a_project_is_all_of_its_content(alice, tool):
    projects = f"/api/{tool.name}/projects"
    address = f"{projects}/{alice.post(projects, {'name': 'Sunblade', 'description': 'old'}).json['id']}"

    for path, field in sendable(project_schema(tool)(), []):
        value = sample(field, ".".join(path))
        assert alice.put(address, {"name": "Sunblade"} | nested(path, value)).status_code == 200

        found = alice.get(address).json
        assert at(found, path) == value
        content = {"description", "state"} & found.keys()
        assert content <= {path[0]}


@pytest.mark.parametrize("tool", TOOLS.values(), ids=lambda tool: tool.name)
def test_a_draft_with_every_field_becomes_a_project_with_every_field_and_an_object_opens_with_them(alice, tool):
    alice.put("/api/session", {})
    draft = {}
    for path, field in sendable(tool.draft(), []):
        value = sample(field, ".".join(path))
        alice.patch(f"/api/session/tools/{tool.name}", nested(path, value))
        draft[path] = value

    project = alice.post(f"/api/{tool.name}/projects", {"name": "All", "from_draft": True}).json["id"]

    state = alice.get(f"/api/{tool.name}/projects/{project}").json["state"]
    for path, value in draft.items():
        if path not in [("current_project_id",), ("last_saved",)]:
            assert at(state, (*state_of(tool, {path[0]: 1}), *path[1:])) == value

    thing = alice.post("/api/objects/promote", {"tool": tool.name, "project_id": project}).json["id"]
    alice.post(f"/api/objects/{thing}/open", {})
    opened = alice.get("/api/session").json[tool.name]
    for path, value in draft.items():
        if path[0] not in THE_DRAFTS_OWN and path[-1] != "templateBlob":
            assert at(opened, path) == value


# What a draft of an object has of its own, or leaves to the first author.
THE_DRAFTS_OWN = {
    "current_project_id", "last_saved", "draft_id", "session_id", "user_id", "active_object_id", "metadata",
    "auto_save_enabled",
}  # fmt: skip


def test_a_patch_of_one_field_of_an_object_is_read_back_everywhere(alice):
    project = alice.post("/api/cardgenerator/projects", {"name": "Sunblade"}).json["id"]
    place = {"project_collection": "cardgen_projects", "project_id": project}
    thing = alice.post("/api/objects", {"type": "item", "name": "Sunblade"} | place).json["id"]
    address, skipped = f"/api/objects/{thing}", []

    for path, field in sendable(Object(), skipped):
        value = place.get(path[0]) or sample(field, ".".join(path))
        sent = place if path[0] in place else nested(path, value)  # the two that name a project come together
        answer = alice.patch(address, sent)

        assert answer.status_code == 200, answer.text
        assert at(alice.get(address).json, path) == value
        if path[0] in ObjectSummary().fields:
            assert at(alice.get("/api/objects").json["objects"][0], path) == value
    report(Object(), skipped)
