"""A client comes back with what it could not store: no word of it is lost, and nothing is made twice."""

import itertools
import json
import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rules_builders import people_around, shared

from local.stack import ROOT
from shared.recovery import backup, salvage
from shared.recovery.decide import Facts, decide, why
from shared.schemas.object import NewObject
from shared.schemas.tools import TOOLS

RECOVER = "/api/session/recover"
CARDS = "/api/cardgenerator/projects"
CARD = "/api/session/tools/cardgenerator"
FACTS = {
    "whose": ["own", "other"],
    "work": [True, False],
    "unsaved": [True, False],
    "project": ["there", "gone", "unknown", "none"],
    "match": [True, False],
    "draft": ["none", "same", "another"],
    "fits": [True, False],
    "seen": ["same", "base", "newer", "older"],
}
HEADER = "| " + " | ".join(FACTS) + " | answer | what is done |"


def documented():
    """The rows of the table of all cases: what each fact may be, the answer, and what is done."""
    table = ROOT.joinpath("docs/recovery.md").read_text().split(HEADER)[1].split("\n\n")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]
    spelled = {"yes": True, "no": False}
    for *facts, answer, action in rows:
        allowed = [
            values if cell == "any" else [spelled.get(word, word) for word in re.split(", ", cell)]
            for cell, values in zip(facts, FACTS.values(), strict=True)
        ]
        yield allowed, (answer, action)


def test_every_combination_of_facts_has_one_row_of_the_table_and_is_decided_as_it_says():
    rows = list(documented())
    assert len(rows) == 24

    for values in itertools.product(*FACTS.values()):
        fitting = [said for allowed, said in rows if all(v in a for v, a in zip(values, allowed, strict=True))]
        assert fitting == [decide(Facts(**dict(zip(FACTS, values, strict=True))))], values


def test_every_decision_has_a_reason_in_words():
    for _, (answer, action) in documented():
        for project_id in ("p", "", None):
            sentence = why(answer, action, project_id, "card", unreadable=True)
            assert sentence.endswith(".") and "  " not in sentence, (answer, action)
            assert ("could not be read" in sentence) == (answer != "other_user")


# ---- over HTTP


def state(name="Sunblade", **item):
    return {"itemDetails": {"name": name, **item}, "currentStep": "text-generation"}


@pytest.fixture
def project(ada):
    """A project of ada's, called Sunblade."""
    answer = ada.post(CARDS, {"name": "Sunblade", "state": state(quote="Shine.")})
    return {"id": answer.json["id"], "etag": answer.headers["ETag"]}


def recover(person, given, base=None, **facts):
    sent = {"tool": "cardgenerator", "state": given, "newProjectId": str(uuid.uuid4()), "userId": person.uid} | facts
    answer = person.post(RECOVER, sent | ({"base": base} if base is not None else {}))
    assert answer.status_code == 200, answer.text
    return answer.json


def item_of(person, project_id):
    return person.get(f"{CARDS}/{project_id}").json["state"]["itemDetails"]


def projects_of(person):
    return [project["id"] for project in person.get(CARDS).json["projects"]]


def save_of(person, found):
    return person.get(f"/api/session/saves/{found['id']}").json


def age(**since):
    return int((datetime.now(UTC) - timedelta(**since)).timestamp() * 1000)


def test_what_was_not_stored_yet_comes_back_into_its_project(ada, project):
    mine = state(quote="Shine on.")

    found = recover(ada, mine, base=state(quote="Shine."), etag=project["etag"], projectId=project["id"])

    assert (found["recovered"], found["conflicts"], found["kept_as"]) == ("exact", [], [])
    assert found["project"]["state"] == mine == ada.get(f"{CARDS}/{project['id']}").json["state"]
    assert found["project_etag"] == ada.get(f"{CARDS}/{project['id']}").headers["ETag"]
    session = ada.get("/api/session")
    assert (found["session"], found["session_etag"]) == (session.json, session.headers["ETag"])
    assert session.json["active_project_id"] == project["id"] == session.json["cardgenerator"]["current_project_id"]
    assert projects_of(ada) == [project["id"]]


def test_repeated_it_changes_nothing(ada, project):
    sent = {"base": state(quote="Shine."), "etag": project["etag"], "projectId": project["id"]}
    once = recover(ada, state(quote="Shine on."), **sent)

    again = recover(ada, state(quote="Shine on."), **sent)

    assert (again["recovered"], again["kept_as"]) == ("exact", [])
    assert (again["project_etag"], again["session_etag"]) == (once["project_etag"], once["session_etag"])


def test_a_save_whose_answer_was_lost_is_not_another_writers(ada, project):
    base, sent, mine = (
        state(quote="Shine.", properties=found) for found in (["Finesse"], ["Finesse", "Lit"], ["Finesse", "Lit up"])
    )
    ada.patch(f"{CARDS}/{project['id']}", {"state": sent})  # stored, and nobody heard of it

    found = recover(ada, mine, base=base, attempts=["no state", sent], etag=project["etag"], projectId=project["id"])

    assert (found["recovered"], found["conflicts"]) == ("exact", [])
    assert item_of(ada, project["id"])["properties"] == ["Finesse", "Lit up"]


@pytest.mark.parametrize("place", ["project", "draft"])
def test_what_was_taken_back_after_a_save_without_an_answer_is_taken_back(ada, project, place):
    draft = str(uuid.uuid4()) if place == "draft" else None
    mine, sent = (state(quote=quote) | ({"draftId": draft} if draft else {}) for quote in ("Shine.", "Shine on."))
    where = CARD if draft else f"{CARDS}/{project['id']}"
    ada.patch(where, sent if draft else {"state": sent})

    found = recover(ada, mine, base=mine, attempts=[sent], projectId=None if draft else project["id"])

    read = found["session"]["cardgenerator"]["draft_item_data"] if draft else found["project"]["state"]["itemDetails"]
    assert (found["conflicts"], read["quote"]) == ([], "Shine.")


