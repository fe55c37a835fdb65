"""A session and its saves are their owner's alone, and hold only what a session may hold."""

from datetime import timedelta

import pytest
from google.api_core.exceptions import AlreadyExists, FailedPrecondition
from google.cloud.firestore import DELETE_FIELD, FieldFilter, Increment
from rules_builders import (
    FORGED_SIGNATURES,
    NOW,
    SOME_ID,
    STRANGERS,
    a_save,
    a_session,
    at_their_largest,
    bad_values,
    denied,
    items,
    keys,
    moment,
    neither_created_nor_updated,
    patched,
    somebody_with,
    text,
    touch,
    wrong,
)

from shared.schemas.signature import SCHEMA_VERSION

FIELDS = {
    "current_tool": text(100),
    "active_world_id": text(256),
    "active_project_id": text(128),
    "clipboard": items(1000),
    "recently_viewed": items(1000),
    "pinned_objects": items(1000),
    "preferences": keys(50),
    "devices": keys(50),
    "last_saves": keys(80),
    "transfer_to": text(128),
    "cardgenerator": keys(50),
    "storegenerator": keys(50),
    "ruleslawyer": keys(50),
    "statblockgenerator": keys(50),
    "expires_at": (
        NOW + timedelta(days=30),
        {
            "past": NOW - timedelta(minutes=1),
            "beyond 31 days": NOW + timedelta(days=31, hours=1),
            "text": "tomorrow",
            "null": None,
        },
    ),
}
PINNED = {  # with the likeliest lie
    "session_id": wrong("bob", 1, None, DELETE_FIELD),
    "user_id": wrong("bob", 1, None, DELETE_FIELD),
    "created_at": wrong(NOW, "yesterday", None, DELETE_FIELD),
    "schema_version": wrong(0, 1.0, 1.5, "1", None, DELETE_FIELD),
    "last_accessed": wrong(NOW, "yesterday", None, DELETE_FIELD),
    "expires_at": wrong(DELETE_FIELD),
    "updated_by": wrong("alice", None, DELETE_FIELD),
}


def purged():
    """A save stays for 29 days at least (fault S13)."""
    _, bad = moment()
    return NOW + timedelta(days=30), bad | {"in 2001": NOW - timedelta(days=9_000), "soon": NOW + timedelta(days=28)}


SAVE_FIELDS = {
    "name": text(400),
    "preview": text(400),
    "tool": text(100),
    "state": keys(50),
    "reason": ("quarantine", {"unknown": "because", "empty": "", "null": None, "number": 1}),
    "purge_at": purged(),
    "parent_created_at": moment(),
}
SAVE_PINNED = {
    "id": wrong("another", 1, None, DELETE_FIELD),
    "name": wrong(DELETE_FIELD),
    "state": wrong(DELETE_FIELD),
    "reason": wrong(DELETE_FIELD),
    "created_at": wrong(NOW, None, DELETE_FIELD),
    "created_by": wrong("bob", None, DELETE_FIELD),
    "schema_version": wrong(0, 1.0, 1.5, "1", None, DELETE_FIELD),
    "updated_by": wrong("alice", None, DELETE_FIELD),
}
each_collection_of_saves = pytest.mark.parametrize("saves", ["card_sessions", "tool_saves"])
each_stranger = pytest.mark.parametrize("uid_like", STRANGERS.values(), ids=STRANGERS)


def session_of(owner, client=None):
    """Where the owner's session is, as somebody's client has it."""
    return (client or owner).firestore.document(f"sessions/{owner.uid}")


@pytest.fixture
def begun(alice):
    """Alice's session, stored."""
    ref = session_of(alice)
    ref.create(a_session(alice))
    return ref


@pytest.fixture
def expired(alice, admin, begun):
    admin.document(begun.path).update(
        {"expires_at": NOW - timedelta(minutes=1), "cardgenerator": {"current_step": "x"}}
    )
    return begun


# ---- the session


