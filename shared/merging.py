"""Carrying a merge out: one read, one Commit on the condition that nobody wrote meanwhile, retried a few times.

What loses a conflict is kept: where their value gave way to mine, the state as they left it becomes a save.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import Response
from google.api_core.exceptions import AlreadyExists, PermissionDenied
from google.cloud.firestore import SERVER_TIMESTAMP, DocumentSnapshot
from marshmallow import Schema

from shared.answer import representation
from shared.caller import db, derived_id, touched
from shared.conditional import etag
from shared.conversion import CLOCKS, without_clocks
from shared.field_update import Batch
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


@dataclass(frozen=True)
class Home:
    """Where a state is: the document as it was read, the field in it, and what every write there carries besides."""

    tool: Tool
    snapshot: DocumentSnapshot
    field: str
    schema: Schema
    also: Mapping[Any, Any]

    @property
    def current(self) -> dict[str, Any]:
        """The state that is stored."""
        found = content(self.snapshot).get(self.field)
        return found if isinstance(found, dict) else {}


def in_session(tool: Tool, session: DocumentSnapshot) -> Home:
    """A tool's map in the session."""
    also = {(tool.name, "last_saved"): SERVER_TIMESTAMP} | touched()
    return Home(tool, session, tool.name, tool.draft(), also)


def in_project(tool: Tool, project: DocumentSnapshot) -> Home:
    """A project's state."""
    return Home(tool, project, "state", tool.state(), saved_by(tool))


@dataclass(frozen=True)
class Merge:
    """A merge as it is about to be written."""

    state: dict[str, Any]
    conflicts: list[dict[str, Any]]
    kept: dict[str, Any] | None  # the save of what gives way


def merging(batch: Batch, home: Home, base: Mapping[str, Any], mine: Mapping[str, Any], keep: str = "") -> Merge:
    """Add to the batch what the merge changes, and a save of the state as it was: where a value of theirs gives way, or
    anything changes and there is a reason to `keep` it."""
    current = without_clocks(home.current)
    merged, found = merge(without_clocks(base), without_clocks(mine), current)
    conflicts = [conflict for conflict in found if conflict["path"] not in (*CLOCKS, "metadata.lastSaved")]
    gives_way = any("mine" in conflict and "theirs" in conflict for conflict in conflicts)
    kept = None
    if edits := differences(current, merged, home.field):
        unchanged = db().write_option(last_update_time=home.snapshot.update_time)
        batch.update(home.snapshot.reference, edits | dict(home.also), option=unchanged)
        if (keep and current) or gives_way:
            name = f"Before a {'restore' if keep else 'merge'}, {datetime.now(UTC):%Y-%m-%d %H:%M}"
            created_at = content(home.snapshot).get("created_at")
            kept = new_save(home.tool, name, keep or "conflict", home.current, created_at)
            batch.create(home.snapshot.reference.collection(home.tool.saves).document(kept["id"]), kept)
    return Merge(merged, wire(conflicts), kept)


def merged_into_session(tool: Tool, sent: Mapping[str, Any]) -> Response:
    """The tool's state in the session, merged. A draft that meets another draft becomes a project of its own."""
    home = in_session(tool, living(own_session().get(**WITHIN)))
    mine = pruned(sent["mine"])
    if mine.get("draft_id") and home.current.get("draft_id") not in (None, mine["draft_id"]):
        return _apart(home, mine)
    return _merged(home, sent)


def merged_into_project(tool: Tool, project_id: str, sent: Mapping[str, Any]) -> Response:
    """A project's state, merged."""
    return _merged(in_project(tool, existing(the_project(tool, project_id).get(**WITHIN))), sent)


def _merged(home: Home, sent: Mapping[str, Any]) -> Response:
    batch = db().batch()
    done = merging(batch, home, pruned(sent["base"]), pruned(sent["mine"]))
    update_time = commit(batch, home.snapshot)[0].update_time if len(batch) else home.snapshot.update_time
    body = {"state": readable(home.schema, done.state), "conflicts": done.conflicts, "etag": etag(update_time)}
    return representation(body | ({"save_of_theirs": done.kept["id"]} if done.kept else {}), update_time)


def _apart(home: Home, mine: dict[str, Any]) -> Response:
    """Two drafts are two pieces of work. The id of the new project comes from the draft's, so that a retry finds it."""
    project_id = derived_id(mine["draft_id"])
    ref = project_ref(home.tool, project_id)
    with suppress(AlreadyExists, PermissionDenied):  # made before, by this merge: the id is the caller's alone
        ref.create(project_of_draft(home.tool, project_id, mine), **WITHIN)
    made = summary(content(ref.get(**WITHIN)))
    seen = home.snapshot.update_time
    body = {"state": readable(home.schema, home.current), "conflicts": [], "project": made, "etag": etag(seen)}
    return representation(body, seen)