def recovered_before(person, given, save_id, **facts):
    sent = {"tool": "cardgenerator", "state": given, "userId": person.uid, "save_id": save_id} | facts
    answer = person.post(RECOVER, sent, headers={"X-Save-Id": save_id})
    assert answer.status_code == 200, answer.text
    return answer.json


@pytest.mark.parametrize("place", ["project", "draft", "new"])
def test_a_backup_is_recovered_once_though_others_wrote_on_in_its_words(ada, project, place):
    draft_id = str(uuid.uuid4())
    given = state(properties=["Light"]) | ({} if place == "project" else {"draftId": draft_id})
    if place == "new":  # the session holds another draft
        ada.patch(CARD, {"draft_id": str(uuid.uuid4()), "draft_item_data": {"name": "Torch"}})
    facts = {"base": {}, "projectId": project["id"] if place == "project" else None, "newProjectId": str(uuid.uuid4())}

    first = recovered_before(ada, given, "laptop-b1", **facts)
    wrote_on = state(properties=["Light, and loaded"])
    if place == "draft":
        ada.patch(CARD, wrote_on)
    else:
        ada.patch(f"{CARDS}/{first['project']['id']}", {"state": wrote_on})
    again = recovered_before(ada, given, "laptop-b1", **facts)  # another tab, or a late one

    assert (again["action"], again["conflicts"], again["kept_as"]) == ("none", [], [])
    read = (
        again["session"]["cardgenerator"]["draft_item_data"]
        if place == "draft"
        else again["project"]["state"]["itemDetails"]
    )
    assert read["properties"] == ["Light, and loaded"]


def test_work_whose_project_is_in_the_trash_goes_to_where_others_wrote_on(ada, project):
    """On another device: as a draft of the same id, or in the project that was made of it again."""
    path, draft_id = f"{CARDS}/{project['id']}", str(uuid.uuid4())
    base = state(quote="Shine.") | {"draftId": draft_id}
    ada.patch(path, {"state": {"draftId": draft_id}})
    ada.delete(path)
    facts = {"projectId": project["id"], "newProjectId": str(uuid.uuid4())}

    ada.patch(CARD, {"draft_id": draft_id, "draft_item_data": {"name": "Sunblade", "quote": "Shine.", "value": "9 gp"}})
    found = recover(ada, state(quote="Shine on.") | {"draftId": draft_id}, base, **facts)

    assert (found["recovered"], found["action"]) == ("session", "merge")
    item = found["session"]["cardgenerator"]["draft_item_data"]
    assert (item["quote"], item["value"]) == ("Shine on.", "9 gp")

    ada.put(CARD, {"draft_item_data": {"name": "Torch"}})
    again = ada.post(CARDS, {"id": f"{project['id']}-again", "name": "Sunblade", "state": base})
    assert again.status_code == 201
    found = recover(ada, state(quote="Shine on.") | {"draftId": draft_id}, base, **facts)

    assert (found["recovered"], found["project"]["id"]) == ("exact", f"{project['id']}-again")
    assert item_of(ada, found["project"]["id"])["quote"] == "Shine on."


def test_of_the_saves_without_an_answer_the_document_tells_which_was_stored(ada, project):
    base = state(quote="Shine.", properties=["Light"])
    path = f"{CARDS}/{project['id']}"
    ada.patch(path, {"state": base})
    stored = state(quote="Shine.", properties=["Light", "Finesse"])
    never = state(quote="Shine.", properties=["Light", "Finesse", "Thrown"])
    ada.patch(path, {"state": stored}, headers={"X-Save-Id": "12345678-a"})  # and nobody heard of it
    ada.patch(path, {"state": state(quote="Shine.", properties=["Light and", "Fine"])})  # another device

    facts = {"attempts": [stored, never], "attempt_ids": ["12345678-a", "12345678-b"], "projectId": project["id"]}
    found = recover(ada, never, base, **facts)

    assert (found["conflicts"], item_of(ada, project["id"])["properties"]) == ([], ["Light and", "Fine", "Thrown"])


def test_where_an_earlier_save_of_the_page_is_the_last_there_none_of_the_later_ones_was_stored(ada, project):
    path = f"{CARDS}/{project['id']}"
    base, never = state(quote="Shine."), state(quote="Shine on.")
    ada.patch(path, {"state": base}, headers={"X-Save-Id": "12345678-a"})
    ada.patch(path, {"state": {"itemDetails": {"value": "9 gp"}}})  # another device

    found = recover(ada, base, base, attempts=[never], attempt_ids=["12345678-b"], projectId=project["id"])

    assert (found["action"], item_of(ada, project["id"])["quote"]) == ("none", "Shine.")


def test_a_draft_that_becomes_a_project_takes_along_who_saved_it_last(ada):
    base, stored = state(quote="Shine."), state(quote="Shine on.")
    ada.patch(
        CARD, {"draft_item_data": stored["itemDetails"]}, headers={"X-Save-Id": "12345678-a"}
    )  # nobody heard of it
    made = ada.post(CARDS, {"id": str(uuid.uuid4()), "name": "Sunblade", "from_draft": True}).json  # another tab
    ada.patch(f"{CARDS}/{made['id']}", {"state": {"itemDetails": {"quote": "Shine at dusk."}}})

    facts = {"attempts": [stored], "attempt_ids": ["12345678-a"], "projectId": made["id"]}
    found = recover(ada, stored, base, **facts)

    assert made["last_saves"] == {"1": "12345678-a"}
    assert (found["conflicts"], item_of(ada, made["id"])["quote"]) == ([], "Shine at dusk.")


