"""Saves: a state kept under a name and a reason, beside the session or project that it was the state of."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from google.cloud.firestore import SERVER_TIMESTAMP, DocumentSnapshot

from shared.call import Call
from shared.firestore.page import page_of_all
from shared.firestore.subject import Subject, explained_by, missing
from shared.firestore.values import content, readable
from shared.saves.preview import preview
from shared.schemas.save import Save, SaveSummary
from shared.schemas.strict import schema_of
from shared.schemas.tools import TOOLS, Tool

PLACES = list(dict.fromkeys(tool.saves for tool in TOOLS.values()))
SUMMARY = [name for name in schema_of(SaveSummary).fields if name != "damaged"]


def new_save(
    call: Call, tool: Tool | None, name: str, reason: str, state: Mapping[str, Any], parent_created_at: Any = None
) -> dict[str, Any]:
    """A save's document. `parent_created_at` ties it to this very parent: not to a later one that has the same id."""
    save = {
        "id": str(uuid.uuid4()),
        "name": name,
        "preview": preview(tool, state) or None,
        "tool": tool and tool.name,
        "state": state,
        "reason": reason,
        "created_at": SERVER_TIMESTAMP,
        "created_by": call.caller.uid,
        "parent_created_at": parent_created_at,
        **call.write_fields(),
    }
    return {field: value for field, value in save.items() if value is not None}


def in_brief(save: Mapping[str, Any]) -> dict[str, Any]:
    """A save as an answer names it beside something else."""
    return {name: save[name] for name in ("id", "name", "tool", "reason") if name in save}


def newest_saves(places: Iterable[Any], cursor: str | None) -> dict[str, Any]:
    """A page of the saves in these places, without their states, newest first. One query for each place."""
    found, more = page_of_all(places, SUMMARY, cursor, "created_at")
    return {"saves": [summary(content(snapshot)) for snapshot in found]} | more


def summary(stored: Mapping[str, Any]) -> dict[str, Any]:
    """A save as a list shows it."""
    return readable(schema_of(SaveSummary), {name: value for name, value in stored.items() if name != "state"})


def the_save(call: Call, parent: Subject, save_id: str) -> DocumentSnapshot:
    """A save beside a session, in whichever subcollection it is. One read of both places; raises 404."""
    refs = [parent.ref.collection(place).document(save_id) for place in PLACES]
    with explained_by(parent):
        found = [snapshot for snapshot in call.db.get_all(refs) if snapshot.exists]
    if not found:
        raise missing(parent)
    return found[0]


def shown(snapshot: DocumentSnapshot) -> dict[str, Any]:
    """A save with its state, as far as it can be read."""
    return readable(schema_of(Save), content(snapshot))
