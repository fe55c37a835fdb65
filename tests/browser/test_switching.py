"""Scenario 3: a save belongs to the project that it was made in, whatever is open when it arrives."""

import threading

import pytest

from browser.tab import item

PATIENCE = 20  # seconds


def two_projects(tab):
    """Sunblade and Moonblade; Moonblade is open."""
    ids = []
    for name in ("Sunblade", "Moonblade"):
        tab.new_card() if ids else None
        tab.write({"Name": name})
        ids.append(tab.save_as(name))
    return ids


@pytest.mark.chromium
def test_switching_while_a_save_is_under_way_mixes_nothing(desk, desktop):
    sun, moon = two_projects(desktop)
    desk.net.held = lambda method, path: method == "PATCH" and moon in path

    desktop.type("Quote", "It waxes.")
    assert desk.net.waiting.acquire(timeout=PATIENCE)
    threading.Timer(2, desk.net.release).start()
    desktop.type("Description", "Silver, and cold.")  # after what is under way
    desktop.switch_to("Sunblade")
    desktop.type("Quote", "It dawns.")
    desktop.stored()

    desktop.shows({"Name": "Sunblade", "Quote": "It dawns.", "Description": ""})
    assert desktop.projects() == {
        sun: item({"Name": "Sunblade", "Quote": "It dawns."}) | {"project": "Sunblade"},
        moon: item({"Name": "Moonblade", "Quote": "It waxes.", "Description": "Silver, and cold."})
        | {"project": "Moonblade"},
    }
    assert desktop.draft() == {}


@pytest.mark.chromium
def test_going_to_and_fro_without_a_pause_keeps_every_edit_where_it_was_made(desk, desktop):
    sun, moon = two_projects(desktop)

    for turn in "12":
        for name in ("Sunblade", "Moonblade"):
            desktop.switch_to(name)
            desktop.type("Description", f"{name} {turn}. ")
    desktop.stored()

    stored = desktop.projects()
    assert set(stored) == {sun, moon}
    assert stored[sun]["description"] == "Sunblade 1. Sunblade 2. "
    assert stored[moon]["description"] == "Moonblade 1. Moonblade 2. "


@pytest.mark.chromium
def test_a_new_card_begun_at_once_leaves_the_old_one_whole(desk, desktop):
    desktop.write({"Name": "Sunblade"})
    sun = desktop.save_as("Sunblade")
    desktop.type("Quote", "It dawns.")

    desktop.new_card()
    desktop.write({"Name": "Moonblade"})
    desktop.stored()

    assert desktop.projects() == {sun: item({"Name": "Sunblade", "Quote": "It dawns."}) | {"project": "Sunblade"}}
    assert desktop.draft() == item({"Name": "Moonblade"})
