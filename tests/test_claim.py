"""A guest signs in to an account that exists already, and all of the guest's work comes along."""

import datetime as dt
from contextlib import suppress

import pytest
from google.api_core.exceptions import InvalidArgument, PermissionDenied
from google.cloud.firestore import DELETE_FIELD, SERVER_TIMESTAMP, FieldFilter
from rules_builders import OBJECTS, OWNED, PROJECTS, created, denied, may, people_around, shared, touch

from shared.account import claim as claiming

CLAIM, CARD, CARDS, LIBRARY = (
    "/api/session/claim",
    "/api/session/tools/cardgenerator",
    "/api/cardgenerator/projects",
    "/api/objects",
)


def mark(guest, account):
    """As the client does it: again and again until it is done."""
    return until_done(lambda: guest.post(CLAIM, {"transfer_to": account.uid}))


def take(account, guest):
    return until_done(lambda: account.post(CLAIM, {"from": guest.uid}))


def until_done(call):
    answers = []
    while not answers or not answers[-1]["done"]:
        answer = call()
        assert answer.status_code == 200, answer.text
        answers.append(answer.json)
    return answers


@pytest.fixture
def work(guest):
    """What a guest leaves: two drafts, projects (one promoted, one in the trash), an object, a pin, a save."""
    guest.put("/api/session", {})
    projects = [guest.post(CARDS, {"name": f"Card {i}", "state": {"itemDetails": {"name": f"C{i}"}}}) for i in range(3)]
    ids = [project.json["id"] for project in projects]
    promoted = guest.post("/api/objects/promote", {"project_id": ids[0]}).json["id"]
    guest.delete(f"{CARDS}/{ids[2]}")
    store = guest.post("/api/storegenerator/projects", {"name": "Roots"}).json["id"]
    plain = guest.post(LIBRARY, {"type": "spell", "name": "Light"}).json["id"]
    guest.put(f"/api/session/pinned_objects/{plain}")
    guest.put(CARD, {"draft_id": "d1", "draft_item_data": {"name": "Sunblade", "quote": "Shine."}})
    guest.put("/api/session/tools/ruleslawyer", {"favorite_rules": ["Grappling"]})
    kept = guest.post("/api/session/recover", {"tool": "cardgenerator", "raw": "{cut of"}).json["kept_as"][0]
    return {"ids": ids, "promoted": promoted, "store": store, "plain": plain, "kept": kept["id"]}


def names(person, tool, query=""):
    return sorted(project["name"] for project in person.get(f"/api/{tool}/projects{query}").json["projects"])


def everything_is_there(account, work):
    assert names(account, "cardgenerator") == ["Card 0", "Card 1", "Sunblade"]
    assert names(account, "cardgenerator", "?trashed=true") == ["Card 2"]
    assert names(account, "storegenerator") == ["Roots"]
    assert names(account, "ruleslawyer") == ["Untitled ruling"]
    assert len(account.get(LIBRARY).json["objects"]) == 2
    card = next(p for p in account.get(CARDS).json["projects"] if p["name"] == "Sunblade")
    state = account.get(f"{CARDS}/{card['id']}").json["state"]
    assert state["itemDetails"] == {"name": "Sunblade", "quote": "Shine."}
    assert account.get("/api/session/pinned_objects").json["ids"] == [work["plain"]]
    assert account.get(f"/api/session/saves/{work['kept']}").json["reason"] == "quarantine"
    assert len(account.get("/api/session/saves").json["saves"]) == 1
    project = account.get(f"{CARDS}/{work['ids'][0]}").json
    assert project["user_id"] == account.uid and project["members"].keys() == {account.uid}
    assert project["object_id"] == work["promoted"], "promoting it again reaches the same object"


def nothing_is_left(guest, admin):
    for collection in OWNED:
        assert not admin.collection(collection).where(filter=FieldFilter("user_id", "==", guest.uid)).get()
        assert not admin.collection(collection).where(filter=FieldFilter("transfer_to", "==", guest.uid)).get()
    assert not admin.document(f"sessions/{guest.uid}").get().exists
    for saves in ("card_sessions", "tool_saves"):
        assert not admin.collection(f"sessions/{guest.uid}/{saves}").get()