def test_everything_that_the_session_function_writes_is_allowed(alice):
    answers = [
        alice.put("/api/session", {}, headers={"X-Device-Id": "d" * 128, "X-Save-Id": "s" * 128}),
        alice.patch("/api/session", {"current_tool": "ruleslawyer", "preferences": {"theme": "dark"}}),
        *(
            alice.patch(f"/api/session/tools/{tool}", {"current_step": "x"})
            for tool in ("cardgenerator", "ruleslawyer")
        ),
        *(alice.put(f"/api/session/tools/{tool}", {"current_step": "x"}) for tool in ("storegenerator",)),
        *(alice.put(f"/api/session/pinned_objects/{name}") for name in ("sting", "orcrist", "sting")),
        alice.delete("/api/session/pinned_objects/sting"),
        alice.delete("/api/session/clipboard"),
        alice.put("/api/session", {}),
        alice.delete("/api/session"),
    ]

    assert [(answer.status_code, answer.text) for answer in answers if answer.status_code >= 300] == []


def test_a_session_may_be_as_large_as_its_fields_allow(alice):
    ref = session_of(alice)

    ref.create(a_session(alice) | at_their_largest(FIELDS))
    ref.update(touch("sessions", alice) | at_their_largest(FIELDS))

    assert len(ref.get().get("clipboard")) == 1000


def test_a_missing_session_reads_as_missing_to_its_owner_and_is_denied_to_others(alice, bob):
    assert not session_of(alice).get().exists
    with denied():
        session_of(alice, bob).get()


@each_stranger
def test_nobody_else_can_read_change_end_or_begin_a_session(alice, begun, person, uid_like):
    stranger = somebody_with(uid_like(alice.uid), person)
    theirs = session_of(alice, stranger)
    signer = stranger if stranger.uid else alice

    for attempt in (theirs.get, theirs.delete, lambda: theirs.update(touch("sessions", signer))):
        with denied():
            attempt()
    begun.delete()
    for session_id in (alice.uid, stranger.uid):
        with denied():
            theirs.create(a_session(signer) | {"session_id": session_id, "user_id": session_id})
    assert not begun.get().exists


def test_whoever_has_an_odd_uid_has_a_session_like_anybody(person):
    odd = somebody_with("a.*(b|c)[d]$", person)
    ref = session_of(odd)

    ref.set(a_session(odd))
    ref.update(touch("sessions", odd))

    assert ref.get().get("user_id") == odd.uid
    ref.delete()


@pytest.mark.parametrize(("field", "bad"), bad_values(FIELDS) + bad_values(PINNED))
def test_a_session_with_a_bad_value_is_neither_begun_nor_saved(alice, field, bad):
    neither_created_nor_updated(session_of(alice), a_session(alice), touch("sessions", alice), {field: bad})


@pytest.mark.parametrize("field", ["title", "user", "Clipboard", "state"])
def test_a_session_has_no_field_that_the_schema_does_not_know(alice, field):
    neither_created_nor_updated(session_of(alice), a_session(alice), touch("sessions", alice), {field: "x"})


@pytest.mark.parametrize("forged", FORGED_SIGNATURES.values(), ids=FORGED_SIGNATURES)
def test_who_wrote_a_session_cannot_be_forged(alice, forged):
    forgery = {"updated_by": patched(touch("sessions", alice)["updated_by"], forged)}

    neither_created_nor_updated(session_of(alice), a_session(alice), touch("sessions", alice), forgery)


@pytest.mark.parametrize("version", [2, Increment(1)], ids=["set", "increment"])
def test_an_ordinary_save_does_not_change_the_schema_version(alice, begun, version):
    with denied():
        begun.set(touch("sessions", alice) | {"schema_version": version}, merge=True)


def test_a_session_is_not_begun_afresh_in_an_older_version_than_it_has(alice, admin, begun):
    admin.document(begun.path).update({"schema_version": 2})

    with denied():
        begun.set(a_session(alice))
    admin.document(begun.path).update({"schema_version": 1})
    begun.set(a_session(alice))


def test_no_version_is_written_that_the_rules_do_not_know(alice, begun):
    assert a_session(alice)["schema_version"] == SCHEMA_VERSION
    for unknown in (0, SCHEMA_VERSION + 1, 2**53):
        with denied():
            begun.set(a_session(alice) | {"schema_version": unknown})