def test_last_saves_that_are_no_ids_are_as_if_there_were_none(ada, project, admin):
    admin.document(f"cardgen_projects/{project['id']}").update({"last_saves": {"1": 5, "2": None}})

    found = recover(ada, state(quote="Shine on."), state(quote="Shine."), projectId=project["id"])

    assert found["project"]["state"]["itemDetails"]["quote"] == "Shine on."


def test_what_was_saved_meanwhile_is_merged_with_it_and_a_conflict_is_told_and_kept(ada, project):
    base = state(quote="Shine.")
    ada.patch(f"{CARDS}/{project['id']}", {"state": {"itemDetails": {"quote": "Glow.", "weight": "3 lb."}}})

    found = recover(ada, state(quote="Gleam on.", value="9 gp"), base, etag=project["etag"], projectId=project["id"])

    assert item_of(ada, project["id"]) == {
        "name": "Sunblade",
        "quote": "Glow.",
        "weight": "3 lb.",
        "value": "9 gp",
    }
    assert [conflict["path"] for conflict in found["conflicts"]] == ["itemDetails.quote"]
    assert found["conflicts"] == ada.get(f"{CARDS}/{project['id']}").json["conflicts"]
    assert [save["reason"] for save in found["kept_as"]] == ["conflict"]
    kept = ada.get(f"{CARDS}/{project['id']}/saves/{found['kept_as'][0]['id']}").json
    assert kept["state"]["itemDetails"]["quote"] == "Gleam on."


def test_a_conflict_of_a_backup_is_told_once_however_often_it_is_sent_and_chosen(ada, project):
    ada.patch(f"{CARDS}/{project['id']}", {"state": {"itemDetails": {"quote": "Glow."}}})
    sent = {"base": state(quote="Shine."), "etag": project["etag"], "projectId": project["id"]}
    once = recover(ada, state(quote="Gleam on."), **sent)

    again = recover(ada, state(quote="Gleam on."), **sent)
    assert (again["conflicts"], again["project_etag"]) == (once["conflicts"], once["project_etag"])
    (entry,) = once["conflicts"]
    choice = {"save_id": entry["save_id"], "path": entry["path"], "choice": "stored"}
    ada.post(f"{CARDS}/{project['id']}/conflicts/choose", choice)

    assert recover(ada, state(quote="Gleam on."), **sent)["conflicts"] == []
    assert len(ada.get(f"{CARDS}/{project['id']}/saves").json["saves"]) == 1


def test_a_week_on_another_device_stands_against_one_word_of_an_old_backup_which_is_offered(ada, project):
    """W1: the old text stood on both devices, and an emptied field emptied the newer text."""
    ada.patch(f"{CARDS}/{project['id']}", {"state": {"itemDetails": {"quote": "A week of work. Shine."}}})
    sent = {"etag": project["etag"], "projectId": project["id"], "timestamp": age(days=7)}

    merged = recover(ada, state(quote="Shine. Word"), base=state(quote="Shine."), **sent)
    assert item_of(ada, project["id"])["quote"] == "A week of work. Shine. Word" and merged["conflicts"] == []
    ada.patch(f"{CARDS}/{project['id']}", {"state": {"itemDetails": {"quote": "Newer."}}})
    emptied = recover(ada, state(quote=""), base=state(quote="Shine."), **sent)
    assert item_of(ada, project["id"])["quote"] == "Newer." and emptied["conflicts"] == []
    other = recover(ada, state(quote="Old words."), base=state(quote="Shine."), **sent)
    assert item_of(ada, project["id"])["quote"] == "Newer."
    (entry,) = other["conflicts"]
    assert (entry["path"], entry["by"]) == ("itemDetails.quote", "Alice")
    assert abs(datetime.fromisoformat(entry["at"]) - (datetime.now(UTC) - timedelta(days=7))) < timedelta(minutes=5)


def test_without_a_base_a_newer_backup_wins_and_what_it_overwrites_is_saved_first(ada, project):
    found = recover(ada, state(quote="Newer."), projectId=project["id"], timestamp=age(seconds=-60))

    assert found["recovered"] == "exact"
    assert item_of(ada, project["id"]) == {"name": "Sunblade", "quote": "Newer."}
    assert [save["reason"] for save in found["kept_as"]] == ["before-restore"]
    path = f"cardgen_projects/{project['id']}/card_sessions/{found['kept_as'][0]['id']}"
    assert ada.firestore.document(path).get().to_dict()["state"] == state(quote="Shine.")
    (entry,) = found["conflicts"]
    assert (entry["path"], entry["save_id"]) == ("itemDetails.quote", found["kept_as"][0]["id"])


def test_without_a_base_what_the_draft_holds_word_for_word_becomes_no_project(ada):
    ada.put(
        "/api/session/tools/cardgenerator",
        {"draft_id": "d1", "current_step": "text-generation", "draft_item_data": {"name": "Moonblade", "quote": "x"}},
    )

    stored = recover(ada, state("Moonblade"), newProjectId=f"{ada.uid}.d1")
    other = recover(ada, state("Starblade"), newProjectId=f"{ada.uid}.d2")

    assert [(found["recovered"], found["action"]) for found in (stored, other)] == [
        ("session", "none"),
        ("new", "create"),
    ]
    assert projects_of(ada) == [f"{ada.uid}.d2"]


