"""The statblock generator: a creature and what it can do.

Types are checked and nothing else: a creature that is half typed has no size yet, and 0 hit points, and is saved.
"""

from typing import ClassVar

from marshmallow import fields, validate

from shared.schemas.strict import Boolean, MapOf, Number, OpenSchema, Timestamp, maps, text, texts
from shared.schemas.tool import ToolDraft


class Action(OpenSchema):
    """Something that the creature does. These names stay snake_case, as the first system had them."""

    name = text(1_000)
    desc = text(100_000)
    attack_bonus = Number()
    damage = text(1_000)
    damage_type = text(200)
    range = text(1_000)
    recharge = text(1_000)


def list_of_actions() -> fields.List:
    """A list of them."""
    return fields.List(fields.Nested(Action), validate=validate.Length(max=200))


class Speed(OpenSchema):
    """In feet a round."""

    walk = Number()
    fly = Number()
    swim = Number()
    climb = Number()
    burrow = Number()


Abilities = OpenSchema.from_dict(
    {name: Number() for name in ("str", "dex", "con", "int", "wis", "cha")}, name="Abilities"
)


class Senses(OpenSchema):
    """In feet; and the passive score."""

    darkvision = Number()
    blindsight = Number()
    tremorsense = Number()
    truesight = Number()
    passive_perception = Number()


class Spell(OpenSchema):
    """One spell that the creature knows."""

    name = text(1_000)
    level = Number()  # 0 to 9
    description = text(100_000)


class Spells(OpenSchema):
    """How the creature casts."""

    level = Number()  # 1 to 20
    ability = text(200)
    saveDc = Number()
    attackBonus = Number()
    cantrips = fields.List(fields.Raw(), validate=validate.Length(max=200))
    knownSpells = fields.List(fields.Nested(Spell), validate=validate.Length(max=500))
    spellSlots = MapOf(keys=fields.String(), values=fields.Raw(allow_none=True))


class LegendaryActions(OpenSchema):
    """What it does after others' turns."""

    actionsPerTurn = Number()
    actions = list_of_actions()
    description = text(100_000)


class LairActions(OpenSchema):
    """What its lair does."""

    initiative = Number()
    lairName = text(1_000)
    lairDescription = text(100_000)
    actions = list_of_actions()
    description = text(100_000)


class ChallengeRating(fields.Field):
    """A number, or a text such as "1/4"."""

    default_error_messages = {"invalid": "Not a number or a text."}  # noqa: RUF012

    def _deserialize(self, value: object, *_: object, **__: object) -> object:
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise self.make_error("invalid")
        return value


class StatBlockDetails(OpenSchema):
    """The creature."""

    name = text(200)
    size = text(200)  # Tiny to Gargantuan
    type = text(200)  # aberration to undead
    subtype = text(200)
    alignment = text(200)
    armorClass = Number()
    hitPoints = Number()
    hitDice = text(200)
    speed = fields.Nested(Speed)
    abilities = fields.Nested(Abilities)
    savingThrows = MapOf(keys=fields.String(), values=Number(allow_none=True))
    skills = MapOf(keys=fields.String(), values=Number(allow_none=True))
    damageResistance = text(2_000)
    damageImmunity = text(2_000)
    conditionImmunity = text(2_000)
    damageVulnerability = text(2_000)
    senses = fields.Nested(Senses)
    languages = text(2_000)
    challengeRating = ChallengeRating()
    xp = Number()
    proficiencyBonus = Number()
    actions = list_of_actions()
    bonusActions = list_of_actions()
    reactions = list_of_actions()
    specialAbilities = list_of_actions()
    spells = fields.Nested(Spells)
    legendaryActions = fields.Nested(LegendaryActions)
    lairActions = fields.Nested(LairActions)
    description = text(100_000)
    sdPrompt = text(10_000)
    projectId = text(200)
    createdAt = fields.Raw()  # as the client noted it
    lastModified = fields.Raw()
    tags = texts(50, 100)


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
