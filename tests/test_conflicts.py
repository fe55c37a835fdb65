"""Where both replaced the same, one stands, the other is in a save, and everybody is told until somebody chooses."""

import copy
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from conftest import operations
from rules_builders import people_around, shared

from shared.merge import conflicts as open_conflicts
from shared.saves.preview import preview as preview_of
from shared.schemas.tools import TOOLS

SESSION = "/api/session"
CARD = f"{SESSION}/tools/cardgenerator"
PROJECTS = "/api/cardgenerator/projects"
THE_CARD = {"name": "Sunblade", "quote": "It shines at noon."}


@pytest.fixture(params=["session", "project"])
def place(request, ada):
    """Where a card is that holds THE_CARD: its address, what it calls its item, and how it reads now."""
    if request.param == "session":
        ada.put(CARD, {"draft_item_data": THE_CARD})
        found = SimpleNamespace(at=CARD, item="draft_item_data", listed=f"{SESSION}/saves")
        found.read = lambda: ada.get(SESSION).json["cardgenerator"]
        found.state = found.read
        found.etag = lambda: ada.get(SESSION).headers["ETag"]
        found.patch = lambda item, **options: ada.patch(CARD, {found.item: item}, **options)
    else:
        made = ada.post(PROJECTS, {"name": "Sunblade", "state": {"itemDetails": THE_CARD}})
        found = SimpleNamespace(at=f"{PROJECTS}/{made.json['id']}", item="itemDetails")
        found.listed = f"{found.at}/saves"
        found.read = lambda: ada.get(found.at).json
        found.state = lambda: found.read()["state"]
        found.etag = lambda: ada.get(found.at).headers["ETag"]
        found.patch = lambda item, **options: ada.patch(found.at, {"state": {found.item: item}}, **options)
    found.conflicts = lambda: found.read().get("conflicts", [])
    found.merge = lambda mine, base=THE_CARD, headers=None, **more: ada.post(
        f"{found.at}/merge", {"base": {found.item: base}, "mine": {found.item: mine}} | more, headers=headers
    )
    found.choose = lambda entry, choice, **options: ada.post(
        f"{found.at}/conflicts/choose",
        {"save_id": entry["save_id"], "path": entry["path"], "choice": choice},
        **options,
    )
    return found


def with_quote(text):
    return THE_CARD | {"quote": text}


def a_conflict(place, **more):
    """Both replaced "noon": stored says dusk, mine dawn."""
    place.patch({"quote": "It shines at dusk."}, headers={"X-Device-Id": "laptop"})
    answer = place.merge(with_quote("It shines at dawn."), headers={"X-Device-Id": "phone"}, **more)
    assert answer.status_code == 200, answer.text
    return answer


def test_where_both_replaced_the_same_words_mine_stands_and_the_other_value_is_open_in_the_document(place, ada):
    before = ada.get(SESSION).headers["ETag"] if place.at == CARD else place.etag()
    answer = a_conflict(place)

    assert answer.json["state"][place.item]["quote"] == "It shines at dawn."
    (entry,) = answer.json["conflicts"]
    assert (entry["path"], entry["by"], entry["device"]) == (f"{place.item}.quote", "Alice", "laptop")
    assert entry["save_id"] == answer.json["save_of_other"] and entry["at"].endswith("Z")
    assert answer.json["etag"] == answer.headers["ETag"] != before
    assert place.conflicts() == [entry]
    save = ada.get(f"{place.listed}/{entry['save_id']}").json
    assert save["state"][place.item]["quote"] == "It shines at dusk." and save["reason"] == "conflict"


def test_where_stored_stands_mine_is_in_the_save_and_told_as_the_callers(place, ada):
    answer = a_conflict(place, stands="stored")

    assert answer.json["state"][place.item]["quote"] == "It shines at dusk."
    (entry,) = place.conflicts()
    assert (entry["by"], entry["device"]) == ("Alice", "phone")
    assert ada.get(f"{place.listed}/{entry['save_id']}").json["state"][place.item]["quote"] == "It shines at dawn."