@pytest.mark.parametrize("known", [int, str, None])
def test_without_a_base_an_older_backup_is_set_aside_once_and_the_project_stays(ada, project, known):
    timestamp = known and known(age(hours=25))
    for _ in range(2):
        found = recover(ada, state(quote="Older."), projectId=project["id"], timestamp=timestamp)

    assert found["recovered"] == "exact" and "kept as a save" in found["why"]
    assert item_of(ada, project["id"])["quote"] == "Shine."
    saves = ada.get(f"{CARDS}/{project['id']}/saves").json["saves"]
    assert [(save["id"], save["reason"]) for save in saves] == [(found["kept_as"][0]["id"], "conflict")]
    assert [(entry["path"], entry["save_id"]) for entry in found["conflicts"]] == [
        ("itemDetails.quote", saves[0]["id"])
    ]
    kept = ada.get(f"{CARDS}/{project['id']}/saves/{saves[0]['id']}").json
    assert kept["state"]["itemDetails"]["quote"] == "Older."


def test_a_backup_that_lacks_its_project_is_matched_by_name_whatever_its_case_and_the_newest_wins(ada, project):
    newest = ada.post(CARDS, {"name": "SUNBLADE", "state": state(quote="Second.")}).json["id"]
    ada.post(CARDS, {"name": "Sunblade II", "state": state()})

    found = recover(ada, state("sunBLADE", quote="Newer."), timestamp=age(seconds=-60))

    assert (found["recovered"], found["project"]["id"]) == ("matched", newest)
    assert item_of(ada, newest) == {"name": "sunBLADE", "quote": "Newer."}
    assert item_of(ada, project["id"])["quote"] == "Shine."
    path = f"cardgen_projects/{newest}/card_sessions/{found['kept_as'][0]['id']}"
    assert ada.firestore.document(path).get().to_dict()["state"] == state(quote="Second.")
    assert len(projects_of(ada)) == 3


def test_a_backup_without_project_and_age_is_never_mixed_into_a_project_of_its_name(ada, project):
    found = recover(ada, state(quote="Who knows when."))

    assert (found["recovered"], found["project"]["id"]) == ("matched", project["id"])
    assert item_of(ada, project["id"])["quote"] == "Shine."
    kept = ada.get(f"{CARDS}/{project['id']}/saves/{found['kept_as'][0]['id']}").json
    assert kept["state"]["itemDetails"]["quote"] == "Who knows when."
    assert [entry["path"] for entry in found["conflicts"]] == ["itemDetails.quote"]


def test_a_project_that_has_no_room_for_another_byte_stays_and_the_backup_is_a_save(ada, project, admin):
    ref = admin.document(f"cardgen_projects/{project['id']}")
    ref.update({"state.toolSpecificData": {"filled": "x" * 1_000_000}})
    room = 1_048_576 - 1_000_000 - 1_200
    ref.update({"state.toolSpecificData": {"filled": "x" * (1_000_000 + room)}})
    mine = state(**{f"field{i}": "My words." for i in range(12)})

    found = recover(ada, mine, projectId=project["id"], timestamp=age(days=1))

    assert (found["action"], found["conflicts"], [save["reason"] for save in found["kept_as"]]) == (
        "keep_as_save",
        [],
        ["conflict"],
    )
    kept = ada.get(f"{CARDS}/{project['id']}/saves/{found['kept_as'][0]['id']}").json
    assert kept["state"]["itemDetails"]["field0"] == "My words."


@pytest.mark.parametrize("different", [{"visibility": "public"}, {"readers": "shared"}])
def test_a_name_matches_no_project_that_somebody_else_reads(ada, project, bob, admin, different):
    """S2: an editor named a project as the owner's backup is called, and read what was restored into it."""
    if different == {"readers": "shared"}:
        editor = {"role": "editor", "name": "Bob", "joined_at": datetime.now(UTC)}
        members = admin.document(f"cardgen_projects/{project['id']}").get().get("members") | {bob.uid: editor}
        different = {"members": members, "readers": list(members)}
    admin.document(f"cardgen_projects/{project['id']}").update(different)

    found = recover(ada, state(quote="Nobody else's."), timestamp=age(seconds=-60))

    assert (found["recovered"], item_of(ada, project["id"])["quote"]) == ("new", "Shine.")
    assert bob.get(f"{CARDS}/{found['project']['id']}").status_code == 404


def test_what_was_typed_into_an_empty_form_overwrites_and_duplicates_nothing(ada, project):
    typed = {"timestamp": age(seconds=-60), "base": {}}

    found = recover(ada, state(quote="Typed."), **typed)
    assert (found["recovered"], item_of(ada, project["id"])["quote"]) == ("matched", "Shine.")
    assert [entry["path"] for entry in found["conflicts"]] == ["itemDetails.quote"]
    recover(ada, state(quote="Typed."), **typed)
    assert recover(ada, state(quote="Shine."), **typed)["action"] == "none"  # it is all there
    assert projects_of(ada) == [project["id"]]
    assert len(ada.get(f"{CARDS}/{project['id']}/saves").json["saves"]) == 1
    ada.put(CARD, draft("d1", "Moonblade", quote="Hush."))
    assert recover(ada, {"itemDetails": {"name": "Moonblade"}}, **typed)["action"] == "none"
    assert projects_of(ada) == [project["id"]]


@pytest.mark.parametrize("gone", ["trashed", "never there"])
def test_a_backup_of_a_project_that_is_gone_becomes_a_project_of_its_own(ada, project, gone):
    if gone == "trashed":
        ada.delete(f"{CARDS}/{project['id']}")
    old, new = project["id"] if gone == "trashed" else str(uuid.uuid4()), str(uuid.uuid4())

    found = recover(ada, state("Moonblade"), base=state("Mo"), projectId=old, newProjectId=new)

    assert (found["recovered"], found["project"]["id"]) == ("new", new)
    assert (found["project"]["name"], item_of(ada, new)["name"]) == ("Moonblade", "Moonblade")
    assert ada.get("/api/session").json["active_project_id"] == new


