"""Project documents: where they are, how they are shown, and how a new one begins."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from google.api_core.exceptions import PermissionDenied
from google.cloud.firestore import (
    DELETE_FIELD,
    DocumentReference,
    DocumentSnapshot,
    FieldFilter,
    Query,
)
from werkzeug.exceptions import NotFound

from shared.call import Call
from shared.drafts import OPEN_CONFLICTS, state_of
from shared.firestore.subject import Subject, in_trash
from shared.firestore.values import content, readable, split_damaged
from shared.projects.promotion import title_of
from shared.schemas.project import AT_THE_TOP, ProjectSummary, name_key, project_schema
from shared.schemas.strict import schema_of
from shared.schemas.tools import TOOLS, Tool
from shared.sharing.document import document_write_fields, new_document
from shared.write import update

OWNERS = {"visibility", "is_template"}  # the rules say so
EMPTY: dict[str, Any] = {"description": "", "is_template": False, "tags": [], "visibility": "private"}
SUMMARY = [name for name in schema_of(ProjectSummary).fields if name != "damaged"]  # what a list reads
CONTENT = ("description", "state", "metadata", "tags")  # what PUT replaces, beside the name


def project_ref(call: Call, tool: Tool, project_id: str) -> DocumentReference:
    """Where a project of this tool is."""
    return call.db.collection(tool.projects).document(project_id)


def the_project(
    call: Call, tool: Tool, project_id: str, changing: Collection[str] = (), needs: str = "editor"
) -> Subject:
    """The same, as the document that a request is about. Some of its fields are the owner's to change."""
    needs = "owner" if OWNERS & set(changing) else needs
    return Subject(project_ref(call, tool, project_id), "project", partial(shown, tool), needs, tool.name)


def shown(tool: Tool, stored: Mapping[str, Any]) -> dict[str, Any]:
    """A project as GET answers it."""
    return _shown(schema_of(project_schema(tool)), stored)


def summary(stored: Mapping[str, Any]) -> dict[str, Any]:
    """A project as a list shows it."""
    return _shown(schema_of(ProjectSummary), stored)


def _shown(schema: ProjectSummary, stored: Mapping[str, Any]) -> dict[str, Any]:
    found = readable(schema, stored)
    copies = {name: found[top] for name, top in AT_THE_TOP.items() if top in found}
    return found | {"metadata": found.get("metadata", {}) | copies}


def new_project(call: Call, tool: Tool, project_id: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """A new project's document; the caller is its owner and only member."""
    return new_document(call, project_id, {**EMPTY, **given, "tool": tool.name})


def project_of_draft(
    call: Call, tool: Tool, project_id: str, draft: Mapping[str, Any], conflicts: Sequence[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    """The document of the project that a draft becomes when another takes its place, called as the work in it is."""
    state = state_of(tool, draft)
    name = title_of(tool, state) or f"Untitled {tool.noun}"
    given = {"name": name, "name_key": name_key(name), "state": state}
    return new_project(call, tool, project_id, given | ({OPEN_CONFLICTS: list(conflicts)} if conflicts else {}))


def replace_content(call: Call, tool: Tool, project: Subject, sent: Mapping[str, Any]) -> datetime:
    """Replace a project's content by what was sent, in one write; returns the update time.

    Where the rules refuse because a field that is not sent is malformed, that field goes back to what a new one has.
    """
    whole = {name: DELETE_FIELD for name in CONTENT} | dict(sent) | project_write_fields(call, tool)
    try:
        return update(call, project, whole)
    except PermissionDenied:
        stored = content(project.get())
        bad = {path.split(".")[0] for path in split_damaged(schema_of(project_schema(tool)), stored)[1]} - whole.keys()
        if not bad:
            raise
        return update(call, project, {name: EMPTY.get(name, DELETE_FIELD) for name in bad} | whole)


def project_write_fields(call: Call, tool: Tool) -> dict[Any, Any]:
    """What every save of a project carries: the rules refuse it where the project is another tool's."""
    return document_write_fields(call) | {"tool": tool.name} | call.last_save()


def newest_called(call: Call, tool: Tool, name: str) -> DocumentSnapshot | None:
    """The caller's own project of this name, whatever its case, that nobody else reads; of several the newest.

    A project that others read could be named by them: what is restored there they would read. One query.
    """
    wanted: Any = call.db.collection(tool.projects)
    sought = {"user_id": call.caller.uid, "tool": tool.name, "trashed": False, "name_key": name_key(name)}
    sought |= {"visibility": "private", "readers": [call.caller.uid]}
    for field, value in sought.items():
        wanted = wanted.where(filter=FieldFilter(field, "==", value))
    return next(wanted.order_by("updated_at", direction=Query.DESCENDING).limit(1).stream(), None)


def readable_project(call: Call, project_id: str) -> Tool:
    """The tool of a project that the caller may read, whichever collection it is in. Raises 404."""
    for collection in dict.fromkeys(tool.projects for tool in TOOLS.values()):
        try:
            found = call.db.collection(collection).document(project_id).get(["tool", "trashed"])
        except PermissionDenied:
            continue
        if content(found).get("trashed"):
            raise in_trash("project")
        if tool := TOOLS.get(content(found).get("tool", "")):
            return tool
    raise NotFound("There is no such project, or it is not yours to read: the session still has the one before.")