@pytest.mark.parametrize("stands", ["mine", "stored"])
def test_a_merge_whose_answer_was_lost_is_recognised_and_writes_nothing(place, stands):
    place.patch({"quote": "It shines at dusk."})
    mine = with_quote("It shines at dawn.")
    once = place.merge(mine, headers={"X-Save-Id": "save-1"}, stands=stands)

    again = place.merge(mine, headers={"X-Save-Id": "save-1"}, stands=stands)

    assert (again.status_code, operations(again)) == (200, {"BatchGetDocuments": 1, "reads": 1})
    assert again.json["state"][place.item] == once.json["state"][place.item]
    assert (again.json["etag"], again.json["conflicts"]) == (once.json["etag"], once.json["conflicts"])
    assert once.json["save_id"] == again.json["save_id"] == "save-1"


@pytest.mark.parametrize(("save_id", "status"), [("save-1", 200), ("save-2", 412)])
def test_a_merge_that_comes_after_another_save_than_the_one_it_answers_to_changes_nothing(place, save_id, status):
    """Refused, unless it was carried out before: then it is answered with what became of it since."""
    seen = place.etag()
    place.merge(with_quote("It shines at noon. Always."), headers={"If-Match": seen, "X-Save-Id": "save-1"})
    place.patch({"quote": "Dark."})

    late = place.merge(with_quote("It shines at noon. Always."), headers={"If-Match": seen, "X-Save-Id": save_id})

    assert (late.status_code, operations(late)["Commit"], late.json["etag"]) == (status, 0, place.etag())
    assert place.state()[place.item]["quote"] == "Dark."


def test_a_merge_whose_answer_was_lost_is_recognised_though_its_if_match_is_stale_by_it(place):
    sent = {"If-Match": place.etag(), "X-Save-Id": "save-1"}
    once = place.merge(with_quote("Dark."), headers=sent)

    again = place.merge(with_quote("Dark."), headers=sent)

    assert (once.status_code, again.status_code, again.json["etag"]) == (200, 200, once.json["etag"])


@pytest.mark.parametrize("stands", ["mine", "stored"])
def test_a_path_that_is_open_with_the_same_other_value_is_not_opened_twice(place, ada, stands):
    first = a_conflict(place, stands=stands)
    if stands == "mine":
        place.patch({"quote": "It shines at dusk."})
    place.patch({"weight": "3 lb."})

    again = place.merge(with_quote("It shines at dawn."), stands=stands)

    assert again.json["conflicts"] == first.json["conflicts"]
    assert again.json["save_of_other"] == first.json["save_of_other"]
    assert len(ada.get(place.listed).json["saves"]) == 1


def test_a_save_that_several_open_paths_name_is_read_once(place):
    both = {"name": "Bladesun", "quote": "It shines at dawn."}
    place.patch({"name": "Moonblade", "quote": "It shines at dusk."})
    sent = {"stands": "stored"}
    assert len(place.merge(both, **sent).json["conflicts"]) == 2

    again = place.merge(both, **sent)

    assert len(again.json["conflicts"]) == 2
    assert operations(again) == {"BatchGetDocuments": 2, "reads": 2}


def test_another_value_at_an_open_path_is_another_conflict(place):
    a_conflict(place)
    place.patch({"quote": "It shines at night."})

    answer = place.merge(with_quote("It shines at dawn."))

    assert [entry["path"] for entry in answer.json["conflicts"]] == [f"{place.item}.quote"] * 2
    assert len({entry["save_id"] for entry in answer.json["conflicts"]}) == 2


def test_two_people_who_append_both_stay_and_there_is_no_conflict(place):
    place.patch({"quote": "It shines at noon. Always."})

    answer = place.merge(with_quote("It shines at noon. Or so they say."))

    assert answer.json["state"][place.item]["quote"] == "It shines at noon. Always. Or so they say."
    assert answer.json["conflicts"] == place.conflicts() == [] and "save_of_other" not in answer.json


def test_what_was_typed_into_an_empty_form_and_what_was_stored_are_both_kept(place):
    answer = place.merge({"name": "Moonblade"}, base={})

    assert answer.json["state"][place.item]["name"] == "Sunblade Moonblade"


def test_an_edit_stands_against_a_deletion_and_is_told(place):
    place.patch({"quote": "It shines at dusk."})

    answer = place.merge(with_quote(""))

    assert answer.json["state"][place.item]["quote"] == "It shines at dusk."
    assert (answer.json["edits_kept"], answer.json["conflicts"]) == ([f"{place.item}.quote"], [])


