"""docs/operations.md says what each address asks of Firestore, and this compares it with what is asked."""

import json
import re
import uuid

import pytest
from conftest import operations

from local import openapi
from local.stack import ROOT

DOCUMENT = ROOT / "docs" / "operations.md"
ROW = re.compile(r"^\| `([A-Z]+)` \| `(/api/\S+)` \| ([^|]*) \| (\d+) \| (\d+) \|", re.M)
ROWS = ROW.findall(DOCUMENT.read_text())
TABLE = {(method, path): (rpcs, int(reads), int(writes)) for method, path, rpcs, reads, writes in ROWS}
CARDS = "/api/cardgenerator/projects"
S, P, LIBRARY = "/api/session", "/api/{tool}/projects", "/api/objects"
BODIES = {
    ("PUT", S): {},
    ("PATCH", S): {"preferences": {"theme": "dark"}},
    ("PUT", f"{S}/tools/{{tool}}"): {"current_step": "a"},
    ("PATCH", f"{S}/tools/{{tool}}"): {"draft_item_data": {"name": "Sunblade"}},
    ("POST", f"{S}/tools/{{tool}}/merge"): {"base": {}, "mine": {"current_step": "merged"}},
    ("POST", f"{S}/claim"): {"from": "somebody-without-a-session"},
    ("POST", f"{S}/recover"): {"tool": "cardgenerator", "state": {"itemDetails": {"name": "Moonblade"}}},
    ("POST", "/api/client-errors"): {"message": "My card is missing"},
    ("POST", P): {"name": "Sunblade", "from_draft": True},
    ("PUT", f"{P}/{{project_id}}"): {"name": "Moonblade"},
    ("PATCH", f"{P}/{{project_id}}"): {"state": {"itemDetails": {"rarity": "Rare"}}},
    ("POST", f"{P}/{{project_id}}/merge"): {"base": {}, "mine": {"draftId": "merged"}},
    ("POST", LIBRARY): {"type": "spell", "name": "Light"},
    ("PATCH", f"{LIBRARY}/{{object_id}}"): {"description": "bright"},
    ("POST", f"{LIBRARY}/{{object_id}}/open"): {},
}


@pytest.fixture
def ids(alice, admin):
    """One of everything: a session with a draft, a save, a device and one object in its lists; a project; an object."""
    alice.put(S, {}, headers={"X-Device-Id": "laptop"})
    object_id = alice.post(LIBRARY, {"type": "item", "name": "Sunblade"}).json["id"]
    for name in ("clipboard", "recently_viewed", "pinned_objects"):
        alice.put(f"{S}/{name}/{object_id}")
    admin.document(f"sessions/{alice.uid}").update({"active_world_id": 42})
    save_id = alice.put(S, {}).json["kept_as"][0]["id"]
    project_id = alice.post(CARDS, {"name": "Sunblade", "state": {"currentStep": "theirs"}}).json["id"]
    merge = {"base": {"currentStep": "x"}, "mine": {"currentStep": "mine"}}
    kept = alice.post(f"{CARDS}/{project_id}/merge", merge).json["save_of_other"]
    alice.put(f"{S}/tools/cardgenerator", {"draft_id": str(uuid.uuid4()), "draft_item_data": {"name": "Starblade"}})
    return {
        "tool": "cardgenerator",
        "name": "clipboard",
        "object_id": object_id,
        "project_id": project_id,
        "save_id": save_id,
        "kept": kept,
        "device_id": "laptop",
    }


def described():
    paths = json.loads(openapi.FILE.read_text())["paths"]
    return [(method.upper(), path) for path, address in paths.items() for method in address if method != "parameters"]


def test_the_table_has_every_address_and_no_other():
    assert set(TABLE) == set(described())


@pytest.mark.parametrize(("method", "path"), described())
def test_an_address_asks_of_firestore_what_the_table_says(alice, ids, method, path):
    body = {"project_id": ids["project_id"]} if path.endswith("/promote") else BODIES.get((method, path))
    if path.endswith("/undelete"):
        alice.delete(path.removesuffix("/undelete").format(**ids))
    if path.endswith("/open"):
        alice.put(f"{S}/tools/cardgenerator", {})

    if "/projects/" in path:
        ids |= {"save_id": ids["kept"]}
    if path.endswith("/choose"):
        body = {"save_id": ids["save_id"], "path": "currentStep", "choice": "stored"}
    if (method, path.rpartition("/")[2]) == ("POST", "saves"):
        body = {"id": str(uuid.uuid4()), "name": "Before the dragon", "reason": "named"}
    answer = alice.request(method, path.format(**ids), body)

    assert answer.status_code < 300, answer.text
    asked = operations(answer)
    reads, writes = asked.pop("reads", 0), asked.pop("writes", 0)
    rpcs = ", ".join(f"{count} {rpc}" for rpc, count in sorted(asked.items()))
    assert TABLE[method, path] == (rpcs, reads, writes)
