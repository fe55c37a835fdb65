"""The card generator: an item being made, its pictures, and how far along it is.

Its map in the session is snake_case; the `state` of a project is the design document's CardSessionData, in camelCase.
Both hold the same fields under two names (shared/schemas/tools.py), so that nothing is lost on the way.
"""

from typing import ClassVar

from marshmallow import fields

from shared.schemas.content import content, contents
from shared.schemas.strict import Boolean, OpenSchema, Schema, Timestamp, flags, free_map, identifier, maps, text, texts
from shared.schemas.tool import ToolDraft

STEPS = ("text-generation", "core-image", "border-generation", "final-assembly", "card-back")


class ItemDetails(OpenSchema):
    """The item on the card. What else a tool puts here is kept as it is."""

    aliases: ClassVar[dict[str, str]] = {"damage": "damageFormula"}

    name = content(200)
    type = content(200)
    rarity = content(200)
    value = content(200)  # "50 gp"
    properties = contents(content(), 10_000)  # one line each
    damageFormula = content(200)  # "1d8 + 1"
    damageType = content(200)
    weight = content(200)  # "3 lb."
    description = content(100_000)
    quote = content(10_000)
    sdPrompt = content(10_000)  # what the image is generated from


class SelectedAssets(OpenSchema):
    """Which pictures were chosen: addresses, or a data: URL in templateBlob."""

    finalImage = text(10_000)
    border = text(10_000)
    seedImage = text(10_000)
    templateBlob = fields.String()  # base64
    selectedGeneratedCardImage = text(10_000)
    finalCardWithText = text(10_000)
    cardBack = text(10_000)
    generatedCardImages = texts(200, 10_000)


class GeneratedContent(OpenSchema):
    """What was generated so far. Images are addresses, or maps of url and id."""

    images = fields.List(fields.Raw())
    renderedCards = maps(500)  # url, id, name, timestamp
    analyses = maps(500)


class SessionMetadata(Schema):
    """What the client notes about its own save."""

    lastSaved = text(200)
    version = text(200)
    platform = text(200)


class CardDraft(ToolDraft):
    """`cardgenerator` in a session: the card that no project holds yet."""

    aliases: ClassVar[dict[str, str]] = ToolDraft.aliases | {"item_details": "draft_item_data"}

    draft_item_data = fields.Nested(ItemDetails)
    selected_assets = fields.Nested(SelectedAssets)
    generated_content = fields.Nested(GeneratedContent)
    metadata = fields.Nested(SessionMetadata)
    session_id = text(200)  # of the client that began the card
    user_id = text(200)
    active_item_id = text(200)
    generation_locks = flags()
    recent_items = texts(50)
    generated_images = texts(200, 10_000)  # addresses
    preferences = free_map()


class CardSessionData(Schema):
    """The `state` of a card project, named as in the design document."""

    aliases: ClassVar[dict[str, str]] = {
        "draft_item_data": "itemDetails",
        "current_step_id": "currentStep",
        "auto_save": "autoSaveEnabled",
        "last_updated": "lastSaved",
    }

    draftId = identifier()
    sessionId = text(200)
    userId = text(200)
    currentStep = text(200)
    stepCompletion = flags()
    itemDetails = fields.Nested(ItemDetails)
    selectedAssets = fields.Nested(SelectedAssets)
    generatedContent = fields.Nested(GeneratedContent)
    metadata = fields.Nested(SessionMetadata)
    autoSaveEnabled = Boolean()
    activeItemId = text(200)
    activeObjectId = text(200)
    generationLocks = flags()
    recentItems = texts(50)
    generatedImages = texts(200, 10_000)
    preferences = free_map()
    toolSpecificData = free_map()
    sessionData = free_map()
    lastSaved = Timestamp()