def test_devices_with_edits_of_a_project_in_the_trash_meet_in_one_new_project(ada, project):
    ada.delete(f"{CARDS}/{project['id']}")
    one, other = state(quote="Shine.", weight="3 lb."), state(quote="Shine.", value="1 gp")
    sent = {"base": state(quote="Shine."), "projectId": project["id"], "newProjectId": project["id"]}

    first, second = (recover(ada, mine, **sent) for mine in (one, other))

    assert (first["recovered"], second["recovered"]) == ("new", "exact")
    assert item_of(ada, first["project"]["id"]) == one["itemDetails"] | other["itemDetails"]
    ada.delete(f"{CARDS}/{first['project']['id']}")
    assert recover(ada, one, **sent)["project"]["id"] not in (project["id"], first["project"]["id"])


def test_what_was_stored_before_its_project_was_deleted_makes_no_project(ada, project):
    ada.delete(f"{CARDS}/{project['id']}")

    found = recover(ada, state(quote="Shine."), base=state(quote="Shine."), projectId=project["id"])

    assert found["recovered"] == "default"
    assert projects_of(ada) == []


def test_ten_tabs_at_once_and_ten_repeats_make_one_project(ada):
    new = str(uuid.uuid4())
    sent = {"projectId": str(uuid.uuid4()), "newProjectId": new}

    with ThreadPoolExecutor(10) as tabs:
        found = list(tabs.map(lambda _: recover(ada, state("Moonblade", quote="Hush."), **sent), range(10)))
    found += [recover(ada, state("Moonblade", quote="Hush."), **sent) for _ in range(10)]

    assert {answer["project"]["id"] for answer in found} == {new}
    assert {answer["recovered"] for answer in found} <= {"new", "exact"} and found[-1]["recovered"] == "exact"
    assert projects_of(ada) == [new]
    assert ada.get("/api/session/saves").json["saves"] == []


def test_a_client_that_names_no_id_for_the_new_project_makes_one_all_the_same(ada):
    sent = {"tool": "cardgenerator", "state": state("Moonblade"), "projectId": str(uuid.uuid4())}

    ids = {ada.post(RECOVER, sent).json["project"]["id"] for _ in range(3)}

    assert projects_of(ada) == list(ids)


def test_tabs_that_typed_different_things_into_what_becomes_one_project_lose_none_of_it(ada):
    sent = {"projectId": None, "newProjectId": str(uuid.uuid4()), "base": {}}
    ada.put(CARD, {"draft_id": str(uuid.uuid4()), "draft_item_data": {"name": "Another"}})
    mine = [state("Moonblade", **{f"field{i}": i}) | {"draftId": "d1"} for i in range(5)]

    with ThreadPoolExecutor(5) as tabs:
        list(tabs.map(lambda typed: recover(ada, typed, **sent), mine))

    assert item_of(ada, sent["newProjectId"]) == {"name": "Moonblade"} | {f"field{i}": i for i in range(5)}
    assert ada.get("/api/session").json["cardgenerator"]["draft_item_data"] == {"name": "Another"}


def test_a_viewers_edits_become_a_project_of_his_own(alice, person, admin):
    people = people_around(alice, person)
    ref = shared(admin, people, "cardgen_projects")

    found = recover(people["viewer"], state("Sting", quote="Mine."), base=state("Sting"), projectId=ref.id)
    edited = recover(people["editor"], state("Sting", quote="Mine."), base=state("Sting"), projectId=ref.id)

    assert (found["recovered"], edited["recovered"]) == ("new", "exact")
    assert (found["project"]["user_id"], edited["project"]["user_id"]) == (people["viewer"].uid, alice.uid)


def test_a_strangers_project_is_gone_for_everybody_else_and_stays_as_it_is(ada, project, bob, guest, nobody):
    sent = {"projectId": project["id"], "base": state(), "newProjectId": str(uuid.uuid4())}

    assert recover(bob, state("Moonblade"), **sent)["recovered"] == "new"
    taken = guest.post(RECOVER, {"tool": "cardgenerator", "state": state("Starblade")} | sent)
    assert nobody.post(RECOVER, {"tool": "cardgenerator", "state": state()}).status_code == 401

    assert (taken.status_code, "taken" in taken.json["detail"]) == (409, True)  # by bob
    assert recover(guest, state("Starblade"), projectId=project["id"])["recovered"] == "new"
    assert item_of(ada, project["id"])["quote"] == "Shine."


def test_an_id_that_only_somebody_else_may_take_is_409(ada, bob):
    sent = {"tool": "cardgenerator", "state": state(), "newProjectId": f"{bob.uid}.x", "projectId": str(uuid.uuid4())}

    answer = ada.post(RECOVER, sent)

    assert (answer.status_code, "taken" in answer.json["detail"]) == (409, True)


def test_a_damaged_session_is_repaired_on_the_way_and_a_damaged_project_is_named(ada, project, admin):
    admin.document(f"sessions/{ada.uid}").update({"active_world_id": 42})
    assert recover(ada, state(quote="On."), projectId=project["id"], base=state(quote="Shine."))["recovered"] == "exact"
    admin.document(f"cardgen_projects/{project['id']}").update({"tags": 42})

    sent = {"tool": "cardgenerator", "state": state(quote="Off."), "projectId": project["id"], "base": state()}
    answer = ada.post(RECOVER, sent)

    assert (answer.status_code, "damaged" in answer.json["detail"]) == (409, True)
    assert item_of(ada, project["id"])["quote"] == "On."


def test_another_users_backup_is_neither_used_nor_kept(ada, bob, project):
    found = recover(ada, state("Bob's card"), userId=bob.uid, projectId=project["id"], raw="{")

    assert found["recovered"] == "other_user"
    assert found.keys() == {"recovered", "action", "why", "tool", "unreadable"} and "Bob" not in json.dumps(found)
    assert item_of(ada, project["id"])["name"] == "Sunblade"
    assert ada.get("/api/session/saves").json["saves"] == []