def test_a_merge_of_a_draft_as_it_was_read_is_understood(place, ada):
    a_conflict(place)
    read = place.state()

    answer = ada.post(f"{place.at}/merge", {"base": read, "mine": read | {"stepCompletion": {"a": True}}})

    assert (answer.status_code, len(answer.json["conflicts"])) == (200, 1)


def test_a_merge_says_how_the_project_is_called(ada):
    made = ada.post(PROJECTS, {"name": "The long blade"}).json

    assert ada.post(f"{PROJECTS}/{made['id']}/merge", {"base": {}, "mine": {}}).json["name"] == "The long blade"


def test_a_side_is_named_mine_or_stored_and_a_body_is_an_object(place, ada):
    assert place.merge(THE_CARD, stands="theirs").json["errors"].keys() == {"stands"}
    assert place.merge(THE_CARD, stands=None).status_code == 422
    assert ada.post(f"{place.at}/merge", []).status_code == 422
    assert ada.post(f"{place.at}/merge", {"base": {}, "mine": "x"}).status_code == 422


# ---- what stands in the document


def test_nobody_sets_the_conflicts_of_a_document_by_hand(place, ada):
    a_conflict(place)
    entry = place.conflicts()[0]

    for method, path in (("PATCH", place.at), ("PUT", place.at)):
        body = {"conflicts": [entry]} | ({"name": "Sunblade"} if place.at != CARD else {})
        assert ada.request(method, path, body).json["errors"].keys() == {"conflicts"}
    assert place.conflicts() == [entry]


def test_an_autosave_keeps_them_and_a_new_item_in_the_draft_has_none(place, ada):
    a_conflict(place)

    place.patch({"weight": "3 lb."})
    assert len(place.conflicts()) == 1
    if place.at == CARD:
        ada.put(CARD, {"draft_item_data": {"name": "Another"}})
        assert place.conflicts() == []
    else:
        ada.put(place.at, {"name": "Sunblade", "state": {"itemDetails": {"name": "Sunblade"}}})
        assert len(place.conflicts()) == 1


def test_at_most_twenty_are_open_and_what_is_older_is_a_save(place, ada):
    def conflicts_of(*numbers):
        fields = {f"field{i}": f"old words {i}" for i in numbers}
        place.patch({name: f"their words of {name}" for name in fields})
        return place.merge({name: f"my words of {name}" for name in fields}, base=fields)

    first, second = conflicts_of(*range(12)), conflicts_of(*range(12, 24))

    assert (len(first.json["conflicts"]), len(second.json["conflicts"]), len(place.conflicts())) == (12, 20, 20)
    paths = [entry["path"] for entry in place.conflicts()]
    assert paths[8:] == [entry["path"] for entry in second.json["conflicts"][8:]]
    assert set(paths[8:]) == {f"{place.item}.field{i}" for i in range(12, 24)}
    save = ada.get(f"{place.listed}/{first.json['save_of_other']}").json
    assert save["state"][place.item]["field0"] == "their words of field0"
    many = conflicts_of(*range(24, 44))  # one write opens 12, firestore.rules can check no more
    assert len([entry for entry in many.json["conflicts"] if entry["save_id"] == many.json["save_of_other"]]) == 12


def test_a_draft_that_becomes_a_project_takes_its_conflicts_and_their_saves_along(ada):
    ada.put(CARD, {"draft_item_data": with_quote("It shines at dusk.")})
    body = {"base": {"draft_item_data": THE_CARD}, "mine": {"draft_item_data": with_quote("It shines at dawn.")}}
    (was,) = ada.post(f"{CARD}/merge", body).json["conflicts"]

    made = ada.post(PROJECTS, {"name": "Sunblade", "from_draft": True})

    assert made.status_code == 201, made.text
    path = f"{PROJECTS}/{made.json['id']}"
    (entry,) = ada.get(path).json["conflicts"]
    assert entry == was | {"path": "itemDetails.quote"} and made.json["conflicts"] == [entry]
    assert ada.get(f"{path}/saves/{entry['save_id']}").json["state"]["itemDetails"]["quote"] == "It shines at dusk."
    assert "conflicts" not in ada.get(SESSION).json["cardgenerator"]
    chosen = ada.post(
        f"{path}/conflicts/choose", {"save_id": entry["save_id"], "path": entry["path"], "choice": "other"}
    )
    assert chosen.json["state"]["itemDetails"]["quote"] == "It shines at dusk."


