"""A DungeonMindObject: finished work in the library, for every tool and (if its owner wants) other people."""

from typing import Any

from marshmallow import RAISE, fields, post_load, validate

from shared.schemas.project import INTERNAL, Member
from shared.schemas.signature import Signed
from shared.schemas.strict import (
    Boolean,
    Number,
    OpenSchema,
    Schema,
    Timestamp,
    free_map,
    identifier,
    name_of_something,
    text,
    texts,
)
from shared.schemas.tools import TOOLS

TYPES = (  # of the design document and of the first system
    "item", "character", "location", "encounter", "ability", "rule", "campaign", "organization", "event", "custom",
    "store", "statblock", "spell", "world", "project",
)  # fmt: skip
VISIBILITIES = ("private", "project", "public")
RELATIONSHIPS = (
    "owns", "equipped", "carries", "created", "located_in", "connected_to", "nearby", "origin", "ally", "enemy",
    "neutral", "member", "leader", "subordinate", "participant", "quest_giver", "objective", "reward", "prerequisite",
    "component", "enhancement", "counters", "related", "inspired_by", "variant_of", "sequel_to",
)  # fmt: skip


class Reference(Schema):
    """This object's relation to another."""

    id = identifier(required=True)
    type = fields.String(validate=validate.OneOf(TYPES))
    relationship = fields.String(required=True, validate=validate.OneOf(RELATIONSHIPS))
    context = text(2_000)


class Change(Schema):
    """One entry of the change log."""

    timestamp = Number()  # ms since 1970
    user = text(128)
    action = fields.String(validate=validate.OneOf(("created", "modified", "deleted", "shared")))
    description = text(2_000)
    fields = fields.List(text(200))  # type: ignore[assignment]


class ObjectMetadata(Schema):
    """What a tool or its user notes about an object. Who owns it is decided by `user_id` alone."""

    createdAt = Number()  # ms since 1970
    createdBy = text(128)
    version = text(50)  # "1.2.0"
    updatedAt = Number()  # ms since 1970
    updatedBy = text(128)
    changeLog = fields.List(fields.Nested(Change), validate=validate.Length(max=100))
    owner = text(128)
    collaborators = texts(100, 128)
    source = fields.String(validate=validate.OneOf(("user_created", "ai_generated", "imported", "template")))
    generator = text(200)
    inspiration = text(2_000)
    validated = Boolean()
    rating = Number(validate=validate.Range(1, 5))
    downloads = fields.Integer(strict=True, validate=validate.Range(min=0))
    published = Boolean()
    license = text(200)
    attribution = text(2_000)


class SharePermissions(Schema):
    """The terms under which others may use it. Who may read it is decided by `visibility` and `members` alone."""

    publicView = Boolean()
    publicUse = Boolean()
    publicModify = Boolean()
    communityRating = Boolean()
    communityComments = Boolean()
    communityDerivatives = Boolean()
    requireAttribution = Boolean()
    allowCommercial = Boolean()
    shareAlike = Boolean()
    allowedUsers = texts(100, 128)
    allowedGroups = texts(100, 128)
    vttExport = Boolean()
    apiAccess = Boolean()
    copy = Boolean()
    derivatives = Boolean()
    attribution = text(2_000)
    licence = text(200)


class AiContext(OpenSchema):
    """How an object was generated."""

    originalPrompt = text(20_000)
    systemPrompt = text(20_000)
    model = text(200)
    generatedAt = Number()  # ms since 1970
    suggestions = fields.List(fields.Raw())
    alternatives = fields.List(fields.Raw())
    userFeedback = fields.String(validate=validate.OneOf(("positive", "negative", "neutral")))


class Origin(Schema):
    """What an object was promoted from."""

    project_id = identifier()
    project_collection = fields.String()
    version = fields.String()  # the project's ETag then
    base = fields.String(metadata=INTERNAL)  # what the project gave then, as JSON text: tells later edits apart


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

    systemData = free_map()  # by ruleset
    references = fields.List(fields.Nested(Reference), validate=validate.Length(max=200))
    reference_ids = fields.List(fields.String(), dump_only=True, metadata=INTERNAL)
    metadata = fields.Nested(ObjectMetadata)
    customProperties = free_map()
    aiContext = fields.Nested(AiContext)
    sharePermissions = fields.Nested(SharePermissions)
    project_collection = fields.String(validate=validate.OneOf(dict.fromkeys(t.projects for t in TOOLS.values())))
    project_id = identifier()  # the project that `visibility: project` shows it to
    origin = fields.Nested(Origin, dump_only=True)
    members = fields.Dict(keys=fields.String(), values=fields.Nested(Member), dump_only=True)
    readers = fields.List(fields.String(), dump_only=True, metadata=INTERNAL)
    transfer_to = fields.String(dump_only=True, allow_none=True)
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

    draft_id = identifier()  # of the draft to be, chosen by the client: repeated, it finds that draft
    ruleset = text(100)  # whose systemData; the object's first if not said


class OpenedObject(Schema):
    """The draft that an object was opened as."""

    tool = fields.String()
    draft = fields.Dict(keys=fields.String())
    kept_as_project = fields.String()  # the project that keeps the draft which was there before


class Promotion(Schema):
    """Which project is to become an object."""

    project_id = identifier(required=True)
    tool = fields.String(validate=validate.OneOf(TOOLS), load_default="cardgenerator")
    object_id = identifier()  # of the object to be, chosen by the client
    ruleset = text(100, load_default="dnd5e")


class Promoted(Object):
    """The object that a promotion made or reached."""

    project_etag = fields.String()  # the project's, now that it names its object


class ObjectQuery(Schema):
    """Which page of the library."""

    class Meta:
        unknown = RAISE

    cursor = fields.String()
    type = fields.String(validate=validate.OneOf(TYPES))
    public = fields.Boolean()  # everybody's public ones
    trashed = fields.Boolean()  # the caller's own in the trash
    project = text(300)  # those visible to a project: cardgen_projects/{id} or tool_projects/{id}


class ObjectPage(Schema):
    """Objects, most recently changed first."""

    objects = fields.List(fields.Nested(ObjectSummary))
    next = fields.String()
