"""Saves: a state kept under a name and a reason, beside the session or project that it was the state of."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from google.cloud.firestore import SERVER_TIMESTAMP, DocumentReference, DocumentSnapshot, Query

from shared.caller import caller, db, signed
from shared.page import PAGE
from shared.reading import content, readable
from shared.refusal import missing
from shared.schemas.save import Save, SaveSummary
from shared.schemas.tools import TOOLS, Tool
from shared.target import target
from shared.user_firestore import WITHIN

PLACES = list(dict.fromkeys(tool.saves for tool in TOOLS.values()))
SUMMARY = [name for name in SaveSummary().fields if name != "damaged"]


def new_save(
    tool: Tool | None, name: str, reason: str, state: Mapping[str, Any], parent_created_at: datetime | None = None
) -> dict[str, Any]:
    """A save's document. `parent_created_at` ties it to this very parent: not to a later one that has the same id."""
    save = {
        "id": str(uuid.uuid4()),
        "name": name,
        "tool": tool and tool.name,
        "state": state,
        "reason": reason,
        "created_at": SERVER_TIMESTAMP,
        "created_by": caller().uid,
        "parent_created_at": parent_created_at,
        **signed(),
    }
    return {field: value for field, value in save.items() if value is not None}


def in_brief(save: Mapping[str, Any]) -> dict[str, Any]:
    """A save as an answer names it beside something else."""
    return {name: save[name] for name in ("id", "name", "tool", "reason") if name in save}


def newest_saves(parent: DocumentReference) -> list[dict[str, Any]]:
    """The newest 50 saves beside a session, without their states, newest first. One query for each subcollection."""
    return newest_of(parent.collection(place) for place in PLACES)


def newest_of(places: Iterable[Any]) -> list[dict[str, Any]]:
    """The same of these queries."""
    found: list[DocumentSnapshot] = []
    for place in places:
        query = place.order_by("created_at", direction=Query.DESCENDING)
        found += query.select(SUMMARY).limit(PAGE).stream(**WITHIN)
    saves = [readable(SaveSummary(), content(snapshot)) for snapshot in found]
    return sorted(saves, key=lambda save: save.get("created_at", ""), reverse=True)[:PAGE]


def the_save(parent: DocumentReference, save_id: str) -> DocumentSnapshot:
    """A save beside a session, in whichever subcollection it is. One read of both places; raises 404."""
    refs = [parent.collection(place).document(save_id) for place in PLACES]
    found = [snapshot for snapshot in db().get_all(refs, **WITHIN) if snapshot.exists]
    if not found:
        raise missing(target())
    return found[0]


def shown(snapshot: DocumentSnapshot) -> dict[str, Any]:
    """A save with its state, as far as it can be read."""
    return readable(Save(), content(snapshot))
