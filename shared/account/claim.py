"""A guest's work goes to an account, in two steps that may be interrupted and repeated anywhere.

While the guest's token lives, everything that the guest owns is offered: `transfer_to` names the account. From then on
the account alone finishes: it accepts what is offered and was owned by the guest whom it names, and then reads the rest
in the guest's session. Each Commit moves a few documents and leaves nothing half moved.
"""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from google.api_core.exceptions import Aborted, PermissionDenied
from google.cloud.firestore import (
    DELETE_FIELD,
    SERVER_TIMESTAMP,
    CollectionReference,
    DocumentSnapshot,
    FieldFilter,
)

from shared.account.each import Damaged, Left, change_each
from shared.account.owned import COLLECTIONS, SAVES, by_id, owned_in, saves_beside
from shared.call import Call
from shared.drafts import POINTER, has_work
from shared.firestore.batch import Batch
from shared.firestore.commit import commit, is_there
from shared.firestore.size import size_of
from shared.firestore.storable import MAX_BYTES
from shared.firestore.values import content, split_damaged
from shared.objects.document import readable_object
from shared.projects.document import project_of_draft, project_ref
from shared.projects.home import carried_conflicts
from shared.recovery.quarantine import digest, in_pieces
from shared.saves.document import new_save
from shared.schemas.session import LISTS, Session
from shared.schemas.strict import is_id, schema_of
from shared.schemas.tools import TOOLS, Tool
from shared.session.open import active_session, left_behind, saves_of

FEW = 10  # documents a Commit: rules may look up 20 documents for one
MANY = 100  # documents a call
SAVES_AT_ONCE = 5  # each may have 1 MiB, and a Commit 10


def offer_everything(call: Call, account: str) -> dict[str, Any]:
    """Offer up to 100 documents of the caller's, and the session last: then it is done.

    `left`: what cannot be offered as it is.
    """
    count, left = 0, Left()

    def offer(batch: Batch, snapshot: DocumentSnapshot) -> None:  # whatever was saved meanwhile comes along
        batch.update(snapshot.reference, {"transfer_to": account, "updated_by": call.updated_by()})

    for collection in COLLECTIONS:
        mine = by_id(owned_in(call, collection).select(["transfer_to"]))
        for few in _by_few(snapshot for snapshot in mine if content(snapshot).get("transfer_to") != account):
            if count >= MANY:
                return {"offered": count, "done": False}
            offered, not_offered = change_each(call, few, offer)
            count, left = count + offered, left + not_offered
    batch = call.db.batch()
    batch.update(active_session(call).reference, {"transfer_to": account} | call.session_write_fields())
    batch.commit()
    return {"offered": count + 1, "done": True} | _named(left)


def _by_few(found: Iterator[DocumentSnapshot]) -> Iterator[list[DocumentSnapshot]]:
    while few := list(islice(found, FEW)):
        yield few


def _named(left: Left) -> dict[str, Any]:
    return {"left": left} if left else {}


def accept_everything(call: Call, giver: str) -> dict[str, Any]:
    """Accept up to about 100 documents that this guest offered to the caller; the guest's session last.

    `left`: what cannot be taken as it is.
    """
    count, left = dict.fromkeys(("objects", "projects", "drafts", "saves"), 0), Left()

    def accept(batch: Batch, snapshot: DocumentSnapshot) -> None:
        unchanged = call.db.write_option(last_update_time=snapshot.update_time)
        batch.update(snapshot.reference, _now_mine(call, content(snapshot)), option=unchanged)

    for collection in COLLECTIONS:  # objects first, so that their projects may keep pointing at them
        offered = call.db.collection(collection).where(filter=FieldFilter("transfer_to", "==", call.caller.uid))
        offered = offered.where(filter=FieldFilter("user_id", "==", giver)).select(["user_id", "members", "object_id"])
        for few in _by_few(by_id(offered)):
            if sum(count.values()) >= MANY:
                return {"accepted": count, "done": False}
            accepted, not_accepted = change_each(call, few, accept)
            count["projects" if collection in SAVES else "objects"] += accepted
            left += not_accepted
    return _accept_session(call, giver, count) | _named(left)


