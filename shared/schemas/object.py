"""A DungeonMindObject: finished work in the library, for every tool and (if its owner wants) other people."""

from typing import Any

from marshmallow import RAISE, ValidationError, fields, post_load, validate

from shared.schemas.object_parts import (
    TYPES,
    VISIBILITIES,
    AiContext,
    ObjectMetadata,
    Origin,
    Reference,
    SharePermissions,
)
from shared.schemas.project import INTERNAL, MAY_BE_NULL, Member
from shared.schemas.signature import Signed
from shared.schemas.strict import (
    Boolean,
    Schema,
    Timestamp,
    free_map,
    identifier,
    is_id,
    name_of_something,
    text,
    texts,
)
from shared.schemas.tools import TOOLS

RULESET = validate.Regexp(r"(?!__.*__$).{1,100}$", error="1 to 100 characters, and not __like_this__.")


class ObjectSummary(Signed):
    """An object in a list."""

    id = identifier(dump_only=True)
    user_id = fields.String(dump_only=True)  # the owner
    type = fields.String(validate=validate.OneOf(TYPES), required=True)
    name = name_of_something(required=True)
    description = text(100_000)
    summary = text(2_000)
    rulesets = texts(20, 100, dump_default=[])
    collections = texts(100, 200, dump_default=[])
    tags = texts(50, 100, dump_default=[])
    visibility = fields.String(validate=validate.OneOf(VISIBILITIES), dump_default="private")
    is_template = Boolean(dump_default=False)
    created_at = Timestamp(dump_only=True)
    updated_at = Timestamp(dump_only=True)
    trashed = Boolean(dump_only=True)


class Object(ObjectSummary):
    """One document of `dungeonmind-objects`."""

    systemData = free_map(validate=validate.Length(max=50))  # by ruleset
    references = fields.List(fields.Nested(Reference), validate=validate.Length(max=200))
    reference_ids = fields.List(fields.String(), dump_only=True, metadata=INTERNAL)
    metadata = fields.Nested(ObjectMetadata)
    customProperties = free_map(validate=validate.Length(max=100))
    aiContext = fields.Nested(AiContext)
    sharePermissions = fields.Nested(SharePermissions)
    project_collection = fields.String(validate=validate.OneOf(dict.fromkeys(t.projects for t in TOOLS.values())))
    project_id = identifier()  # the project that `visibility: project` shows it to
    project_created_at = Timestamp(dump_only=True, metadata=INTERNAL)  # so that no later project of that id sees it
    origin = fields.Nested(Origin, dump_only=True)
    members = fields.Dict(keys=fields.String(), values=fields.Nested(Member), dump_only=True)
    readers = fields.List(fields.String(), dump_only=True, metadata=INTERNAL)
    transfer_to = fields.String(dump_only=True, metadata=MAY_BE_NULL)
    purge_at = Timestamp(dump_only=True)
    search_terms = fields.List(fields.String(), dump_only=True, metadata=INTERNAL)

    @post_load
    def as_stored(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """References bring the list of ids that finds them from the other side; no object is without a visibility."""
        if data.get("visibility", "") is None:
            data["visibility"] = "private"
        if "references" in data:
            data["reference_ids"] = sorted({reference["id"] for reference in data["references"] or []})
        return data


class NewObject(Object):
    """An object to be."""

    id = identifier()  # chosen by the client


class SavedObject(Schema):
    """The receipt of an object's save."""

    etag = fields.String()
    update_time = Timestamp()
    save_id = fields.String()


class OpenObject(Schema):
    """How to open an object as a draft."""

    nullable = False

    draft_id = identifier()  # of the draft to be, chosen by the client: repeated, it finds that draft
    ruleset = fields.String(validate=RULESET)  # whose systemData; the object's first if not said


class OpenedObject(Schema):
    """The draft that an object was opened as."""

    tool = fields.String()
    draft = fields.Dict(keys=fields.String())
    kept_as_project = fields.String()  # the project that keeps the draft which was there before


class Promotion(Schema):
    """Which project is to become an object."""

    nullable = False

    project_id = identifier(required=True)
    tool = fields.String(validate=validate.OneOf(TOOLS), load_default="cardgenerator")
    object_id = identifier()  # of the object to be, chosen by the client
    ruleset = fields.String(validate=RULESET, load_default="dnd5e")


class Promoted(Object):
    """The object that a promotion made or reached."""

    project_etag = fields.String()  # the project's, now that it names its object


def _is_project(path: str) -> None:
    collection, _, project_id = path.partition("/")
    if collection not in {tool.projects for tool in TOOLS.values()} or not is_id(project_id):
        raise ValidationError("Name it as cardgen_projects/{id} or tool_projects/{id}.")


class ObjectQuery(Schema):
    """Which page of the library."""

    class Meta:
        unknown = RAISE

    cursor = fields.String()
    type = fields.String(validate=validate.OneOf(TYPES))
    public = fields.Boolean()  # everybody's public ones
    trashed = fields.Boolean()  # the caller's own in the trash
    # those visible to a project: cardgen_projects/{id} or tool_projects/{id}
    project = fields.String(validate=_is_project)


class ObjectPage(Schema):
    """Objects, most recently changed first."""

    objects = fields.List(fields.Nested(ObjectSummary))
    next = fields.String()
