"""Scenario 1: somebody new comes, types, and finds it again."""

import pytest

from browser.tab import item

SUNBLADE = {
    "Name": "Sunblade",
    "Type": "Weapon",
    "Value": "900 gp",
    "Weight": "3 lb.",
    "Damage formula": "1d8 + 2",
    "Damage type": "radiant",
    "Description": "A hilt, and then, when it is asked, a blade of pure light.",
    "Quote": "It was noon in the crypt.",
    "Image prompt": "a sword of light, oil painting",
}


def test_a_new_person_types_and_finds_it_again_and_saves_it_as_one_project(desk, desktop):
    desktop.write(SUNBLADE)
    desktop.add_property("Finesse")
    desktop.stored()
    assert desktop.draft() == item(SUNBLADE) | {"properties": ["Finesse"]}

    desktop.reload().shows(SUNBLADE)
    project = desktop.save_as("Sunblade of Dawn")
    desktop.type("Quote", " It was dark again.")
    desktop.stored()
    whole = SUNBLADE | {"Quote": "It was noon in the crypt. It was dark again."}

    desktop.reload().shows(whole)
    desktop.is_in("Sunblade of Dawn")
    kept = item(whole) | {"properties": ["Finesse"], "project": "Sunblade of Dawn"}
    assert desktop.projects() == {project: kept}
    assert desktop.draft() == {}


@pytest.mark.chromium
def test_who_only_looks_leaves_nothing_behind(desk, desktop):
    desktop.reload()

    desktop.status("saved")
    assert desktop.projects() == {}
    assert desktop.draft() == {}