def _now_mine(call: Call, stored: Mapping[str, Any]) -> dict[str, Any]:
    """What taking changes: the giver is out, the caller owns it, everybody else stays."""
    if not isinstance(stored.get("members"), dict):
        raise Damaged
    others = {
        uid: member for uid, member in stored["members"].items() if uid not in (stored["user_id"], call.caller.uid)
    }
    me = {call.caller.uid: {"role": "owner", "name": call.caller.name, "joined_at": SERVER_TIMESTAMP}}
    promoted = readable_object(call, stored["object_id"]) if "object_id" in stored else None
    forgotten = "object_id" in stored and not (promoted and content(promoted).get("user_id") == call.caller.uid)
    return {
        "user_id": call.caller.uid,
        "members": others | me,
        "readers": [*others, call.caller.uid],
        "transfer_to": None,
        "updated_by": call.updated_by(),
        **({"object_id": DELETE_FIELD} if forgotten else {}),
    }


def _accept_session(call: Call, giver: str, count: dict[str, int]) -> dict[str, Any]:
    """What the guest's session holds: saves move a few at a time; drafts, lists and its end are one Commit."""
    try:
        theirs = call.db.collection("sessions").document(giver).get()
    except PermissionDenied:  # it is gone, or not handed over: there is no more to take
        return {"accepted": count, "done": True}
    mine = active_session(call)
    for place, saves in saves_beside(theirs).items():
        while found := _listed(saves.limit(SAVES_AT_ONCE)):
            if sum(count.values()) >= MANY:
                return {"accepted": count, "done": False}
            batch = call.db.batch()
            for save in found:
                _copy(call, batch, mine.reference.collection(place), content(save))
                batch.delete(save.reference, option=call.db.write_option(last_update_time=save.update_time))
            commit(batch, theirs)
            count["saves"] += len(found)
    healthy, damaged = split_damaged(schema_of(Session), content(theirs))
    batch = call.db.batch()
    for hurt in left_behind(call, content(theirs), damaged, alive=True):
        batch.create(mine.reference.collection(saves_of(hurt)).document(hurt["id"]), hurt)
    for tool, project_id, draft in _drafts(call, healthy):
        conflicts = carried_conflicts(
            call, batch, tool, draft, mine.reference, project_id
        )  # the saves have been moved there
        batch.create(project_ref(call, tool, project_id), project_of_draft(call, tool, project_id, draft, conflicts))
        count["drafts"] += 1
    unchanged = call.db.write_option(last_update_time=mine.update_time)
    batch.update(mine.reference, _lists(content(mine), healthy) | call.session_write_fields(), option=unchanged)
    batch.delete(theirs.reference, option=call.db.write_option(last_update_time=theirs.update_time))
    commit(batch, theirs, mine)
    return {"accepted": count, "done": True}


def _listed(saves: Any) -> list[DocumentSnapshot]:
    try:
        return list(saves.stream())
    except PermissionDenied as error:  # another claim has just ended the session
        raise Aborted("taken meanwhile") from error


def _copy(call: Call, batch: Batch, place: CollectionReference, stored: Mapping[str, Any]) -> None:
    """Add a save like this one, unless the account has it: ids may come from what a save holds."""
    tool = TOOLS.get(stored.get("tool", ""))
    if size_of(stored["state"]) > MAX_BYTES:  # with the account's name on it, it might not fit
        copies = in_pieces(call, tool, stored["name"], stored["state"])
    else:
        copies = [new_save(call, tool, stored["name"], stored["reason"], stored["state"]) | {"id": stored["id"]}]
    for save in copies:
        before = place.document(save["id"]).get()
        if before.exists and content(before).get("state") != save["state"]:
            save["id"] = digest([stored["updated_by"]["uid"], save["id"]])
        if not before.exists or save["id"] != before.id:
            batch.create(place.document(save["id"]), save)


def _lists(mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, list[str]]:
    """The account's lists with the guest's before them, as many as are shown; the store has the newest last."""
    lists = {}
    for name, most in LISTS.items():
        ids = [found for found in theirs.get(name, []) if is_id(found)]
        if ids:
            lists[name] = [*(found for found in ids if found not in mine.get(name, [])), *mine.get(name, [])][-most:]
    return lists


def _drafts(call: Call, session: Mapping[str, Any]) -> Iterator[tuple[Tool, str, dict[str, Any]]]:
    """The guest's drafts with the ids of the projects that they become: the same each time."""
    for tool in TOOLS.values():
        draft = session.get(tool.name, {})
        if has_work(draft):
            work = {name: value for name, value in draft.items() if name != POINTER}
            ids = [call.derived_id(name) for name in (draft.get("draft_id"), digest(work)) if name]
            free = next((made for made in ids if not is_there(project_ref(call, tool, made))), None)
            if free:  # otherwise it was made into a project before, as it is
                yield tool, free, work
