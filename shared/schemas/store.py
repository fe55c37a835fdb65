"""The store generator: a shop, its people and its stock, as blocks of a page."""

from typing import ClassVar

from marshmallow import fields, validate

from shared.schemas.strict import Boolean, MapOf, OpenSchema, text, texts
from shared.schemas.tool import ToolDraft


class Ware(OpenSchema):
    """One line of an inventory."""

    name = text(1_000)
    type = text(1_000)
    cost = text(1_000)  # "35 gp"
    properties = texts(100, 10_000)


def wares() -> fields.List:
    """One shelf of an inventory."""
    return fields.List(fields.Nested(Ware), validate=validate.Length(max=1_000))


Block = OpenSchema.from_dict(
    {
        "type": text(200),  # title, image, store-properties, owner, employee, customer, quest, services, ...
        "dataPageId": text(200),
        **{name: text(100_000) for name in ("title", "description", "sdprompt")},
        "imgUrl": text(10_000),
        "isNewImage": Boolean(),
        **{f"store-{name}": text(2_000) for name in ("size", "location", "district", "street", "type", "hours")},
        **{f"store-{name}": texts(200, 10_000) for name in ("services", "specialties", "rumors")},
        "store-reputation": text(10_000),
        **{name: text(10_000) for name in ("name", "species", "class", "personality", "role")},
        "secrets": texts(200, 10_000),
        **{name: text(10_000) for name in ("influence", "reward", "price", "mechanics")},
        **{
            shelf: wares()
            for shelf in (
                "core_inventory",
                "weapons",
                "armor",
                "potions",
                "scrolls",
                "magical_items",
                "mundane_items",
                "miscellaneous_items",
            )
        },
    },
    name="Block",
)
Block.__doc__ = "One block of a store's page. Which fields it has depends on its type."


class Store(OpenSchema):
    """A store as its page shows it."""

    storeData = MapOf(keys=fields.String(), values=fields.Nested(Block, allow_none=True))  # "block-0": ...


class StoreDraft(ToolDraft):
    """`storegenerator` in a session, and the `state` of a store project."""

    aliases: ClassVar[dict[str, str]] = ToolDraft.aliases | {"store": "store_draft_data"}

    active_store_id = text(200)
    store_draft_data = fields.Nested(Store)
    recent_stores = texts(50)