@pytest.mark.parametrize("owner", ["anonymous", "", None])
def test_work_that_was_made_before_anybody_signed_in_is_the_callers(alice, owner):
    found = recover(alice, state("Lantern of the First Night"), userId=owner)

    assert (found["recovered"], found["project"]["name"]) == ("new", "Lantern of the First Night")


# ---- drafts


def draft(draft_id, name="Sunblade", **item):
    return {"draft_id": draft_id, "draft_item_data": {"name": name, **item}}


def test_a_draft_comes_back_into_the_session_where_none_is(alice):
    mine = draft("d1", quote="Hush.")

    found = recover(alice, mine, base={}, projectId=None)

    assert found["recovered"] == "session" and "project" not in found
    stored = alice.get("/api/session").json["cardgenerator"]
    assert {name: stored[name] for name in mine} == mine
    assert found["session"]["cardgenerator"]["draft_item_data"] == mine["draft_item_data"]


def test_a_draft_that_nobody_touched_since_is_replaced_by_its_backup(ada):
    etag = ada.put(CARD, draft("d1", quote="Hush.", value="1 gp")).headers["ETag"]

    found = recover(ada, draft("d1", quote="Hush!"), base=draft("d1", quote="Hush."), etag=etag, projectId=None)

    assert (found["recovered"], found["conflicts"]) == ("session", [])
    assert ada.get("/api/session").json["cardgenerator"]["draft_item_data"] == {"name": "Sunblade", "quote": "Hush!"}


def test_a_draft_that_was_saved_since_is_merged_with_its_backup(ada):
    ada.put(CARD, draft("d1", quote="Hush.", value="1 gp"))

    found = recover(ada, draft("d1", quote="Hush!"), base=draft("d1", quote="Hush."), etag='"x"', projectId=None)

    assert found["recovered"] == "session"
    assert ada.get("/api/session").json["cardgenerator"]["draft_item_data"] == {
        "name": "Sunblade",
        "quote": "Hush!",
        "value": "1 gp",
    }


@pytest.mark.parametrize(("when", "quote"), [(-60, "Mine."), (3600, "Theirs.")])
def test_of_one_draft_without_a_base_the_newer_wins_and_the_other_is_kept(ada, when, quote):
    ada.put(CARD, draft("d1", quote="Theirs."))

    found = recover(ada, draft("d1", quote="Mine."), projectId=None, timestamp=age(seconds=when))

    assert found["recovered"] == "session"
    assert ada.get("/api/session").json["cardgenerator"]["draft_item_data"]["quote"] == quote
    kept = save_of(ada, found["kept_as"][0])["state"]["draft_item_data"]["quote"]
    assert {kept, quote} == {"Mine.", "Theirs."}


@pytest.mark.parametrize("mine", [draft("d2", "Moonblade"), {"itemDetails": {"name": "Moonblade"}}])
def test_a_draft_that_meets_another_becomes_a_project_and_neither_is_mixed(ada, mine):
    ada.put(CARD, draft("d1", "Sunblade", quote="Theirs."))

    found = recover(ada, mine, projectId=None)

    assert (found["recovered"], found["project"]["name"]) == ("new", "Moonblade")
    assert found["project"]["state"]["itemDetails"] == {"name": "Moonblade"}
    item = ada.get("/api/session").json["cardgenerator"]["draft_item_data"]
    assert item == {"name": "Sunblade", "quote": "Theirs."}


def test_a_draft_that_was_saved_as_a_project_meanwhile_goes_there(ada):
    ada.put(CARD, draft("d1", quote="Hush."))
    new = str(uuid.uuid4())
    ada.post(CARDS, {"id": new, "name": "Sunblade", "from_draft": True})

    sent = {"base": draft("d1", quote="Hush."), "projectId": None, "newProjectId": new}
    found = recover(ada, draft("d1", quote="Hush!"), **sent)

    assert (found["recovered"], item_of(ada, new)["quote"]) == ("exact", "Hush!")
    assert projects_of(ada) == [new]
    assert "draft_item_data" not in ada.get("/api/session").json["cardgenerator"]


def test_an_expired_session_begins_afresh_and_the_backup_is_its_draft(ada, admin):
    ada.put(CARD, draft("d1", quote="Old."))
    admin.document(f"sessions/{ada.uid}").update({"expires_at": datetime.now(UTC) - timedelta(minutes=1)})

    found = recover(ada, draft("d1", quote="Old!"), base=draft("d1", quote="Old."), projectId=None)

    assert found["recovered"] == "session"
    assert ada.get("/api/session").json["cardgenerator"]["draft_item_data"]["quote"] == "Old!"
    assert {save["reason"] for save in ada.get("/api/session/saves").json["saves"]} == {"expired"}


UNTOUCHED = {
    "currentStepId": "text-generation",
    "stepCompletion": {"text-generation": False},
    "itemDetails": {"name": "", "properties": [], "sdPrompt": ""},
    "selectedAssets": {"generatedCardImages": [], "border": None},
    "generatedContent": {"images": [], "renderedCards": []},
    "autoSaveEnabled": True,
    "lastSaved": "1795350245615",
}


@pytest.mark.parametrize("given", [{}, UNTOUCHED, {"currentStep": "core-image", "draftId": "d1"}])
def test_an_untouched_form_is_nothing_to_restore(alice, ada, given):
    assert recover(ada, given)["recovered"] == "default"
    ada.put(CARD, draft("d1"))
    assert recover(ada, given)["recovered"] == "session"
    assert projects_of(ada) == [] == ada.get("/api/session/saves").json["saves"]


