"""A guest's work goes to an account, in two steps that may be interrupted and repeated anywhere.

While the guest's token lives, it marks everything that he owns: `transfer_to` names the account. From then on the
account alone finishes: it takes what is marked and was his whom it names, and then reads the rest in his session. Each
Commit moves a few documents and leaves nothing half moved.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from google.api_core.exceptions import PermissionDenied
from google.cloud.firestore import DELETE_FIELD, SERVER_TIMESTAMP, ArrayUnion, DocumentSnapshot, FieldFilter

from shared.backup import holds_work
from shared.caller import caller, db, derived_id, signature, touched
from shared.conversion import POINTER
from shared.objects import there
from shared.opening import living_session
from shared.owned import COLLECTIONS, SAVES, owned_in, saves_beside
from shared.projects import project_of_draft, project_ref
from shared.quarantine import digest
from shared.race import commit
from shared.reading import content
from shared.saves import new_save
from shared.schemas.session import LISTS
from shared.schemas.tools import TOOLS, Tool
from shared.session import session_ref
from shared.user_firestore import WITHIN

FEW = 10  # documents a Commit: rules may look up 20 documents for one
MANY = 100  # documents a call
SAVES_AT_ONCE = 5  # each may have 1 MiB, and a Commit 10


def marked(account: str) -> dict[str, Any]:
    """Mark up to 100 documents of the caller's, and the session last: then it is done."""
    count = 0
    for collection in COLLECTIONS:
        unmarked = owned_in(collection).where(filter=FieldFilter("transfer_to", "==", None)).limit(FEW)
        while found := list(unmarked.select(["id"]).stream(**WITHIN)):
            if count >= MANY:
                return {"marked": count, "done": False}
            batch = db().batch()
            for snapshot in found:
                unchanged = db().write_option(last_update_time=snapshot.update_time)
                batch.update(snapshot.reference, {"transfer_to": account, "updated_by": signature()}, option=unchanged)
            commit(batch, *found)
            count += len(found)
    if session_ref().get(["user_id"], **WITHIN).exists:
        batch, count = db().batch(), count + 1
        batch.update(living_session().reference, {"transfer_to": account} | touched())
        commit(batch)
    return {"marked": count, "done": True}


def taken(giver: str) -> dict[str, Any]:
    """Take up to about 100 documents that this guest marked for the caller; his session last."""
    count = dict.fromkeys(("objects", "projects", "drafts", "saves"), 0)
    for collection in COLLECTIONS:  # objects first, so that their projects may keep pointing at them
        offered = db().collection(collection).where(filter=FieldFilter("transfer_to", "==", caller().uid))
        offered = offered.where(filter=FieldFilter("user_id", "==", giver)).limit(FEW)
        while found := list(offered.stream(**WITHIN)):
            if sum(count.values()) >= MANY:
                return {"taken": count, "done": False}
            batch = db().batch()
            for snapshot in found:
                unchanged = db().write_option(last_update_time=snapshot.update_time)
                batch.update(snapshot.reference, _mine_now(content(snapshot)), option=unchanged)
            commit(batch, *found)
            count["projects" if collection in SAVES else "objects"] += len(found)
    return _session_taken(giver, count)


def _mine_now(stored: Mapping[str, Any]) -> dict[str, Any]:
    """What taking changes: the giver is out, the caller owns it, everybody else stays."""
    others = {uid: member for uid, member in stored["members"].items() if uid not in (stored["user_id"], caller().uid)}
    me = {caller().uid: {"role": "owner", "name": caller().name, "joined_at": SERVER_TIMESTAMP}}
    promoted = there(stored["object_id"]) if "object_id" in stored else None
    forgotten = "object_id" in stored and not (promoted and content(promoted).get("user_id") == caller().uid)
    return {
        "user_id": caller().uid,
        "members": others | me,
        "readers": [*others, caller().uid],
        "transfer_to": None,
        "updated_by": signature(),
        **({"object_id": DELETE_FIELD} if forgotten else {}),
    }


def _session_taken(giver: str, count: dict[str, int]) -> dict[str, Any]:
    """What the guest's session holds: saves move a few at a time; drafts, lists and its end are one Commit."""
    try:
        theirs = db().collection("sessions").document(giver).get(**WITHIN)
    except PermissionDenied:  # it is gone, or not handed over: there is no more to take
        return {"taken": count, "done": True}
    mine = living_session().reference
    for place in saves_beside(theirs).values():
        while found := list(place.limit(SAVES_AT_ONCE).stream(**WITHIN)):
            if sum(count.values()) >= MANY:
                return {"taken": count, "done": False}
            batch = db().batch()
            for save in found:
                batch.create(mine.collection(save.reference.parent.id).document(save.id), _copied(save))
                batch.delete(save.reference, option=db().write_option(last_update_time=save.update_time))
            commit(batch)
            count["saves"] += len(found)
    batch, session = db().batch(), content(theirs)
    for tool, project_id, draft in _drafts(session):
        batch.create(project_ref(tool, project_id), project_of_draft(tool, project_id, draft))
        count["drafts"] += 1
    lists = {name: ArrayUnion(session[name]) for name in LISTS if session.get(name)}
    batch.update(mine, lists | touched())
    batch.delete(theirs.reference, option=db().write_option(last_update_time=theirs.update_time))
    commit(batch, theirs)
    return {"taken": count, "done": True}


def _copied(save: DocumentSnapshot) -> dict[str, Any]:
    stored = content(save)
    copied = new_save(TOOLS.get(stored.get("tool", "")), stored["name"], stored["reason"], stored["state"])
    return copied | {"id": save.id}


def _drafts(session: Mapping[str, Any]) -> Iterator[tuple[Tool, str, dict[str, Any]]]:
    """The guest's drafts with the ids of the projects that they become: the same each time."""
    for tool in TOOLS.values():
        draft = session.get(tool.name)
        if isinstance(draft, dict) and holds_work(draft):
            work = {name: value for name, value in draft.items() if name != POINTER}
            ids = [derived_id(name) for name in (draft.get("draft_id"), digest(work)) if isinstance(name, str)]
            free = next((made for made in ids if not _is_there(tool, made)), None)
            if free:  # otherwise it was made into a project before, as it is
                yield tool, free, work


def _is_there(tool: Tool, project_id: str) -> bool:
    try:
        return bool(project_ref(tool, project_id).get(["id"], **WITHIN).exists)
    except PermissionDenied:
        return False
