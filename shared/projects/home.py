"""Where a state is, a tool's map in the session or a project, and what a write to it may bring along.

A side that gives way becomes a save beside the document, whole, and each path where it does an open conflict.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from google.api_core.exceptions import PermissionDenied
from google.cloud.firestore import DELETE_FIELD, SERVER_TIMESTAMP, DocumentReference, DocumentSnapshot
from marshmallow import Schema

from shared.answer import Document
from shared.call import Call
from shared.drafts import OPEN_CONFLICTS, state_name, state_of, without_clocks
from shared.firestore.batch import Batch
from shared.firestore.etag import etag
from shared.firestore.field_paths import FieldPaths
from shared.firestore.subject import Subject
from shared.firestore.values import content, readable, wire
from shared.merge.conflicts import Entry, bounded, readable_entries, with_entries
from shared.merge.differences import differences
from shared.projects.document import project_ref, project_write_fields, the_project
from shared.saves.document import new_save
from shared.schemas.conflict import NEW_AT_ONCE
from shared.schemas.strict import schema_of
from shared.schemas.tools import Tool
from shared.session.document import own_session


@dataclass(frozen=True)
class Home:
    """Where a state is: the document as it was read, the field in it, and what every write there carries besides."""

    call: Call
    tool: Tool
    snapshot: DocumentSnapshot
    field: str
    schema: Schema
    also: Mapping[Any, Any]

    @property
    def current(self) -> dict[str, Any]:
        """The state that is stored."""
        return {name: value for name, value in self._stored.items() if name != OPEN_CONFLICTS or self.in_project}

    @property
    def conflicts(self) -> list[Entry]:
        """The conflicts that are open: in a project beside the state, in a draft within."""
        holder = content(self.snapshot) if self.in_project else self._stored
        return readable_entries(holder.get(OPEN_CONFLICTS))

    @property
    def subject(self) -> Subject:
        """The document, as refusals are explained by it."""
        return the_project(self.call, self.tool, self.snapshot.id) if self.in_project else own_session(self.call)

    @property
    def in_project(self) -> bool:
        """Whether it is a project, and not a draft in the session."""
        return self.field == "state"

    @property
    def saves(self) -> Any:
        """Where saves of this state are."""
        return self.snapshot.reference.collection(self.tool.saves)

    @property
    def created_at(self) -> Any:
        """What ties a save to this very document."""
        return content(self.snapshot).get("created_at")

    @property
    def last_saves(self) -> set[str]:
        """The ids of the saves that were the last of a writer's."""
        return last_saves_of(self.snapshot)

    @property
    def author(self) -> dict[str, Any]:
        """Who wrote what is stored, as an open conflict says it."""
        by = content(self.snapshot).get("updated_by")
        by = by if isinstance(by, Mapping) else {}
        return {"by": by.get("name", ""), "device": by.get("device", ""), "at": self.snapshot.update_time}

    @property
    def _stored(self) -> dict[str, Any]:
        found = content(self.snapshot).get(self.field)
        return found if isinstance(found, dict) else {}

    def with_conflicts(self, entries: Sequence[Entry]) -> FieldPaths:
        """The field update that leaves just these open."""
        path = (OPEN_CONFLICTS,) if self.in_project else (self.field, OPEN_CONFLICTS)
        return {path: list(entries) or DELETE_FIELD}

    def update(self, batch: Batch, changes: Mapping[Any, Any]) -> None:
        """Add these changes to the batch, on the condition that nobody wrote since the document was read."""
        unchanged = self.call.db.write_option(last_update_time=self.snapshot.update_time)
        batch.update(self.snapshot.reference, dict(changes) | dict(self.also), option=unchanged)


def last_saves_of(snapshot: DocumentSnapshot) -> set[str]:
    """The ids of the saves that were the last of a writer's, in a session or a project."""
    found = content(snapshot).get("last_saves")
    return {save_id for save_id in found.values() if isinstance(save_id, str)} if isinstance(found, dict) else set()


