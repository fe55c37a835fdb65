"""The parts of an object of the library, each named as the design documents name it."""

from typing import Any

from marshmallow import ValidationError, fields, post_load, validate

from shared.schemas.project import INTERNAL
from shared.schemas.strict import Boolean, Number, OpenSchema, Schema, identifier, text, texts

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

    @post_load
    def whole(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """A list is replaced as one value: its references are whole in a PATCH, too."""
        for name in {"id", "relationship"} - {field for field in data if data[field] is not None}:
            raise ValidationError({name: ["Missing data for required field."]})
        return data


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
