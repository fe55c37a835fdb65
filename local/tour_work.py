"""What the tour's people type: each piece of real content as the edits of a person in one of the four tools."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local.stack import ROOT

DATA = ROOT / "tests/data"


@dataclass(frozen=True)
class Work:
    """One piece of work: its edits as a draft (the first replaces what was there), and those as a project."""

    tool: str
    name: str
    typed: list[dict[str, Any]]
    finished: list[dict[str, Any]]


def card(item: Mapping[str, Any]) -> Work:
    """A magic item of the SRD, as the card generator knows it."""
    facts = {"index": item["index"], "variant": item["variant"], "variants": item["variants"]}
    return Work(
        "cardgenerator",
        item["name"],
        [
            _new({"draft_item_data": {"Name": item["name"]}}),
            {"draft_item_data": {"Type": item["equipment_category"]["name"], "RARITY": item["rarity"]["name"]}},
            {
                "draft_item_data": {
                    "description": "\n\n".join(item["desc"]),
                    "srd": facts | {"category": item["equipment_category"]["index"]},
                }
            },
        ],
        [
            {"state": {"itemDetails": {"properties": item["desc"]}}},
            {"state": {"currentStep": "final-assembly", "stepCompletion": {"core-image": True}}},
        ],
    )


def statblock(monster: Mapping[str, Any]) -> Work:
    """A monster of the SRD, as the statblock generator knows it."""
    scores = {score[:3]: monster[score] for score in ("strength", "dexterity", "constitution")}
    minds = {score[:3]: monster[score] for score in ("intelligence", "wisdom", "charisma")}
    speeds = {kind: int(feet.split()[0]) for kind, feet in monster["speed"].items() if str(feet).split()[0].isdigit()}
    actions = [{"name": action["name"], "desc": action["desc"]} for action in monster["actions"]]
    body = {"armorClass": monster["armor_class"][0]["value"], "hit_points": monster["hit_points"], "speed": speeds}
    return Work(
        "statblockgenerator",
        monster["name"],
        [
            _new({"creature_details": {"name": monster["name"], "size": monster["size"], "type": monster["type"]}}),
            {"statblock_draft_data": body | {"abilities": scores}},
            {"statblock_draft_data": {"abilities": minds, "challenge_rating": monster["challenge_rating"]}},
        ],
        [
            {"state": {"statblock_draft_data": {"actions": actions, "languages": monster["languages"]}}},
            {"state": {"statblock_draft_data": {"index": monster["index"], "xp": monster["xp"]}}},
        ],
    )


def store(page: Mapping[str, Any]) -> Work:
    """A store, block by block."""
    blocks = list(page["storeData"].items())
    name = next(block["title"] for _, block in blocks if block["type"] == "title")
    edits = [{"store_draft_data": {"storeData": {key: block}}} for key, block in blocks]
    half = len(edits) // 2
    return Work("storegenerator", name, [_new(edits[0]), *edits[1:half]], [{"state": edit} for edit in edits[half:]])


def ruling(ruling: Mapping[str, Any]) -> Work:
    """A question of the rules, asked and answered."""
    return Work(
        "ruleslawyer",
        ruling["title"],
        [_new({"active_query_history": ruling["asked"][:1]}), {"search_context": ruling["context"]}],
        [{"state": {"active_query_history": ruling["asked"], "favorite_rules": ruling["favorites"]}}],
    )


def others() -> list[Work]:
    """Our own content for the other three tools."""
    monsters, rulings = read("monsters.json"), read("rulings.json")
    return [store(read("store.json")), *map(statblock, monsters), *map(ruling, rulings)]


def read(name: str) -> Any:
    """A file of tests/data."""
    return json.loads(DATA.joinpath(name).read_text())


def _new(edit: dict[str, Any]) -> dict[str, Any]:
    return {"draft_id": str(uuid.uuid4()), "current_step": "begun"} | edit
