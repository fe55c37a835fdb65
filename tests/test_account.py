"""All that somebody owns is handed out line by line, or removed; both go on where they were interrupted."""

import json
import re
import uuid
from datetime import UTC, datetime

import pytest
from google.api_core.exceptions import ServiceUnavailable
from google.cloud.firestore import DELETE_FIELD, SERVER_TIMESTAMP
from test_claim import until_done, work  # noqa: F401 (a fixture)

from local.stack import ROOT
from shared.account import everything as account
from shared.account import owned
from shared.schemas.tools import TOOLS

EXPORT = "/api/account/export"


def lines(answer):
    assert (answer.status_code, answer.mimetype) == (200, "application/x-ndjson")
    found = [json.loads(line) for line in answer.text.splitlines()]
    return found[:-1], found[-1]


RULES = ROOT.joinpath("firestore.rules").read_text()
NAMED = set(re.findall(r"match /([\w-]+)/\{", RULES)) - {"databases"}


def scanned(admin, person):
    """The path of every document that is this person's, or names him, in any collection that the rules name."""
    found = [snapshot for collection in NAMED for snapshot in admin.collection_group(collection).stream()]
    return sorted(s.reference.path for s in found if person.uid in f"{s.reference.path} {s.to_dict()}")


@pytest.fixture
def owner(guest, work, alice):  # noqa: F811
    """Somebody with something in every collection: work in two tools, trash, a promoted project, saves beside both."""
    project = f"/api/cardgenerator/projects/{work['ids'][1]}"
    base = {"itemDetails": {"name": "C1"}}
    guest.patch(project, {"state": {"itemDetails": {"name": "theirs"}}})
    guest.post(f"{project}/merge", {"base": base, "mine": {"itemDetails": {"name": "mine"}}})
    store = f"/api/storegenerator/projects/{work['store']}"
    guest.patch(store, {"state": {"current_step": "theirs"}})
    guest.post(f"{store}/merge", {"base": {"current_step": "x"}, "mine": {"current_step": "mine"}})
    guest.post("/api/session/recover", {"tool": "storegenerator", "raw": "{cut off"})
    alice.post("/api/cardgenerator/projects", {"name": "Alice's own"})
    return guest


def test_the_collections_are_those_that_the_rules_name():
    assert {"sessions", *owned.COLLECTIONS, *owned.PLACES} == NAMED
    assert set(owned.SAVES) == {tool.projects for tool in TOOLS.values()}


def test_an_export_has_every_document_that_an_administrator_finds_once(owner, admin, bob):
    found, end = lines(owner.get(EXPORT))

    paths = [line["path"] for line in found]
    assert sorted(paths) == scanned(admin, owner) and end == {"done": True}
    assert len({path.split("/")[0] for path in paths}) == 4 and len([p for p in paths if p.count("/") == 3]) == 4
    project = next(line for line in found if line["data"].get("name") == "Card 1")
    assert project["data"]["state"] == {"itemDetails": {"name": "mine"}}
    assert project["update_time"] <= datetime.now(UTC).isoformat().replace("+00:00", "Z")
    assert lines(bob.get(EXPORT)) == ([], {"done": True})


def test_an_export_goes_on_after_any_line_that_arrived(owner):
    found, _ = lines(owner.get(EXPORT))

    for position, line in enumerate(found):
        rest, end = lines(owner.get(EXPORT, query_string={"after": line["path"]}))
        assert (rest, end) == (found[position + 1 :], {"done": True})


def test_a_long_export_says_where_to_go_on(owner, monkeypatch):
    whole, _ = lines(owner.get(EXPORT))
    monkeypatch.setattr(account, "SECONDS", 0)

    found, query = [], {}
    while True:
        part, end = lines(owner.get(EXPORT, query_string=query))
        found += part
        if end == {"done": True}:
            break
        assert end == {"next": part[-1]["path"]}
        query = {"after": end["next"]}

    assert found == whole


def test_an_export_that_firestore_interrupts_says_where_to_go_on(owner, monkeypatch):
    whole, _ = lines(owner.get(EXPORT))
    documents = owned.documents

    def interrupted(call, after):
        for number, snapshot in enumerate(documents(call, after)):
            if number == 3:
                raise ServiceUnavailable("gone")
            yield snapshot

    monkeypatch.setattr(account, "documents", interrupted)
    found, end = lines(owner.get(EXPORT))

    assert found == whole[:3]
    assert end["next"] == found[-1]["path"] and "503" in end["problem"]