def in_session(call: Call, tool: Tool, session: DocumentSnapshot) -> Home:
    """A tool's map in the session."""
    also = {(tool.name, "last_saved"): SERVER_TIMESTAMP} | call.session_write_fields() | call.last_save()
    return Home(call, tool, session, tool.name, schema_of(tool.draft), also)


def in_project(call: Call, tool: Tool, project: DocumentSnapshot) -> Home:
    """A project's state."""
    return Home(call, tool, project, "state", schema_of(tool.state), project_write_fields(call, tool))


def carried_conflicts(
    call: Call, batch: Batch, tool: Tool, draft: Mapping[str, Any], beside: DocumentReference, project_id: str
) -> list[Entry]:
    """A draft's open conflicts as those of the project that it becomes; the saves that they name are copied to that.

    One read if there are any. Their paths change as their state does: `draft_item_data.name` is `itemDetails.name`.
    """
    entries = readable_entries(draft.get(OPEN_CONFLICTS))[-NEW_AT_ONCE:]
    places = [beside.collection(tool.saves).document(save_id) for save_id in {entry["save_id"] for entry in entries}]
    saves = {found.id: content(found) for found in call.db.get_all(places) if found.exists} if places else {}
    for save_id, save in saves.items():
        copy = new_save(call, tool, save["name"], save["reason"], state_of(tool, save["state"]), SERVER_TIMESTAMP)
        batch.create(
            project_ref(call, tool, project_id).collection(tool.saves).document(save_id), copy | {"id": save_id}
        )
    return [entry | {"path": _path_in_state(tool, entry["path"])} for entry in entries if entry["save_id"] in saves]


def _path_in_state(tool: Tool, path: str) -> str:
    first, dot, rest = path.partition(".")
    return f"{state_name(tool, first)}{dot}{rest}"


def caller_at(call: Call, time: datetime | None) -> dict[str, Any]:
    """The caller as the author of what gives way, at that time or now."""
    return {"by": call.caller.name, "device": call.device or "", "at": time or datetime.now(UTC)}


def write(
    batch: Batch, home: Home, state: Mapping[str, Any], kept: dict[str, Any] | None, paths: Sequence[str], author: Entry
) -> None:
    """Add the new state, the save and the conflicts that it opens, as far as they change anything."""
    changes: FieldPaths = differences(without_clocks(home.current), state, home.field)
    if kept:
        batch.create(home.saves.document(kept["id"]), kept)
    if paths:
        changes |= home.with_conflicts(with_new_conflicts(home, kept, paths, author))
    if changes:
        home.update(batch, changes)


def with_new_conflicts(home: Home, kept: Mapping[str, Any] | None, paths: Iterable[str], author: Entry) -> list[Entry]:
    """All open conflicts of the document, those at these paths added, which the save holds the other value of."""
    new = [{"path": bounded(path), **author, "save_id": kept["id"]} for path in paths] if kept else []
    return with_entries(home.conflicts, new)


def conflict_save(home: Home, state: Mapping[str, Any], name: str, reason: str = "conflict") -> dict[str, Any]:
    """A save beside the document of a state that gives way."""
    return new_save(home.call, home.tool, f"{name}, {datetime.now(UTC):%Y-%m-%d %H:%M}", reason, state, home.created_at)


def save_state(ref: DocumentReference) -> dict[str, Any]:
    """The state of a save; empty where there is none, or none that the caller may read."""
    try:
        found = content(ref.get()).get("state")
    except PermissionDenied:  # so a missing one is answered beside a project
        return {}
    return found if isinstance(found, dict) else {}


def merge_response(
    home: Home, state: Mapping[str, Any], conflicts: Sequence[Entry], update_time: datetime, **more: Any
) -> Document:
    """The state as it is now, with all open conflicts, and what the next If-Match should say."""
    found = {
        "state": readable(home.schema, state),
        "conflicts": wire(conflicts),
        "etag": etag(update_time),
        "save_id": home.call.save_id,
        **more,
    }
    return Document({name: value for name, value in found.items() if value is not None}, update_time)