@pytest.mark.parametrize("field", ["last_accessed", "expires_at", "updated_by"])
def test_a_session_says_at_each_write_when_and_by_whom(alice, admin, begun, field):
    admin.document(begun.path).update(
        {"updated_by": {"uid": "bob", "name": "Bob"}, "expires_at": NOW + timedelta(days=40)}
    )
    fields = touch("sessions", alice)
    del fields[field]

    with denied():
        begun.update(fields)


def test_an_expired_session_can_be_read_and_deleted_but_not_saved(alice, expired):
    with denied():
        expired.update(touch("sessions", alice))

    assert expired.get().get("cardgenerator") == {"current_step": "x"}
    expired.delete()
    assert not expired.get().exists


def test_an_expired_session_is_replaced_and_its_content_kept_in_one_commit(alice, expired):
    before = expired.get()
    batch = alice.firestore.batch()
    batch.create(expired.collection("card_sessions").document(SOME_ID), a_save(alice, reason="quarantine"))
    batch.delete(expired, option=alice.firestore.write_option(last_update_time=before.update_time))
    batch.create(expired, a_session(alice))

    batch.commit()

    assert expired.get().get("created_at") > before.get("created_at")
    assert expired.collection("card_sessions").document(SOME_ID).get().exists


def test_the_session_function_keeps_what_an_expired_session_held(alice, expired):
    answer = alice.put("/api/session", {})

    assert answer.status_code == 201
    kept = expired.collection("card_sessions").document(answer.json["kept_as"][0]["id"]).get()
    assert kept.get("state") == {"current_step": "x"}


def test_the_session_function_begins_a_damaged_session_afresh_and_keeps_what_was_damaged(alice, admin, begun):
    admin.document(begun.path).update({"created_at": "yesterday", "current_tool": "ruleslawyer"})
    with denied():
        begun.update(touch("sessions", alice))
    admin.document(begun.path).update({"cardgenerator": ["x"], "schema_version": "one"})

    answer = alice.put("/api/session", {})

    assert (answer.status_code, begun.get().get("current_tool")) == (201, "ruleslawyer")
    kept = begun.collection("card_sessions").document(answer.json["kept_as"][0]["id"]).get()
    assert kept.get("state") == {"cardgenerator": ["x"]}


def test_an_expired_session_that_was_touched_meanwhile_is_not_replaced(alice, admin, expired):
    before = expired.get()
    admin.document(expired.path).update({"current_tool": "ruleslawyer"})
    batch = alice.firestore.batch()
    batch.delete(expired, option=alice.firestore.write_option(last_update_time=before.update_time))
    batch.create(expired, a_session(alice))

    with pytest.raises(FailedPrecondition):
        batch.commit()

    assert expired.get().get("current_tool") == "ruleslawyer"


def test_a_session_that_is_there_is_not_created_again(alice, begun):
    with pytest.raises(AlreadyExists):
        begun.create(a_session(alice))


@pytest.mark.parametrize("by", ["owner", "another", "signed out"])
@pytest.mark.parametrize(
    "ask",
    [
        lambda db, uid: db.collection("sessions").limit(1).get(),
        lambda db, uid: db.collection("sessions").where(filter=FieldFilter("user_id", "==", uid)).limit(1).get(),
        lambda db, uid: db.collection_group("sessions").where(filter=FieldFilter("user_id", "==", uid)).limit(1).get(),
        lambda db, uid: db.collection("sessions").limit(1).count().get(),
    ],
    ids=["all", "own", "group", "count"],
)
def test_nobody_can_query_sessions(alice, bob, nobody, begun, ask, by):
    someone = {"owner": alice, "another": bob, "signed out": nobody}[by]

    with denied():
        ask(someone.firestore, alice.uid)


@pytest.mark.parametrize(
    "path",
    [
        "users/{uid}",
        "settings/all",
        "sessions/{uid}/secrets/x",
        "sessions/{uid}/saves/x",
        "sessions/{uid}/card_sessions/x/versions/1",
        "cardgen_projects/x/anything/x",
        "dungeonmind-objects/x/anything/x",
        "dungeonmind_objects/x",
    ],
)
def test_documents_that_nobody_named_are_denied(alice, admin, path):
    path = path.format(uid=alice.uid)
    ref = alice.firestore.document(path)
    with denied():
        ref.create(a_save(alice) | {"user_id": alice.uid, "readers": [alice.uid]})
    admin.document(path).set({"user_id": alice.uid, "readers": [alice.uid]})

    with denied():
        ref.get()
    with denied():
        ref.update({"name": "x"})
    with denied():
        ref.delete()
    with denied():
        ref.parent.limit(1).get()