def a_draft_with_a_conflict(person):
    """The draft's only open conflict; its `draft_id` is d1."""
    person.put(CARD, {"draft_id": "d1", "draft_item_data": with_quote("It shines at dusk.")})
    base, mine = ({"draft_item_data": item} for item in (THE_CARD, with_quote("It shines at dawn.")))
    (entry,) = person.post(f"{CARD}/merge", {"base": base, "mine": mine}).json["conflicts"]
    return entry


def settled_in(person, project_id, entry):
    """The project's quote after the other value was chosen there."""
    path = f"{PROJECTS}/{project_id}"
    assert person.get(path).json["conflicts"] == [entry | {"path": "itemDetails.quote"}]
    choice = {"save_id": entry["save_id"], "path": "itemDetails.quote", "choice": "other"}
    return person.post(f"{path}/conflicts/choose", choice).json["state"]["itemDetails"]["quote"]


def test_a_draft_that_makes_room_for_an_object_takes_its_conflicts_along(ada):
    entry = a_draft_with_a_conflict(ada)
    thing = ada.post("/api/objects", {"type": "item", "name": "Moonblade"}).json["id"]

    made = ada.post(f"/api/objects/{thing}/open", {}).json["kept_as_project"]

    assert settled_in(ada, made, entry) == "It shines at dusk."
    assert "conflicts" not in ada.get(SESSION).json["cardgenerator"]


def test_a_guests_draft_takes_its_conflicts_along_to_the_account(ada, guest):
    guest.put(SESSION, {})
    entry = a_draft_with_a_conflict(guest)

    guest.post(f"{SESSION}/claim", {"transfer_to": ada.uid})
    assert ada.post(f"{SESSION}/claim", {"from": guest.uid}).json["done"]

    (project,) = ada.get(PROJECTS).json["projects"]
    assert settled_in(ada, project["id"], entry) == "It shines at dusk."


def test_a_conflict_whose_save_is_gone_stays_behind_when_the_draft_becomes_a_project(ada):
    entry = a_draft_with_a_conflict(ada)
    ada.delete(f"{SESSION}/saves/{entry['save_id']}")

    assert ada.post(PROJECTS, {"name": "S", "from_draft": True}).json["conflicts"] == []


def test_an_expired_session_leaves_its_drafts_as_saves_that_can_be_stored_again(ada, admin):
    a_draft_with_a_conflict(ada)
    admin.document(f"sessions/{ada.uid}").update({"expires_at": datetime.now(UTC) - timedelta(minutes=1)})

    (kept,) = [
        save for save in ada.put(SESSION, {}).json["kept_as"] if save["reason"] == "expired" and save.get("tool")
    ]

    state = ada.get(f"{SESSION}/saves/{kept['id']}").json["state"]
    assert ada.put(CARD, {name: value for name, value in state.items() if name != "last_saved"}).status_code == 200


def test_what_a_client_wrote_there_past_the_functions_is_read_as_far_as_it_can_be(place, ada, admin):
    a_conflict(place)
    path = f"sessions/{ada.uid}" if place.at == CARD else f"cardgen_projects/{place.at.rpartition('/')[2]}"
    field = "cardgenerator.conflicts" if place.at == CARD else "conflicts"
    entries = admin.document(path).get().get(field)

    admin.document(path).update({field: ["x", *entries, {"path": 5, "save_id": "x"}]})

    damaged = ada.get(SESSION if place.at == CARD else place.at).json["damaged"]
    assert f"{field}.0" in damaged and f"{field}.2.path" in damaged
    assert [entry["path"] for entry in place.merge(THE_CARD).json["conflicts"]] == [f"{place.item}.quote"]
    admin.document(path).update({field: "x"})
    assert place.merge(THE_CARD).json["conflicts"] == []


