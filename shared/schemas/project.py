"""A project: one named piece of work in one tool, with its whole state."""

import functools
import unicodedata
from typing import Any

from marshmallow import RAISE, ValidationError, fields, post_load, validate

from shared.schemas.conflict import OpenConflict
from shared.schemas.signature import Signed, last_saves
from shared.schemas.strict import Boolean, Schema, Timestamp, identifier, name_of_something, text, texts
from shared.schemas.tools import TOOLS, Tool

ROLES = ("owner", "editor", "viewer")
AT_THE_TOP = {"tags": "tags", "isTemplate": "is_template"}  # of metadata -> where it is stored
MAY_BE_NULL = {"may_be_null": True}  # in the store; everywhere else a stored null is damage
INTERNAL = {"internal": True}  # stored, never shown


def name_key(name: str) -> str:
    """The name as names are compared: composed alike, and whatever its case."""
    return unicodedata.normalize("NFC", name.strip()).casefold()


class Member(Schema):
    """One person's place in a document."""

    role = fields.String(validate=validate.OneOf(ROLES))
    name = text(5_000)  # from the ID token when they joined; a guest has none
    joined_at = Timestamp()


class ProjectMetadata(Schema):
    """What the tool notes about a project. `tags` and `isTemplate` are the project's own, under their old address."""

    version = text(200)
    tags = texts(50, 100)
    isTemplate = Boolean()
    lastOpened = fields.Integer(strict=True)  # ms since 1970
    cardCount = fields.Integer(strict=True, validate=validate.Range(min=0))


class ProjectSummary(Signed):
    """A project in a list: everything but its state."""

    wrapped_in = 1  # levels of a body around a state, which has a document's 20 for itself

    id = identifier(dump_only=True)
    user_id = fields.String(dump_only=True)  # the owner
    tool = fields.String(dump_only=True, validate=validate.OneOf(TOOLS))
    name = name_of_something(required=True)
    name_key = fields.String(dump_only=True, metadata=INTERNAL)
    description = text(10_000)
    created_at = Timestamp(dump_only=True)
    updated_at = Timestamp(dump_only=True)
    metadata = fields.Nested(ProjectMetadata)
    is_template = Boolean(dump_default=False)
    tags = texts(50, 100, dump_default=[])
    visibility = fields.String(validate=validate.OneOf(("private", "public")), dump_default="private")
    trashed = Boolean(dump_only=True)
    purge_at = Timestamp(dump_only=True)  # when the trash is emptied (TTL)
    object_id = identifier(dump_only=True)  # the object that it was promoted to
    transfer_to = fields.String(dump_only=True, metadata=MAY_BE_NULL)
    members = fields.Dict(keys=fields.String(), values=fields.Nested(Member), dump_only=True)
    readers = fields.List(fields.String(), dump_only=True, metadata=INTERNAL)

    @post_load
    def as_stored(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """metadata's two copies go to the top, a name brings its key, and there is no project without a visibility."""
        metadata = data.get("metadata") or {}
        for name in AT_THE_TOP.keys() & metadata.keys():
            value = metadata.pop(name)
            if data.setdefault(AT_THE_TOP[name], value) != value:
                raise ValidationError({f"metadata.{name}": [f"Disagrees with '{AT_THE_TOP[name]}': send one of them."]})
        if "name" in data:
            data["name_key"] = name_key(data["name"])
        if data.get("visibility", "") is None:
            data["visibility"] = "private"
        return data


@functools.cache
def project_schema(tool: Tool) -> type[ProjectSummary]:
    """The schema of one tool's projects, with its `state`."""
    parts = {
        "state": fields.Nested(tool.state),
        "conflicts": fields.List(fields.Nested(OpenConflict), dump_only=True, dump_default=[]),  # that are open
        "last_saves": last_saves(),
        "__doc__": f"A {tool.noun} project: a document of `{tool.projects}`.",
    }
    return type(f"{tool.noun.title()}Project", (ProjectSummary,), parts)


@functools.cache
def new_project_schema(tool: Tool) -> type[ProjectSummary]:
    """What POST takes: also the id that the client chose, and whether to move the session's draft into the project."""
    added = {"id": identifier(), "from_draft": Boolean(), "__doc__": f"A {tool.noun} project to be."}
    return type(f"New{tool.noun.title()}Project", (project_schema(tool),), added)


class ProjectQuery(Schema):
    """Which page of the list."""

    class Meta:
        unknown = RAISE

    cursor = fields.String()  # `next` of the page before
    public = fields.Boolean()  # everybody's public ones
    trashed = fields.Boolean()  # the caller's own in the trash


class ProjectPage(Schema):
    """Projects, most recently changed first."""

    projects = fields.List(fields.Nested(ProjectSummary))
    next = fields.String()  # the cursor of the next page, if there is one


class SavedProject(Schema):
    """The receipt of a project's save."""

    etag = fields.String()
    update_time = Timestamp()
    save_id = fields.String()
