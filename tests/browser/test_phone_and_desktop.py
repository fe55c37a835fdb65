"""Scenario 8: a phone and a desktop of one user."""

import pytest

from browser.console import NO_NETWORK
from browser.tab import item

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True}


@pytest.fixture
def both(desk):
    """A phone and a desktop, signed in as one new person."""
    email, password = desk.account()
    # Firefox has no mobile viewport over BiDi; the layout is the same by its width.
    mobile = {"is_mobile": True} if desk.engine.name == "chromium" else {}
    tabs = [desk.tab(**PHONE, **mobile).open(), desk.tab(viewport={"width": 1400, "height": 900}).open()]
    for tab in tabs:
        tab.sign_in(email, password)
        tab.ready()
    return tabs


@pytest.mark.chromium
def test_a_draft_begun_on_the_phone_goes_on_at_the_desktop(both):
    phone, desktop = both
    phone.write({"Name": "Ashen Lantern"})
    phone.stored()

    desktop.reload().shows({"Name": "Ashen Lantern"})
    desktop.type("Quote", "Do not polish it.")
    desktop.stored()
    phone.reload().shows({"Name": "Ashen Lantern", "Quote": "Do not polish it."})
    phone.type("Description", "It hums.")
    phone.stored()

    whole = {"Name": "Ashen Lantern", "Quote": "Do not polish it.", "Description": "It hums."}
    desktop.reload().shows(whole)
    assert desktop.draft() == item(whole)
    assert desktop.projects() == {}


@pytest.mark.chromium
def test_a_project_opened_on_the_phone_is_open_at_the_desktop(both):
    phone, desktop = both
    phone.write({"Name": "Ashen Lantern"})
    project = phone.save_as("Ashen Lantern")
    phone.stored()

    desktop.reload().is_in("Ashen Lantern")
    desktop.type("Quote", "Do not polish it.")
    phone.type("Description", "It hums.")
    for tab in (desktop, phone):
        tab.stored()

    whole = {"Name": "Ashen Lantern", "Quote": "Do not polish it.", "Description": "It hums."}
    for tab in both:
        tab.reload().shows(whole)
    assert desktop.projects() == {project: item(whole) | {"project": "Ashen Lantern"}}
    assert desktop.draft() == {}


@pytest.mark.chromium
def test_two_drafts_that_meet_are_both_kept_and_not_mixed(desk, both):
    desk.console.expect(NO_NETWORK)
    phone, desktop = both

    phone.page.context.set_offline(True)
    phone.write({"Name": "Ashen Lantern", "Quote": "On the train."})
    desktop.write({"Name": "Sunblade", "Description": "At the desk."})
    desktop.stored()
    phone.page.context.set_offline(False)
    phone.stored()
    desktop.reload()
    desktop.stored()

    lantern = item({"Name": "Ashen Lantern", "Quote": "On the train."})
    sunblade = item({"Name": "Sunblade", "Description": "At the desk."})
    projects = [{name: text for name, text in p.items() if name != "project"} for p in desktop.projects().values()]
    assert [desktop.draft(), *projects] in ([lantern, sunblade], [sunblade, lantern])