@pytest.mark.parametrize("save_id", ["", "a/b", "a/b/c", "..", ".", "__x__", "é/../x", "x\0y", "👍", "x\n", "x" * 129])
def test_an_entry_that_names_no_save_is_none_and_is_in_nobodys_way(place, ada, admin, save_id):
    """A1: whoever wrote one to Firestore had ended everybody's merges at that path."""
    path = f"sessions/{ada.uid}" if place.at == CARD else f"cardgen_projects/{place.at.rpartition('/')[2]}"
    field = "cardgenerator.conflicts" if place.at == CARD else "conflicts"
    forged = {"path": f"{place.item}.quote", "by": "B", "device": "d", "at": datetime.now(UTC), "save_id": save_id}
    admin.document(path).update({field: [forged]})

    assert (place.conflicts(), ada.get(SESSION if place.at == CARD else place.at).json["damaged"]) == (
        [],
        [f"{field}.0.save_id"],
    )
    (entry,) = a_conflict(place).json["conflicts"]
    assert entry["save_id"] != save_id
    assert place.choose(entry, "other").json["conflicts"] == place.conflicts() == []


# ---- paths


@pytest.mark.parametrize(
    ("state", "path", "other", "result"),
    [
        ({"a": {"b": 1, "c": 2}}, "a.b", {"a": {"b": 3}}, {"a": {"b": 3, "c": 2}}),
        ({}, "a.b", {"a": {"b": 3, "c": 4}}, {"a": {"b": 3}}),  # c was emptied on purpose
        ({}, "a.b.c", {"a": {"b": {"c": 1, "d": 2}, "e": 3}}, {"a": {"b": {"c": 1}}}),
        ({}, "a.2.n", {"a": [{"id": 1}, {"id": 2, "n": 9, "m": 8}]}, {"a": [{"id": 2, "n": 9, "m": 8}]}),
        ({"a": 5}, "a.b", {"a": {"b": 3}}, {"a": {"b": 3}}),
        ({"a": {"b": 1, "c": 2}}, "a.b", {"a": {}}, {"a": {"c": 2}}),
        ({"a": 1}, "x", {}, {"a": 1}),
        ({"a.b": {"c": 1}, "a": {"b": 5}}, "a.b.c", {"a.b": {"c": 2}}, {"a.b": {"c": 2}, "a": {"b": 5}}),
        (
            {"l": [{"id": 1}, {"id": 2, "n": 1}]},
            "l.2.n",
            {"l": [{"id": 2, "n": 9}]},
            {"l": [{"id": 1}, {"id": 2, "n": 9}]},
        ),
        ({"l": [{"id": 1}]}, "l.2.n", {"l": [{"id": 2, "n": 9}]}, {"l": [{"id": 1}, {"id": 2, "n": 9}]}),
        ({"l": [{"id": 1}]}, "l.2", {"l": [{"id": 2}]}, {"l": [{"id": 1}, {"id": 2}]}),
        ({"l": [{"id": 1}, {"id": 2}]}, "l.2", {"l": [{"id": 1}]}, {"l": [{"id": 1}]}),
        ({"l": "x"}, "l.2", {"l": [{"id": 2}]}, {"l": [{"id": 2}]}),
        ({"l": ["a"]}, "l", {"l": ["b", "c"]}, {"l": ["b", "c"]}),
    ],
)
def test_a_value_is_put_where_its_path_says_and_nothing_else_changes(state, path, other, result):
    before = copy.deepcopy(state)

    assert open_conflicts.with_value(state, path, other) == result
    assert state == before
    assert open_conflicts.value_at(result, path) == open_conflicts.value_at(other, path)


def test_a_path_that_no_entry_can_hold_is_its_first_field():
    assert open_conflicts.bounded("a." + "b" * 1_498) == "a." + "b" * 1_498
    assert open_conflicts.bounded("a." + "b" * 1_499) == "a"


# ---- choosing


def test_what_is_in_the_field_now_stays_where_stored_is_chosen(place):
    a_conflict(place)
    place.patch({"quote": "It shines at dawn. And I went on writing."})
    (entry,) = place.conflicts()

    answer = place.choose(entry, "stored")

    assert (answer.status_code, answer.json["conflicts"]) == (200, [])
    assert answer.json["state"][place.item]["quote"] == "It shines at dawn. And I went on writing."
    assert answer.json["etag"] == answer.headers["ETag"] == place.etag() and place.conflicts() == []