def test_all_of_a_guests_work_comes_along_and_nothing_is_lost_or_doubled(guest, alice, work, admin):
    marked = mark(guest, alice)
    taken = take(alice, guest)

    assert sum(answer["offered"] for answer in marked) == 7
    assert taken[-1]["accepted"] == {"objects": 2, "projects": 4, "drafts": 2, "saves": 1}
    everything_is_there(alice, work)
    nothing_is_left(guest, admin)


def test_the_claim_may_be_repeated_and_finds_nothing_more(guest, alice, work):
    mark(guest, alice), mark(guest, alice)
    take(alice, guest)

    assert take(alice, guest) == [{"accepted": {"objects": 0, "projects": 0, "drafts": 0, "saves": 0}, "done": True}]
    everything_is_there(alice, work)


class Interrupted(Exception):
    """The function was ended."""


@pytest.mark.parametrize("before", range(12))
def test_interrupted_before_any_commit_it_goes_on_where_it_stopped(guest, alice, work, admin, monkeypatch, before):
    commit, done = claiming.commit, []

    def interrupting(*args):
        done.append(1)
        if len(done) == before + 1:
            raise Interrupted
        return commit(*args)

    monkeypatch.setattr(claiming, "FEW", 2)
    monkeypatch.setattr(claiming, "commit", interrupting)
    statuses = [guest.post(CLAIM, {"transfer_to": alice.uid}).status_code for _ in range(2)]
    statuses += [alice.post(CLAIM, {"from": guest.uid}).status_code for _ in range(2)]

    assert statuses.count(500) == (1 if len(done) > before else 0)
    everything_is_there(alice, work)
    nothing_is_left(guest, admin)


def test_much_work_takes_several_calls(guest, alice, monkeypatch):
    monkeypatch.setattr(claiming, "MANY", 10)
    for i in range(25):
        guest.post(CARDS, {"name": f"Card {i}"})
    for i in range(12):
        guest.post("/api/session/recover", {"tool": "cardgenerator", "raw": str(i)})

    assert [answer["offered"] for answer in mark(guest, alice)] == [10, 10, 6]
    taken = [answer["accepted"] for answer in take(alice, guest)]
    assert [answer["projects"] for answer in taken] == [10, 10, 5, 0]
    assert [answer["saves"] for answer in taken] == [0, 0, 5, 7]
    assert len(alice.get(CARDS).json["projects"]) == 25
    assert len(alice.get("/api/session/saves").json["saves"]) == 12


def test_an_account_that_works_already_keeps_its_own_and_gets_the_guests_beside(guest, alice, work):
    alice.put("/api/session", {})
    alice.put(CARD, {"draft_id": "d9", "draft_item_data": {"name": "Mine"}})
    own = alice.post(LIBRARY, {"type": "spell", "name": "Dark"}).json["id"]
    alice.put(f"/api/session/pinned_objects/{own}")
    alice.patch("/api/session", {"preferences": {"theme": "dark"}})

    mark(guest, alice)
    take(alice, guest)

    session = alice.get("/api/session").json
    assert session["cardgenerator"]["draft_item_data"] == {"name": "Mine"}
    assert set(session["pinned_objects"]) == {own, work["plain"]}
    assert session["preferences"]["theme"] == "dark"
    assert names(alice, "cardgenerator") == ["Card 0", "Card 1", "Sunblade"]


def test_a_draft_that_was_recovered_by_the_account_before_the_claim_is_no_second_project(guest, alice, work):
    work_of_it = {"draft_id": "d1", "draft_item_data": {"name": "Sunblade", "quote": "Shine."}}
    alice.put(CARD, {"draft_id": "d2", "draft_item_data": {"name": "Other"}})
    alice.put("/api/session", {})
    alice.put(CARD, {"draft_id": "d2", "draft_item_data": {"name": "Other"}})
    alice.post("/api/session/recover", {"tool": "cardgenerator", "state": work_of_it, "projectId": None})

    mark(guest, alice)
    take(alice, guest)

    assert names(alice, "cardgenerator") == ["Card 0", "Card 1", "Sunblade", "Sunblade"]