@pytest.mark.parametrize("tool", ["storegenerator", "ruleslawyer", "statblockgenerator"])
def test_the_other_tools_backups_are_recovered_as_well(ada, tool):
    thing = TOOLS[tool].thing
    mine = {thing: {"name": "Grom"}, "current_step": "a"}
    made = ada.post(f"/api/{tool}/projects", {"name": "Grom", "state": {"current_step": "a"}})

    found = ada.post(
        RECOVER,
        {"tool": tool, "state": mine, "etag": made.headers["ETag"], "projectId": made.json["id"]},
    )

    assert found.json["recovered"] == "exact"
    assert ada.get(f"/api/{tool}/projects/{made.json['id']}").json["state"] == mine


# ---- what cannot be read


def kept_json(person, found):
    """What was unreadable, put together from its saves."""
    saves = [save_of(person, save)["state"] for save in found["kept_as"] if "Unreadable" in save["name"]]
    text = "".join(save["json"] for save in sorted(saves, key=lambda save: save["part"]))
    return {".".join(map(str, entry["path"])): entry["value"] for entry in json.loads(text)}


def test_of_wrong_types_what_can_be_read_is_used_and_the_rest_is_kept_once(ada, project):
    bad = {
        "currentStepId": 3,
        "stepCompletion": ["text-generation"],
        "itemDetails": {"Name": "Sunblade", "damage": 7, "quote": "Shine on.", "properties": "none"},
        "selectedAssets": {"generatedCardImages": ["a", 5, "b"], "border": ["x"]},
        "generatedContent": "none",
        "no_such_field": {"a": [1, 2]},
    }
    sent = {"base": state(quote="Shine.", properties=["a"], weight="3 lb."), "etag": project["etag"], "save_id": 5}
    ada.patch(f"{CARDS}/{project['id']}", {"state": {"itemDetails": {"properties": ["a"]}}})

    found = recover(ada, bad, projectId=project["id"], **sent)
    recover(ada, bad, projectId=project["id"], **sent)

    assert found["recovered"] == "exact" and "could not be read" in found["why"]
    item = {"name": "Sunblade", "quote": "Shine on.", "properties": "none", "damageFormula": 7}  # content is as it came
    assert item_of(ada, project["id"]) == item
    assert found["project"]["state"]["selectedAssets"] == {"generatedCardImages": ["a", "b"]}
    kept = kept_json(ada, found)
    assert set(found["unreadable"]) == set(kept)
    assert kept == {
        "save_id": 5,
        "state.currentStep": 3,
        "state.stepCompletion": ["text-generation"],
        "state.selectedAssets.generatedCardImages.1": 5,
        "state.selectedAssets.border": ["x"],
        "state.generatedContent": "none",
        "state.no_such_field": {"a": [1, 2]},
    }
    assert len(ada.get("/api/session/saves").json["saves"]) == 1


def test_a_text_that_was_cut_off_is_kept_and_nothing_is_overwritten(ada, project):
    text = json.dumps({"state": state(quote="Cut of")})[:-9]

    found = recover(ada, {}, raw=text, projectId=project["id"])

    assert (found["recovered"], found["unreadable"]) == ("exact", ["raw"])
    assert kept_json(ada, found) == {"raw": text}
    assert item_of(ada, project["id"])["quote"] == "Shine."


def test_what_firestore_cannot_keep_is_kept_as_text(ada, project):
    odd = {"a": {"__x__": 1}, "b": [[1]], "c": 2**70, "d": "\ud800", "": 1, "deep": {}}
    inner = odd["deep"]
    for _ in range(25):
        inner["x"] = inner = {}
    inner["x"] = "bottom"

    found = recover(ada, state(quote="Shine on.") | {"toolSpecificData": odd}, projectId=project["id"], timestamp=2e12)

    assert item_of(ada, project["id"])["quote"] == "Shine on."
    kept = kept_json(ada, found)
    assert kept["state.toolSpecificData.c"] == 2**70 and kept["state.toolSpecificData.d"] == "\ud800"
    assert "bottom" in json.dumps(kept)


def test_a_state_too_large_for_a_document_is_stored_without_its_largest_part_which_is_kept_in_pieces(ada, project):
    picture = "x" * 1_900_000

    found = recover(
        ada,
        state(quote="Shine on.") | {"selectedAssets": {"templateBlob": picture}},
        projectId=project["id"],
        timestamp=2e12,
    )

    assert found["unreadable"] == ["state.selectedAssets.templateBlob"]
    assert item_of(ada, project["id"])["quote"] == "Shine on."
    assert kept_json(ada, found) == {"state.selectedAssets.templateBlob": picture}
    assert len(found["kept_as"]) > 2  # three pieces, and what was overwritten
    assert ada.post(RECOVER, {"tool": "cardgenerator", "raw": "x" * 3_000_000}).status_code == 413
    assert ada.post(RECOVER, {"tool": "cardgenerator", "raw": "x" * 8_000_000}).status_code == 413


def test_a_backup_of_a_large_project_is_recovered_with_its_base_and_all_that_was_tried(ada, project):
    """A8: five states of 850 kB were more than the bound."""
    base = {"itemDetails": {f"f{i}": "x" * 1_000 for i in range(850)}}
    assert ada.patch(f"{CARDS}/{project['id']}", {"state": base}).status_code == 200
    base = ada.get(f"{CARDS}/{project['id']}").json["state"]
    tried = base | {"currentStep": "a"}

    mine = base | {"itemDetails": base["itemDetails"] | {"quote": "Shine on."}}
    recover(ada, mine, base=base, attempts=[tried, base, tried], projectId=project["id"], timestamp=2e12)

    assert item_of(ada, project["id"]) == mine["itemDetails"]