def test_more_than_a_page_is_exported_and_deleted(alice, admin):
    for i in range(owned.READ + 3):
        alice.post("/api/ruleslawyer/projects", {"name": f"Ruling {i}"})

    assert len(lines(alice.get(EXPORT))[0]) == owned.READ + 3
    assert alice.delete("/api/account").json == {"deleted": owned.READ + 3, "done": True}
    assert scanned(admin, alice) == []


@pytest.mark.parametrize(
    "after", ["x", "sessions/somebody", "sessions", "cardgen_projects/", "a/b/c", "cardgen_projects/a/b"]
)
def test_an_after_that_is_no_path_of_the_callers_is_422(owner, after):
    assert owner.get(EXPORT, query_string={"after": after}).status_code == 422


def test_nobody_without_a_token_is_handed_out_or_deletes_anything(nobody):
    assert nobody.get(EXPORT).status_code == 401
    assert nobody.delete("/api/account").status_code == 401


def test_deleting_an_account_leaves_nothing_of_it_in_any_collection_and_all_of_others(owner, alice, admin):
    others = scanned(admin, alice)
    mine = scanned(admin, owner)

    assert owner.delete("/api/account").json == {"deleted": len(mine), "done": True}
    assert scanned(admin, owner) == []
    assert scanned(admin, alice) == others
    assert owner.delete("/api/account").json == {"deleted": 0, "done": True}


def test_deleting_goes_on_in_as_many_calls_as_it_takes(owner, admin, monkeypatch):
    mine = scanned(admin, owner)
    monkeypatch.setattr(account, "SECONDS", 0)

    answers = until_done(lambda: owner.delete("/api/account"))

    assert len(answers) > 5
    assert sum(answer["deleted"] for answer in answers) == len(mine)
    assert scanned(admin, owner) == []


@pytest.mark.parametrize("change", [{"state": 5}, {"members": None, "readers": "x"}, {"created_at": None}, {"name": 7}])
def test_what_is_damaged_is_exported_and_deleted_too(owner, work, admin, change):  # noqa: F811
    admin.document(f"cardgen_projects/{work['ids'][0]}").update(change)
    admin.document(f"sessions/{owner.uid}").update({"devices": 5, "session_id": "x"})

    assert f"cardgen_projects/{work['ids'][0]}" in [line["path"] for line in lines(owner.get(EXPORT))[0]]
    assert owner.delete("/api/account").json["done"] is True
    assert scanned(admin, owner) == []


# Fault S9
def test_an_editor_who_goes_on_saving_does_not_keep_a_deletion_from_its_end(alice, bob, admin, monkeypatch):
    project = alice.post("/api/cardgenerator/projects", {"name": "Shared"}).json["id"]
    ref = admin.document(f"cardgen_projects/{project}")
    members = ref.get().get("members") | {bob.uid: {"role": "editor", "name": "", "joined_at": SERVER_TIMESTAMP}}
    ref.update({"members": members, "readers": [alice.uid, bob.uid]})
    statuses = []
    delete = account._delete_with_saves

    def while_bob_saves(call, parent):
        body = {"id": str(uuid.uuid4()), "name": "Mine", "reason": "named"}
        statuses.append(bob.post(f"/api/cardgenerator/projects/{project}/saves", body).status_code)
        return delete(call, parent)

    monkeypatch.setattr(account, "_delete_with_saves", while_bob_saves)

    assert alice.delete("/api/account").json["done"]
    assert set(statuses) <= {404, 409} and not ref.get().exists
    assert scanned(admin, alice) == []


@pytest.mark.parametrize(
    "change", [{"members": "x"}, {"tags": ["x" * 20_000]}, {"members": DELETE_FIELD, "trashed": False}]
)
def test_what_cannot_be_written_any_more_is_deleted_all_the_same(alice, admin, change):
    project = alice.post("/api/cardgenerator/projects", {"name": "Damaged"}).json["id"]
    admin.document(f"cardgen_projects/{project}").update(change)

    assert alice.delete("/api/account").json["done"]
    assert not admin.document(f"cardgen_projects/{project}").get().exists