# ---- its saves


@each_collection_of_saves
def test_the_owner_keeps_reads_lists_and_deletes_saves(alice, saves):
    kept = session_of(alice).collection(saves)
    save = kept.document(SOME_ID)

    save.create(a_save(alice) | at_their_largest(SAVE_FIELDS))

    assert save.get().get("created_by") == alice.uid
    assert [found.id for found in kept.limit(51).get()] == [SOME_ID]
    save.delete()
    assert not save.get().exists


@pytest.mark.parametrize("reason", ["named", "checkpoint", "before-restore", "conflict", "quarantine", "expired"])
def test_a_save_says_why_it_was_kept(alice, reason):
    session_of(alice).collection("tool_saves").document(SOME_ID).create(a_save(alice, reason=reason))


@each_collection_of_saves
@each_stranger
def test_nobody_else_reads_lists_deletes_or_plants_saves(alice, person, saves, uid_like):
    stranger = somebody_with(uid_like(alice.uid), person)
    own = session_of(alice).collection(saves).document(SOME_ID)
    own.create(a_save(alice))
    theirs = session_of(alice, stranger).collection(saves)

    for attempt in (
        theirs.document(SOME_ID).get,
        theirs.document(SOME_ID).delete,
        theirs.limit(1).get,
        theirs.where(filter=FieldFilter("created_by", "==", alice.uid)).limit(1).get,
        stranger.firestore.collection_group(saves).limit(1).get,
        lambda: theirs.document("planted").create(a_save(alice, "planted")),
        lambda: theirs.document("planted").create(a_save(stranger if stranger.uid else alice, "planted")),
    ):
        with denied():
            attempt()
    assert own.get().exists


@each_collection_of_saves
@pytest.mark.parametrize("change", [{"name": "Another"}, {"purge_at": NOW}, {"state": {}}])
def test_a_save_never_changes(alice, saves, change):
    save = session_of(alice).collection(saves).document(SOME_ID)
    save.create(a_save(alice))

    with denied():
        save.update(change | {"updated_by": touch("sessions", alice)["updated_by"]})
    with denied():
        save.set(a_save(alice) | change)


@each_collection_of_saves
@pytest.mark.parametrize("limit", [None, 52])
def test_saves_are_listed_a_page_at_a_time(alice, saves, limit):
    kept = session_of(alice).collection(saves)

    with denied():
        (kept.limit(limit) if limit else kept).get()


@each_collection_of_saves
def test_not_even_the_owner_can_query_saves_across_collections(alice, saves):
    session_of(alice).collection(saves).document(SOME_ID).create(a_save(alice))

    with denied():
        alice.firestore.collection_group(saves).where(filter=FieldFilter("created_by", "==", alice.uid)).limit(1).get()


@each_collection_of_saves
@pytest.mark.parametrize(("field", "bad"), bad_values(SAVE_FIELDS) + bad_values(SAVE_PINNED))
def test_a_save_with_a_bad_value_is_not_kept(alice, saves, field, bad):
    with denied():
        session_of(alice).collection(saves).document(SOME_ID).create(patched(a_save(alice), {field: bad}))


@each_collection_of_saves
def test_a_save_has_no_field_that_the_schema_does_not_know(alice, saves):
    with denied():
        session_of(alice).collection(saves).document(SOME_ID).create(a_save(alice, title="x"))


@pytest.mark.parametrize("forged", FORGED_SIGNATURES.values(), ids=FORGED_SIGNATURES)
def test_who_wrote_a_save_cannot_be_forged(alice, forged):
    good = a_save(alice)

    with denied():
        session_of(alice).collection("card_sessions").document(SOME_ID).create(
            good | {"updated_by": patched(good["updated_by"], forged)}
        )