def test_a_draft_that_became_two_projects_before_is_no_third(guest, alice):
    """The ids are taken by the account's own projects of that draft: its content is there twice already."""
    draft = {"draft_item_data": {"name": "Sunblade"}}
    guest.put("/api/session", {})
    guest.put(CARD, draft)
    mark(guest, alice)
    stored = guest.firestore.document(f"sessions/{guest.uid}").get().to_dict()["cardgenerator"]
    alice.post(CARDS, {"id": f"{alice.uid}.{claiming.digest(stored)}", "name": "Sunblade"})

    assert take(alice, guest)[-1]["accepted"]["drafts"] == 0
    assert names(alice, "cardgenerator") == ["Sunblade"]


def test_an_expired_session_of_a_guest_is_handed_over_too(guest, alice, work, admin):
    past = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=1)
    admin.document(f"sessions/{guest.uid}").update({"expires_at": past})

    mark(guest, alice)
    take(alice, guest)

    kept = [alice.get(f"/api/session/saves/{s['id']}").json for s in alice.get("/api/session/saves").json["saves"]]
    assert "Sunblade" in str(kept) and "Grappling" in str(kept)


def test_a_taker_takes_only_from_the_giver_he_names(guest, person, alice, work):
    other = person("trojan", "anonymous")
    gift = other.post(CARDS, {"name": "Trojan horse"}).json["id"]
    mark(other, alice)
    mark(guest, alice)

    take(alice, guest)

    assert "Trojan horse" not in names(alice, "cardgenerator")
    assert other.get(f"{CARDS}/{gift}").json["user_id"] == other.uid


def test_nobody_takes_what_was_not_marked_for_him(guest, alice, bob, nobody, work):
    assert sum(take(bob, guest)[-1]["accepted"].values()) == 0
    mark(guest, alice)
    assert sum(take(bob, guest)[-1]["accepted"].values()) == 0
    assert nobody.post(CLAIM, {"from": guest.uid}).status_code == 401
    assert bob.get(f"{CARDS}/{work['ids'][0]}").status_code == 404
    assert guest.get(f"{CARDS}/{work['ids'][0]}").status_code == 200


@pytest.mark.parametrize(
    "body", [{}, {"transfer_to": "a", "from": "b"}, {"transfer_to": 5}, {"from": "a/b"}, {"from": None}]
)
def test_a_claim_says_one_of_the_two(guest, body):
    assert guest.post(CLAIM, body).status_code == 422


def test_an_account_hands_nothing_over_at_once_and_nobody_claims_from_himself(alice, guest):
    assert alice.post(CLAIM, {"transfer_to": guest.uid}).status_code == 403
    assert guest.post(CLAIM, {"transfer_to": guest.uid}).status_code == 422
    assert alice.post(CLAIM, {"from": alice.uid}).status_code == 422


# ---- the rules, against a hostile client

each_owned = pytest.mark.parametrize("collection", OWNED)


@pytest.fixture
def people(alice, person):
    return people_around(alice, person)


def signed_by(someone):
    return {"updated_by": touch("cardgen_projects", someone)["updated_by"]} if someone.uid else {}


def offering(ref, uid, **different):
    return lambda someone: someone.firestore.document(ref.path).update(
        {"transfer_to": uid} | signed_by(someone) | different
    )


def taking(ref, was, **different):
    """As shared/account/claim.py takes it."""

    def attempt(someone):
        uid = someone.uid or "nobody"
        name = {"role": "owner", "name": uid.split("-")[0].title(), "joined_at": SERVER_TIMESTAMP}
        members = {it: m for it, m in was["members"].items() if it not in (was["user_id"], uid)}
        change = {
            "user_id": uid,
            "members": members | {uid: name},
            "readers": [*members, uid],
            "transfer_to": None,
            **signed_by(someone),
        }
        someone.firestore.document(ref.path).update(change | different)

    return attempt