def test_the_other_value_takes_the_fields_place_and_what_was_there_is_a_save(place, ada):
    a_conflict(place)
    place.patch({"quote": "It shines at dawn. And I went on writing.", "weight": "3 lb."})

    answer = place.choose(place.conflicts()[0], "other")

    assert place.state()[place.item] == THE_CARD | {"quote": "It shines at dusk.", "weight": "3 lb."}
    assert place.conflicts() == answer.json["conflicts"] == []
    save = ada.get(f"{place.listed}/{answer.json['save_of_present']}").json
    assert save["reason"] == "conflict"
    assert save["state"][place.item]["quote"] == "It shines at dawn. And I went on writing."


@pytest.mark.parametrize("choice", ["stored", "other"])
def test_a_choice_that_is_repeated_or_of_nothing_writes_nothing(place, choice):
    a_conflict(place)
    (entry,) = place.conflicts()
    once = place.choose(entry, choice)

    for again in (place.choose(entry, choice), place.choose(entry | {"save_id": str(uuid.uuid4())}, "other")):
        assert (again.status_code, operations(again)["Commit"]) == (200, 0)
        assert (again.json["state"][place.item], again.json["etag"]) == (
            once.json["state"][place.item],
            once.json["etag"],
        )


def test_an_autosave_that_saw_the_document_before_the_choice_is_refused(place):
    a_conflict(place)
    seen = place.etag()
    place.choose(place.conflicts()[0], "stored")

    assert place.patch({"quote": "x"}, headers={"If-Match": seen}).status_code == 412


def test_a_choice_against_words_that_nobody_saw_is_refused(place):
    a_conflict(place)
    (entry,), seen = place.conflicts(), place.etag()
    place.patch({"quote": "It shines at dawn, and at dusk."})

    late = place.choose(entry, "other", headers={"If-Match": seen})

    assert (late.status_code, place.conflicts()) == (412, [entry])
    assert place.state()[place.item]["quote"] == "It shines at dawn, and at dusk."
    once = place.choose(entry, "other", headers={"If-Match": late.json["etag"]})
    again = place.choose(entry, "other", headers={"If-Match": late.json["etag"]})
    assert (once.status_code, again.status_code, place.conflicts()) == (200, 200, [])


def test_of_a_save_that_is_gone_only_the_stored_value_can_be_chosen(place, ada):
    a_conflict(place)
    (entry,) = place.conflicts()
    assert ada.delete(f"{place.listed}/{entry['save_id']}").status_code == 204

    refused = place.choose(entry, "other")

    assert (refused.status_code, "gone" in refused.json["detail"]) == (409, True)
    assert place.choose(entry, "stored").json["conflicts"] == []


def test_ten_devices_that_choose_at_once_settle_it_once(place):
    a_conflict(place)
    (entry,) = place.conflicts()

    with ThreadPoolExecutor(10) as devices:
        answers = list(devices.map(lambda _: place.choose(entry, "other"), range(10)))

    assert {answer.status_code for answer in answers} == {200}
    assert len([answer for answer in answers if "save_of_present" in answer.json]) == 1


def test_an_element_of_a_list_is_chosen_by_its_id_and_a_list_without_ids_whole(ada):
    def state(name, *lines):
        return {"search_context": {"rows": [{"id": "a.b", "text": f"{name} one"}], "lines": list(lines)}}

    made = ada.post("/api/ruleslawyer/projects", {"name": "R", "state": state("their", "x")})
    path = f"/api/ruleslawyer/projects/{made.json['id']}"
    body = {"base": {"search_context": {"rows": [{"id": "a.b", "text": "old one"}]}}}
    mine = {"search_context": {"rows": [{"id": "a.b", "text": "my one"}, {"id": "c", "text": "new"}]}}
    (entry,) = ada.post(f"{path}/merge", body | {"mine": mine}).json["conflicts"]

    assert entry["path"] == "search_context.rows.a.b.text"
    ada.post(f"{path}/conflicts/choose", {"save_id": entry["save_id"], "path": entry["path"], "choice": "other"})
    assert ada.get(path).json["state"]["search_context"]["rows"] == [
        {"id": "a.b", "text": "their one"},
        {"id": "c", "text": "new"},
    ]


