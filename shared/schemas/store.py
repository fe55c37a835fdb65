"""The store generator: a shop, its people and its stock, as blocks of a page."""

from typing import ClassVar

from marshmallow import fields

from shared.schemas.content import ContentList, ContentMap, content, contents
from shared.schemas.strict import Boolean, MapOf, OpenSchema, text, texts
from shared.schemas.tool import ToolDraft


class Ware(OpenSchema):
    """One line of an inventory."""

    name = content(1_000)
    type = content(1_000)
    cost = content(1_000)  # "35 gp"
    properties = contents(content(10_000), 100)


def wares() -> ContentList:
    """One shelf of an inventory."""
    return contents(ContentMap(Ware), 1_000)


Block = OpenSchema.from_dict(
    {
        "type": content(200),  # title, image, store-properties, owner, employee, customer, quest, services, ...
        "dataPageId": text(200),
        **{name: content(100_000) for name in ("title", "description", "sdprompt")},
        "imgUrl": content(10_000),
        "isNewImage": Boolean(),
        **{f"store-{name}": content(2_000) for name in ("size", "location", "district", "street", "type", "hours")},
        **{f"store-{name}": contents(content(10_000), 200) for name in ("services", "specialties", "rumors")},
        "store-reputation": content(10_000),
        **{name: content(10_000) for name in ("name", "species", "class", "personality", "role")},
        "secrets": contents(content(10_000), 200),
        **{name: content(10_000) for name in ("influence", "reward", "price", "mechanics")},
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

    storeData = MapOf(keys=fields.String(), values=ContentMap(Block, allow_none=True))  # "block-0": ...


class StoreDraft(ToolDraft):
    """`storegenerator` in a session, and the `state` of a store project."""

    aliases: ClassVar[dict[str, str]] = ToolDraft.aliases | {"store": "store_draft_data"}

    active_store_id = text(200)
    store_draft_data = fields.Nested(Store)
    recent_stores = texts(50)