@each_owned
def test_only_the_owner_offers_it_and_nothing_else_changes_with_that(people, admin, collection):
    ref = shared(admin, people, collection)

    assert may(people, offering(ref, "somebody")) == {"owner"}
    for bad in ("", 5, ["x"], "x" * 129, people["owner"].uid, DELETE_FIELD):
        with denied():
            offering(ref, bad)(people["owner"])
    for also in ({"name": "x"}, {"user_id": "bob"}, {"trashed": True}, {"readers": []}, {"updated_by": {"uid": "x"}}):
        with denied():
            offering(ref, "another", **also)(people["owner"])
    offering(ref, None)(people["owner"])


@each_owned
def test_it_is_read_listed_and_taken_by_whom_it_is_offered_to_and_nobody_else(people, admin, collection):
    ref = shared(admin, people, collection)
    admin.document(ref.path).update({"transfer_to": people["stranger"].uid})
    was = admin.document(ref.path).get().to_dict()

    def listing(someone):
        offered = FieldFilter("transfer_to", "==", people["stranger"].uid)
        query = someone.firestore.collection(collection).where(filter=offered)
        assert [found.id for found in query.limit(10).get()] == [ref.id]

    assert may(people, lambda someone: someone.firestore.document(ref.path).get()) == {
        "owner",
        "editor",
        "viewer",
        "stranger",
    }
    assert may(people, listing) == {"stranger"}
    assert may(people, taking(ref, was)) == {"stranger"}
    now = admin.document(ref.path).get().to_dict()
    assert now["user_id"] == people["stranger"].uid
    assert {uid: member["role"] for uid, member in now["members"].items()} == {
        people["stranger"].uid: "owner",
        people["editor"].uid: "editor",
        people["viewer"].uid: "viewer",
    }
    with denied():
        people["owner"].firestore.document(ref.path).get()


@each_owned
def test_taking_changes_nothing_but_whose_it_is(people, admin, collection):
    ref = shared(admin, people, collection)
    taker, editor = people["stranger"], people["editor"].uid
    admin.document(ref.path).update({"transfer_to": taker.uid})
    was = admin.document(ref.path).get().to_dict()
    me = {"role": "owner", "name": "Stranger", "joined_at": SERVER_TIMESTAMP}
    others = {uid: member for uid, member in was["members"].items() if uid != was["user_id"]}
    lies = [
        {"name": "x"},
        {"visibility": "public"},
        {"created_at": SERVER_TIMESTAMP},
        {"updated_at": SERVER_TIMESTAMP},
        {"trashed": True},
        {"transfer_to": "another"},
        {"transfer_to": taker.uid},
        {"user_id": was["user_id"]},
        {"user_id": editor},
        {"members": was["members"] | {taker.uid: me}},  # the giver stays
        {"members": {taker.uid: me}},  # the others are put out
        {"members": others | {taker.uid: me | {"role": "editor"}}},
        {"members": others | {taker.uid: me | {"name": "Alice"}}},
        {"members": others | {taker.uid: me | {"joined_at": was["created_at"]}}},
        {"members": others | {taker.uid: me | {"more": 1}}},
        {"members": others | {taker.uid: me, "mallory": me}, "readers": [*others, taker.uid, "mallory"]},
        {"members": others | {taker.uid: me, editor: me}},
        {"readers": [taker.uid]},
        {"readers": [*others, taker.uid, "mallory"]},
        {"readers": [*others, taker.uid, taker.uid]},
        {"updated_by": was["updated_by"]},
        {"schema_version": 2},
        {"object_id": "another"},
        {"origin": {}},
    ]

    for lie in lies:
        with pytest.raises(PermissionDenied):
            taking(ref, was, **lie)(taker)
    taking(ref, was)(taker)


