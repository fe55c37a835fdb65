"""Carrying a merge out: one read, one Commit on the condition that nobody wrote meanwhile, retried a few times.

What loses a conflict is kept: where their value gave way to mine, the state as they left it becomes a save.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from flask import Response
from google.api_core.exceptions import AlreadyExists, PermissionDenied
from google.cloud.firestore import SERVER_TIMESTAMP, DocumentSnapshot
from marshmallow import Schema

from shared.answer import representation
from shared.caller import db, derived_id, touched
from shared.conditional import etag
from shared.merge import merge
from shared.merge_patch import differences, pruned
from shared.projects import project_of_draft, project_ref, saved_by, summary, the_project
from shared.race import commit
from shared.reading import content, readable, wire
from shared.refusal import existing
from shared.saves import new_save
from shared.schemas.tools import Tool
from shared.session import living, own_session
from shared.user_firestore import WITHIN

CLOCKS = ("last_saved", "lastSaved", "last_modified")  # every save changes these: nobody needs to hear of it


def merged_into_session(tool: Tool, sent: Mapping[str, Any]) -> Response:
    """The tool's state in the session, merged. A draft that meets another draft becomes a project of its own."""
    snapshot = living(own_session().get(**WITHIN))
    current = content(snapshot).get(tool.name)
    current = current if isinstance(current, dict) else {}
    mine = pruned(sent["mine"])
    if mine.get("draft_id") and current.get("draft_id") not in (None, mine["draft_id"]):
        return _apart(tool, mine, current, snapshot)
    also = {(tool.name, "last_saved"): SERVER_TIMESTAMP} | touched()
    return _merged(tool, tool.draft(), snapshot, (tool.name,), current, sent, also)


def merged_into_project(tool: Tool, project_id: str, sent: Mapping[str, Any]) -> Response:
    """A project's state, merged."""
    snapshot = existing(the_project(tool, project_id).get(**WITHIN))
    current = content(snapshot).get("state")
    current = current if isinstance(current, dict) else {}
    return _merged(tool, tool.state(), snapshot, ("state",), current, sent, saved_by(tool))


def _merged(
    tool: Tool,
    schema: Schema,
    snapshot: DocumentSnapshot,
    place: tuple[str, ...],
    current: dict[str, Any],
    sent: Mapping[str, Any],
    also: Mapping[Any, Any],
) -> Response:
    base, mine = (_without_clocks(pruned(sent[side])) for side in ("base", "mine"))
    merged, found = merge(base, mine, _without_clocks(current))
    conflicts = [conflict for conflict in found if conflict["path"].rpartition(".")[2] not in CLOCKS]
    edits = differences(_without_clocks(current), merged, *place)
    update_time, kept = snapshot.update_time, None
    if edits:
        batch, unchanged = db().batch(), db().write_option(last_update_time=snapshot.update_time)
        batch.update(snapshot.reference, edits | dict(also), option=unchanged)
        if any("mine" in conflict and "theirs" in conflict for conflict in conflicts):
            name = f"Before a merge, {datetime.now(UTC):%Y-%m-%d %H:%M}"
            kept = new_save(tool, name, "conflict", current, content(snapshot).get("created_at"))
            batch.create(snapshot.reference.collection(tool.saves).document(kept["id"]), kept)
        update_time = commit(batch, snapshot)[0].update_time
    body = {"state": readable(schema, merged), "conflicts": wire(conflicts), "etag": etag(update_time)}
    return representation(body | ({"save_of_theirs": kept["id"]} if kept else {}), update_time)


def _without_clocks(state: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in state.items() if name not in CLOCKS}


def _apart(tool: Tool, mine: dict[str, Any], current: dict[str, Any], snapshot: DocumentSnapshot) -> Response:
    """Two drafts are two pieces of work. The id of the new project comes from the draft's, so that a retry finds it."""
    project_id = derived_id(mine["draft_id"])
    ref = project_ref(tool, project_id)
    with suppress(AlreadyExists, PermissionDenied):  # made before, by this merge: the id is the caller's alone
        ref.create(project_of_draft(tool, project_id, mine), **WITHIN)
    made = summary(content(ref.get(**WITHIN)))
    body = {"state": readable(tool.draft(), current), "conflicts": [], "project": made}
    return representation(body | {"etag": etag(snapshot.update_time)}, snapshot.update_time)
