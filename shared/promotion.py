"""Promotion: a card becomes an object of the library, and an object a card again. Pure functions.

What the design document names goes where it says (`systemData[ruleset]`); every other field of the card keeps its name,
under systemData or customProperties, so that the object opens as the card it was. A promotion that is repeated after
edits changes just what those edits changed (`changes`): what was edited in the library since then stays.
"""

import json
from collections.abc import Mapping
from typing import Any

from google.cloud.firestore import DELETE_FIELD

from shared.merge_patch import FieldPaths
from shared.reading import wire

SYSTEM_NAMES = {"damageFormula": "damage"}  # of an item -> the design document's name in systemData
# A card's own business: who made it where and when, and the rendered picture, which would fill the object.
NOT_PROMOTED = {"sessionId", "userId", "draftId", "lastSaved", "metadata"}


def object_of_card(project: Mapping[str, Any], ruleset: str) -> dict[str, Any]:
    """The fields of the object that a card project gives."""
    state = project.get("state") or {}
    item = state.get("itemDetails") or {}
    system = {
        SYSTEM_NAMES.get(name, name): value for name, value in item.items() if name not in ("name", "description")
    }
    rest = {name: value for name, value in state.items() if name not in NOT_PROMOTED | {"itemDetails"}}
    assets = {name: value for name, value in rest.get("selectedAssets", {}).items() if name != "templateBlob"}
    rest = {name: value for name, value in (rest | {"selectedAssets": assets}).items() if value != {}}
    given = {
        "type": "item",
        "name": (item.get("name") or project["name"]).strip()[:200],
        "description": item.get("description"),
        "systemData": {ruleset: system} if system else None,
        "customProperties": rest or None,
    }
    return {name: value for name, value in given.items() if value is not None}


def as_base(given: Mapping[str, Any]) -> str:
    """What a promotion gave, as the text that the object's `origin` keeps of it."""
    return json.dumps(wire(given), ensure_ascii=False, sort_keys=True)


def changes(base: str, given: Mapping[str, Any]) -> FieldPaths:
    """The field paths in which what is given now differs from what the last promotion gave."""
    return _differences(json.loads(base), given)


def _differences(before: Mapping[str, Any], now: Mapping[str, Any], *under: str) -> FieldPaths:
    found: FieldPaths = {}
    for name in before.keys() | now.keys():
        old, new = before.get(name), now.get(name)
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            found |= _differences(old, new, *under, name)
        elif wire(new) != old:
            found[(*under, name)] = DELETE_FIELD if name not in now else new
    return found