def test_a_draft_too_large_for_a_session_becomes_a_project(ada):
    found = recover(ada, draft("d1", description="y" * 90_000, extra="x" * 150_000), projectId=None)

    assert found["recovered"] == "new"
    assert item_of(ada, found["project"]["id"])["extra"] == "x" * 150_000


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"tool": "teapot", "state": {}}, 422),
        ({"tool": ["cardgenerator"]}, 422),
        ([], 422),
        ("x", 422),
    ],
)
def test_what_is_no_backup_is_refused_with_a_reason(ada, body, status):
    answer = ada.post(RECOVER, body)

    assert answer.status_code == status
    assert answer.json["detail"]


def test_a_backup_of_a_project_of_a_newer_version_waits_for_that_version(ada, project, admin):
    admin.document(f"cardgen_projects/{project['id']}").update({"schema_version": 2})

    answer = ada.post(RECOVER, {"tool": "cardgenerator", "state": state("New"), "projectId": project["id"]})

    assert (answer.status_code, "newer version" in answer.json["detail"]) == (409, True)
    assert projects_of(ada) == [project["id"]]


# ---- reading, by property

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=10,
)
names = st.sampled_from(["name", "Name", "damage", "Damage Formula", "properties", "quote", "weight", "x"])
fields = st.sampled_from(
    ["itemDetails", "currentStep", "stepCompletion", "selectedAssets", "generatedContent", "lastSaved"]
)
cards = st.dictionaries(
    fields | st.text(max_size=4), anything | st.dictionaries(names, anything, max_size=4), max_size=4
)


def leaves(value):
    if isinstance(value, dict | list) and value:
        return [leaf for inner in (value.values() if isinstance(value, dict) else value) for leaf in leaves(inner)]
    return [json.dumps(value)]


def test_what_is_wrong_deep_inside_is_taken_out_alone():
    long = "x" * 1_001
    weapons = [{"name": "Axe", "cost": long}, {"name": "Bow"}, {"name": long, "type": "?"}]
    blocks = {"block-1": {"type": "inventory", "weapons": weapons}, "block-2": {"isNewImage": 7}}
    sent = {"store": {"storeData": blocks}}

    read = backup.read({"tool": "storegenerator", "state": sent})

    block = {"type": "inventory", "weapons": [{"name": "Axe"}, {"name": "Bow"}, {"type": "?"}]}
    assert read.state == {"store_draft_data": {"storeData": {"block-1": block}}}
    above = ("state", "store_draft_data", "storeData")
    assert dict(read.rest) == {
        (*above, "block-1", "weapons", 0, "cost"): long,
        (*above, "block-1", "weapons", 2, "name"): long,
        (*above, "block-2"): {"isNewImage": 7},  # nothing of it would be left
    }


def test_a_map_that_lacks_what_its_schema_requires_is_taken_out_whole():
    assert salvage.salvaged(NewObject(), {"type": "spell"}) == ({}, [(("type",), "spell")])


@given(cards)
@example({"itemDetails": {"Name": [], "name": [[]]}})  # two spellings of one field, and only one cannot be kept
@example({"itemDetails": {"Name": [], "name": {"": None}}})
@example({"currentStep": [{"": {"": None}}]})  # one within another, which is taken out with it
@example({"itemDetails": {"description": {"": {"": 1}}}})
def test_reading_never_fails_and_every_word_is_in_the_state_or_in_the_rest(given_state):
    read = backup.read({"tool": "cardgenerator", "state": given_state})

    found = leaves(read.state) + [leaf for _, value in read.rest for leaf in leaves(value)]
    for leaf in leaves({name: v for name, v in given_state.items() if name != "lastSaved"}):
        if leaf not in ("null", "{}"):
            assert leaf in found


# ---- what the first system's clients left, where it is at hand

LEGACY = ROOT.parent / "shared/data/legacy/localstorage.json"
LEFT = json.loads(LEGACY.read_text()) if LEGACY.exists() else []


@pytest.mark.parametrize("left", LEFT, ids=lambda left: left["name"])
def test_a_backup_that_an_old_client_left_is_recovered_or_kept(ada, left):
    text = left["value"]
    try:
        sent = json.loads(text)
    except ValueError:
        sent = {"raw": text} if text else {}
    if "itemDetails" in sent:
        sent = {"state": {k: v for k, v in sent.items() if k != "projectId"}} | (
            {"projectId": sent["projectId"]} if "projectId" in sent else {}
        )

    answer = ada.post(RECOVER, {"tool": "cardgenerator"} | sent)

    assert answer.status_code == 200
    whose = sent.get("userId", "anonymous")
    if whose not in ("anonymous", ada.uid):
        assert answer.json["recovered"] == "other_user"
        answer = ada.post(RECOVER, {"tool": "cardgenerator"} | sent | {"userId": ada.uid})
    found = answer.json
    words = sent.get("state", {}).get("itemDetails", {})
    if isinstance(words, dict) and words.get("name"):
        assert (found["recovered"], found["unreadable"]) == ("new", [])
        assert found["project"]["state"]["itemDetails"] == words
    else:
        assert found["recovered"] == "default"
        assert bool(found["kept_as"]) == bool(found["unreadable"])


def test_the_session_says_what_was_recovered_also_where_it_went_into_a_project(ada, project):
    ada.patch("/api/session", {"current_tool": "cardgenerator", "active_project_id": project["id"]})
    sent = {"tool": "cardgenerator", "userId": ada.uid, "projectId": project["id"], "base": {}}
    sent |= {"state": state(rarity="rare"), "newProjectId": str(uuid.uuid4())}

    answer = ada.post(RECOVER, sent, headers={"X-Save-Id": "12345678-r"})

    assert (answer.json["recovered"], answer.json["action"]) == ("exact", "merge")
    assert "12345678-r" in ada.get("/api/session").json["last_saves"].values()