@each_owned
def test_a_guest_takes_nothing_public(people, guest, admin, collection):
    ref = shared(admin, people, collection, visibility="public", transfer_to=guest.uid)
    was = admin.document(ref.path).get().to_dict()
    name = {"name": ""}

    with denied():
        taking(ref, was)(guest)
    admin.document(ref.path).update({"visibility": "private"})
    others = {uid: member for uid, member in was["members"].items() if uid != was["user_id"]}
    me = {"role": "owner", "joined_at": SERVER_TIMESTAMP} | name
    taking(ref, was, members=others | {guest.uid: me})(guest)


@pytest.mark.parametrize("collection", PROJECTS)
@pytest.mark.parametrize("kept", [True, False])
@pytest.mark.parametrize("comes_along", [True, False])
def test_a_project_keeps_its_object_only_if_that_comes_along(alice, bob, admin, collection, kept, comes_along):
    thing = created(OBJECTS, alice)
    ref = created(collection, alice)
    admin.document(ref.path).update({"object_id": thing.id, "transfer_to": bob.uid})
    if comes_along:
        admin.document(thing.path).update({"transfer_to": bob.uid})
        taking(thing, admin.document(thing.path).get().to_dict())(bob)
    take_it = taking(ref, admin.document(ref.path).get().to_dict(), **({} if kept else {"object_id": DELETE_FIELD}))

    if kept and not comes_along:
        with denied():
            take_it(bob)
    else:
        take_it(bob)


def test_a_session_that_is_handed_over_is_read_and_ended_by_the_account_alone(people, person, alice, admin):
    guest, path = person("gast", "anonymous"), "sessions/{}"
    guest.put("/api/session", {})
    guest.post("/api/session/recover", {"tool": "cardgenerator", "raw": "{cut"})
    save = guest.get("/api/session/saves").json["saves"][0]["id"]
    ref = f"sessions/{guest.uid}"
    attempts = [
        lambda someone: someone.firestore.document(ref).get(),
        lambda someone: someone.firestore.document(f"{ref}/card_sessions/{save}").get(),
        lambda someone: someone.firestore.collection(f"{ref}/card_sessions").limit(5).get(),
        lambda someone: someone.firestore.collection(f"{ref}/tool_saves").limit(5).get(),
        lambda someone: someone.firestore.document(f"{ref}/card_sessions/{save}").delete(),
        lambda someone: someone.firestore.document(ref).delete(),
    ]
    others = {who: someone for who, someone in people.items() if who != "owner"}

    for attempt in attempts:
        assert may(people, attempt) == set()
    guest.post(CLAIM, {"transfer_to": alice.uid})
    for attempt in attempts:
        assert may(others, attempt) == set()
    with denied():
        alice.firestore.document(ref).update({"current_tool": "ruleslawyer"} | touch("sessions", alice))
    for attempt in attempts:
        attempt(alice)
    assert not admin.document(path.format(guest.uid)).get().exists


def fill(ref):
    """As large as a document may be: nothing more can be written to it."""
    for letters in range(2**20, 0, -8):
        with suppress(InvalidArgument):
            return ref.update({"state": {"itemDetails": {"description": "x" * letters}}})


# Faults S10 and S11
@pytest.mark.parametrize("change", [{"members": "x"}, {"members": DELETE_FIELD}, {"large": True}])
def test_one_damaged_document_is_named_and_the_rest_comes_along(guest, alice, work, admin, change):
    damaged = admin.document(f"cardgen_projects/{work['ids'][1]}")
    if "large" in change:
        fill(damaged)
    else:
        damaged.update(change)
    alice.put("/api/session", {})

    offered = mark(guest, alice)[-1]
    accepted = take(alice, guest)[-1]

    left = [*offered.get("left", []), *accepted.get("left", [])]
    assert {one["path"] for one in left} == {damaged.path} and all(one["reason"] for one in left)
    assert names(alice, "cardgenerator") == ["Card 0", "Sunblade"]
    assert names(alice, "storegenerator") == ["Roots"]
    assert damaged.get().get("user_id") == guest.uid