def test_a_choice_names_a_save_a_path_and_one_of_two(place, ada):
    for body in (
        {},
        {"save_id": "x", "path": "a", "choice": "mine"},
        {"save_id": "a/b", "path": "a", "choice": "other"},
    ):
        assert ada.post(f"{place.at}/conflicts/choose", body).status_code == 422


def test_who_saves_a_project_merges_and_chooses_there_and_nobody_else(alice, person, admin):
    people = people_around(alice, person)
    ref = shared(admin, people, "cardgen_projects", state={"itemDetails": with_quote("It shines at dusk.")})
    path = f"{PROJECTS}/{ref.id}"
    body = {"base": {"itemDetails": THE_CARD}, "mine": {"itemDetails": with_quote("It shines at dawn.")}}

    refused = {
        who: people[who].post(f"{path}/merge", body).status_code for who in people if who not in ("owner", "editor")
    }
    (entry,) = people["editor"].post(f"{path}/merge", body).json["conflicts"]

    assert refused == {"signed out": 401, "guest": 404, "stranger": 404, "viewer": 403}
    assert (entry["by"], alice.get(path).json["conflicts"]) == ("", [entry]) or entry["by"]
    choice = {"save_id": entry["save_id"], "path": entry["path"], "choice": "other"}
    answers = {who: people[who].post(f"{path}/conflicts/choose", choice).status_code for who in people}
    assert answers == {"signed out": 401, "guest": 404, "stranger": 404, "viewer": 403, "editor": 200, "owner": 200}


# ---- saves


def test_a_save_is_made_of_what_is_stored_or_of_what_is_sent_and_found_again(place, ada):
    stored = {"id": str(uuid.uuid4()), "name": "Before the dragon", "reason": "named"}
    sent = {"id": str(uuid.uuid4()), "name": "Typed", "reason": "checkpoint", "state": {place.item: {"name": "Moon"}}}

    made = [
        ada.post(f"{place.at}/saves", body, headers={"X-Device-Id": "laptop"}) for body in (stored, sent, stored, sent)
    ]

    assert [answer.status_code for answer in made] == [201, 201, 200, 200]
    assert made[0].json == made[2].json and made[0].headers["ETag"] == made[0].json["etag"]
    listed = {save["id"]: save for save in ada.get(place.listed).json["saves"]}
    assert listed.keys() == {stored["id"], sent["id"]}
    found = listed[stored["id"]]
    assert (found["name"], found["reason"]) == ("Before the dragon", "named")
    assert found["preview"] == "Sunblade It shines at noon."
    assert (found["updated_by"]["name"], found["updated_by"]["device"]) == ("Alice", "laptop")
    assert ada.get(f"{place.listed}/{stored['id']}").json["state"][place.item] == THE_CARD
    assert ada.get(f"{place.listed}/{sent['id']}").json["state"] == {place.item: {"name": "Moon"}}


@pytest.mark.parametrize("first", [None, "Moon"])
def test_the_id_of_a_save_with_another_name_reason_or_state_is_409_and_with_the_same_200(place, ada, first):
    """A6: it was answered as made, and was nowhere."""

    def state(name):
        return {"state": {place.item: {"name": name, "weight_in_kg": 1.0}}}

    body = {"id": str(uuid.uuid4()), "name": "S", "reason": "named"} | (state(first) if first else {})
    assert ada.post(f"{place.at}/saves", body).status_code == 201
    place.patch({"quote": "Another."})  # what is stored meanwhile makes no other save of it

    other = [body | change for change in ({"name": "T"}, {"reason": "checkpoint"}, state("Sun"))]
    answers = [ada.post(f"{place.at}/saves", sent) for sent in [body, *other, body]]

    assert [answer.status_code for answer in answers] == [200, 409, 409, 409, 200]
    assert "another random id" in answers[1].json["detail"]
    kept = ada.get(f"{place.listed}/{body['id']}").json
    assert (kept["name"], kept["state"][place.item]["name"]) == ("S", first or "Sunblade")


