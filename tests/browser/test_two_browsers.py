"""Scenario 7: two browsers of one user."""

import pytest
from playwright.sync_api import expect

from browser.tab import item


def signed_in(desk, count=2):
    """Tabs in as many browsers, all signed in as one new person."""
    email, password = desk.account()
    tabs = [desk.tab().open() for _ in range(count)]
    for tab in tabs:
        tab.sign_in(email, password)
        tab.ready()
    return tabs


@pytest.mark.chromium
def test_two_browsers_that_change_different_fields_both_win(desk):
    mine, theirs = signed_in(desk)
    mine.write({"Name": "Hydra"})
    project = mine.save_as("Hydra")
    theirs.open(f"/#/cards/{project}").shows({"Name": "Hydra"})

    mine.type("Quote", "Two more will grow.")
    theirs.type("Description", "A coil of necks.")
    mine.add_property("Regenerates")
    theirs.add_property("Amphibious")
    for tab in (mine, theirs, mine):
        tab.stored()

    whole = {"Name": "Hydra", "Quote": "Two more will grow.", "Description": "A coil of necks."}
    for tab in (mine, theirs):
        tab.reload().shows(whole)
    [stored] = mine.projects().values()
    assert sorted(stored.pop("properties")) == ["Amphibious", "Regenerates"]
    assert stored == item(whole) | {"project": "Hydra"}


@pytest.mark.chromium
def test_where_both_changed_the_same_field_the_person_is_told_and_both_values_are_kept(desk):
    mine, theirs = signed_in(desk)
    mine.write({"Name": "Hydra", "Quote": "One."})
    project = mine.save_as("Hydra")
    theirs.open(f"/#/cards/{project}").shows({"Quote": "One."})

    mine.write({"Quote": "Two."})
    mine.stored()
    theirs.write({"Quote": "Three."})

    elsewhere = theirs.page.get_by_role("region", name="Changed elsewhere")
    expect(elsewhere).to_be_visible(timeout=20_000)
    expect(elsewhere).to_contain_text("Two.")
    expect(elsewhere).to_contain_text("Three.")
    elsewhere.get_by_role("button", name="Keep this").first.click()
    theirs.stored()
    theirs.shows({"Quote": "Three."})
    [stored] = theirs.projects().values()
    assert stored == item({"Name": "Hydra", "Quote": "Three."}) | {"project": "Hydra"}
