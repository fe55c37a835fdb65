"""The statblock generator: a creature and what it can do.

What a creature is, is content and kept as it came: "5d8 + 5" hit points, a speed of "30 ft.", no size yet.
"""

from typing import ClassVar

from marshmallow import fields, validate

from shared.schemas.content import ContentList, ContentMap, content, contents
from shared.schemas.strict import Boolean, Number, OpenSchema, Timestamp, maps, text, texts
from shared.schemas.tool import ToolDraft


class Action(OpenSchema):
    """Something that the creature does. These names stay snake_case, as the first system had them."""

    name = content(1_000)
    desc = content(100_000)
    attack_bonus = content()
    damage = content(1_000)
    damage_type = content(200)
    range = content(1_000)
    recharge = content(1_000)


def list_of_actions() -> ContentList:
    """A list of them."""
    return contents(ContentMap(Action), 200)


class Speed(OpenSchema):
    """In feet a round."""

    walk = content()
    fly = content()
    swim = content()
    climb = content()
    burrow = content()


Abilities = OpenSchema.from_dict(
    {name: content() for name in ("str", "dex", "con", "int", "wis", "cha")}, name="Abilities"
)


class Senses(OpenSchema):
    """In feet; and the passive score."""

    darkvision = content()
    blindsight = content()
    tremorsense = content()
    truesight = content()
    passive_perception = content()


class Spell(OpenSchema):
    """One spell that the creature knows."""

    name = content(1_000)
    level = content()  # 0 to 9
    description = content(100_000)


class Spells(OpenSchema):
    """How the creature casts."""

    level = content()  # 1 to 20
    ability = content(200)
    saveDc = content()
    attackBonus = content()
    cantrips = contents(content(), 200)
    knownSpells = contents(ContentMap(Spell), 500)
    spellSlots = content()  # by level


class LegendaryActions(OpenSchema):
    """What it does after others' turns."""

    actionsPerTurn = content()
    actions = list_of_actions()
    description = content(100_000)


class LairActions(OpenSchema):
    """What its lair does."""

    initiative = content()
    lairName = content(1_000)
    lairDescription = content(100_000)
    actions = list_of_actions()
    description = content(100_000)


class StatBlockDetails(OpenSchema):
    """The creature."""

    name = content(200)
    size = content(200)  # Tiny to Gargantuan
    type = content(200)  # aberration to undead
    subtype = content(200)
    alignment = content(200)
    armorClass = content()
    hitPoints = content()
    hitDice = content(200)
    speed = ContentMap(Speed)
    abilities = ContentMap(Abilities)
    savingThrows = content()  # by ability
    skills = content()  # by name
    damageResistance = content(2_000)
    damageImmunity = content(2_000)
    conditionImmunity = content(2_000)
    damageVulnerability = content(2_000)
    senses = ContentMap(Senses)
    languages = content(2_000)
    challengeRating = content(200)
    xp = content()
    proficiencyBonus = content()
    actions = list_of_actions()
    bonusActions = list_of_actions()
    reactions = list_of_actions()
    specialAbilities = list_of_actions()
    spells = ContentMap(Spells)
    legendaryActions = ContentMap(LegendaryActions)
    lairActions = ContentMap(LairActions)
    description = content(100_000)
    sdPrompt = content(10_000)
    projectId = content(200)
    createdAt = fields.Raw()  # as the client noted it
    lastModified = fields.Raw()
    tags = contents(content(100), 50)


class StatblockAssets(OpenSchema):
    """Which pictures and models were chosen."""

    creature_image = text(10_000)
    selected_image_index = Number()
    generated_images = fields.List(fields.Raw(), validate=validate.Length(max=500))
    model_file = text(10_000)


class StatblockContent(OpenSchema):
    """What was generated so far."""

    images = fields.List(fields.Raw(), validate=validate.Length(max=500))
    models = fields.List(fields.Raw(), validate=validate.Length(max=500))
    exports = maps(500)


class StatblockDraft(ToolDraft):
    """`statblockgenerator` in a session, and the `state` of a statblock project (StatBlockGeneratorState)."""

    aliases: ClassVar[dict[str, str]] = ToolDraft.aliases | {"creature_details": "statblock_draft_data"}

    active_statblock_id = text(200)
    statblock_draft_data = fields.Nested(StatBlockDetails)
    recent_statblocks = texts(50)
    selected_assets = fields.Nested(StatblockAssets)
    generated_content = fields.Nested(StatblockContent)
    generation_lock = Boolean()
    session_id = text(200)  # of the client that began it
    user_id = text(200)
    created_at = Timestamp()
    last_modified = Timestamp()