def test_a_save_of_a_draft_with_a_time_in_it_is_found_again(ada):
    body = {"id": str(uuid.uuid4()), "name": "S", "reason": "named"}
    body["state"] = {"current_step": "a", "last_saved": "2026-11-26T00:00:00.123456Z"}

    assert [ada.post(f"{CARD}/saves", body).status_code for _ in range(2)] == [201, 200]
    ada.post(f"{SESSION}/tools/ruleslawyer/saves", moved := body | {"id": str(uuid.uuid4())})
    assert ada.post(f"{SESSION}/tools/storegenerator/saves", moved).status_code == 409


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"id": "a/b"}, "id"),
        ({"name": " "}, "name"),
        ({"reason": "quarantine"}, "reason"),
        ({"state": {"no_such_field": 1}}, "state.no_such_field"),
        ({"state": None}, "state"),
        ({"other": 1}, "other"),
    ],
)
def test_what_is_no_save_is_refused_by_its_field(place, ada, change, field):
    body = {"id": str(uuid.uuid4()), "name": "S", "reason": "named"} | change

    assert ada.post(f"{place.at}/saves", body).json["errors"].keys() == {field}


def test_an_id_that_somebody_elses_save_has_is_409_and_a_viewer_makes_none(alice, person, admin):
    people = people_around(alice, person)
    ref = shared(admin, people, "cardgen_projects")
    path, body = f"{PROJECTS}/{ref.id}/saves", {"id": str(uuid.uuid4()), "name": "S", "reason": "named"}

    statuses = {who: people[who].post(path, body).status_code for who in ("viewer", "editor", "owner", "stranger")}

    assert statuses == {"viewer": 403, "editor": 201, "owner": 409, "stranger": 404}
    assert people["editor"].delete(f"{path}/{body['id']}").status_code == 403
    assert alice.delete(f"{path}/{body['id']}").status_code == 204
    assert alice.delete(f"{path}/{body['id']}").status_code == 404


@pytest.mark.parametrize(
    ("tool", "state", "preview"),
    [
        (
            "cardgenerator",
            {"draftId": "d", "itemDetails": {"description": "It shines.", "name": "Sun"}},
            "Sun It shines.",
        ),
        ("cardgenerator", {"draft_item_data": {"name": "Sun"}, "current_step": "text"}, "Sun"),
        ("cardgenerator", {"selectedAssets": {"border": "https://a/b.png", "templateBlob": "data:image/png;x"}}, ""),
        (
            "ruleslawyer",
            {"favorite_rules": ["One.", "Two\n two."], "search_context": {"q": "Flanking?"}},
            "Flanking? One. Two two.",
        ),
        ("cardgenerator", {"itemDetails": {"name": "x" * 300}}, "x" * 200),
        ("cardgenerator", {"itemDetails": {"name": "Sun", "list": [f"word {i}" for i in range(90)]}}, None),
        (None, {"clipboard": ["a b"], "n": 5}, "a b"),
    ],
)
def test_a_save_says_how_it_begins(tool, state, preview):
    found = preview_of(tool and TOOLS[tool], state)

    assert found == preview if preview is not None else len(found) == 200 and found.startswith("Sun word 0 word 1")


def test_saves_come_a_page_at_a_time_each_once_newest_first(place, ada):
    ids = [str(uuid.uuid4()) for _ in range(53)]
    for save_id in ids:
        assert ada.post(f"{place.at}/saves", {"id": save_id, "name": "S", "reason": "checkpoint"}).status_code == 201

    first = ada.get(place.listed).json
    second = ada.get(f"{place.listed}?cursor={first['next']}").json

    assert (len(first["saves"]), "next" in second) == (50, False)
    assert [save["id"] for save in first["saves"] + second["saves"]] == ids[::-1]
    assert ada.get(f"{place.listed}?cursor=x").status_code == 422


def test_saves_of_two_tools_are_one_list(ada):
    ids = [str(uuid.uuid4()) for _ in range(52)]
    for i, save_id in enumerate(ids):
        tool = ("cardgenerator", "storegenerator")[i % 2]
        body = {"id": save_id, "name": "S", "reason": "checkpoint", "state": {"current_step": "a"}}
        ada.post(f"{SESSION}/tools/{tool}/saves", body)

    first = ada.get(f"{SESSION}/saves").json
    second = ada.get(f"{SESSION}/saves?cursor={first['next']}").json

    assert [save["id"] for save in first["saves"] + second["saves"]] == ids[::-1]
