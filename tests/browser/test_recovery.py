"""Scenario 2: what was typed a moment ago is there after a refresh, and after a crash of the whole browser, offline.

KILLS is how often Chromium is killed with a project open, each time with a profile of its own, and TYPING for how many
seconds somebody types before: `make crashes`.
"""

import os
import time

import pytest

from browser.console import NO_NETWORK
from browser.tab import item

DRAFT = pytest.param("draft", marks=pytest.mark.chromium)
AGAIN = [
    pytest.param("project", id=f"project again {number}", marks=pytest.mark.chromium)
    for number in range(2, int(os.environ.get("KILLS", 1)) + 1)
]
WORD = "The lantern hums when the dead are near. "


@pytest.mark.parametrize("home", [DRAFT, "project"])
def test_a_refresh_right_after_the_last_keystroke_loses_nothing(desk, desktop, home):
    desktop.write({"Name": "Ashen Lantern"})
    desktop.stored()
    if home == "project":
        desktop.save_as("Ashen Lantern")

    desktop.type("Quote", WORD)
    desktop.reload()

    desktop.shows({"Name": "Ashen Lantern", "Quote": WORD})
    desktop.stored()
    whole = item({"Name": "Ashen Lantern", "Quote": WORD})
    stored = list(desktop.projects().values()) if home == "project" else [desktop.draft()]
    assert stored == [whole | ({"project": "Ashen Lantern"} if home == "project" else {})]
    assert len(desktop.projects()) == (home == "project")


@pytest.mark.chromium
def test_a_tab_that_is_closed_right_after_the_last_keystroke_loses_nothing(desk, desktop):
    context = desktop.page.context
    desktop.write({"Name": "Ashen Lantern"})
    desktop.page.close()

    again = desk.tab(context).open()

    again.shows({"Name": "Ashen Lantern"})
    again.stored()
    assert again.draft() == item({"Name": "Ashen Lantern"})
    assert again.projects() == {}


@pytest.mark.parametrize("home", [DRAFT, "project", *AGAIN])
def test_killed_300_ms_after_the_last_keystroke_offline_nothing_is_lost(desk, home):
    desk.console.expect(NO_NETWORK)
    profile = desk.profile()
    context = desk.console.watch(profile.start())
    tab = desk.tab(context).open()
    tab.write({"Name": "Ashen Lantern"})
    tab.stored()
    project = tab.save_as("Ashen Lantern") if home == "project" else None
    seconds = desk.engine.typing if home == "project" else 5
    text = (WORD * 100)[: round(seconds * 8)]

    context.set_offline(True)
    began = time.monotonic()
    tab.type("Description", text, delay=120)
    assert time.monotonic() - began >= seconds * 0.9
    time.sleep(0.3)
    assert profile.kill() > 1
    again = desk.tab(desk.console.watch(profile.start())).open("/")

    again.shows({"Name": "Ashen Lantern", "Description": text})
    again.stored()
    whole = item({"Name": "Ashen Lantern", "Description": text})
    if project:
        again.is_in("Ashen Lantern")
        assert again.projects() == {project: whole | {"project": "Ashen Lantern"}}
        assert again.draft() == {}
    else:
        assert (again.draft(), again.projects()) == (whole, {})
