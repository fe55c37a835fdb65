"""Scenario 4: offline and back; the server down, refusing, slow; the answer lost."""

import time

import pytest
from playwright.sync_api import expect

from browser.console import NO_NETWORK, UNAVAILABLE
from browser.tab import item

FAILS = ["offline", *(pytest.param(fails, marks=pytest.mark.chromium) for fails in ("lost", "down", "refused", "slow"))]


@pytest.mark.parametrize("fails", FAILS)
def test_what_is_typed_while_the_network_fails_is_stored_when_it_is_back(desk, desktop, fails):
    desk.console.expect(NO_NETWORK, UNAVAILABLE)
    desktop.write({"Name": "Ashen Lantern"})
    project = desktop.save_as("Ashen Lantern")
    context = desktop.page.context

    if fails == "offline":
        context.set_offline(True)
    else:
        desk.net.fails = fails
    desktop.type("Quote", "Do not polish it.")
    if fails != "slow":
        desktop.status("offline", "unsaved")
    desktop.type("Description", "On a moonless night, it answers.")
    time.sleep(2.5)  # past the next autosave
    context.set_offline(False)
    desk.net.fails = None
    desktop.stored()

    whole = {
        "Name": "Ashen Lantern",
        "Quote": "Do not polish it.",
        "Description": "On a moonless night, it answers.",
    }
    desktop.shows(whole)
    assert desktop.projects() == {project: item(whole) | {"project": "Ashen Lantern"}}
    assert desktop.draft() == {}
    desktop.reload().shows(whole)


@pytest.mark.chromium
def test_a_project_whose_creation_was_never_answered_is_created_once(desk, desktop):
    desk.console.expect(NO_NETWORK)
    desktop.write({"Name": "Ashen Lantern"})
    desktop.stored()

    desk.net.fails = "lost"
    desktop.page.get_by_role("button", name="Save as project").click()
    dialog = desktop.page.get_by_role("dialog")
    dialog.get_by_label("Project name").fill("Ashen Lantern")
    dialog.get_by_role("button", name="Save", exact=True).click()
    until = time.monotonic() + 20
    while ("POST", "/api/cardgenerator/projects", 0) not in desk.net.calls and time.monotonic() < until:
        desktop.page.wait_for_timeout(100)
    desk.net.fails = None
    if dialog.is_visible():
        dialog.get_by_role("button", name="Save", exact=True).click()
    elif desktop.page.get_by_test_id("project-name").text_content() != "Ashen Lantern":
        desktop.save_as("Ashen Lantern")
    expect(desktop.page.get_by_test_id("project-name")).to_have_text("Ashen Lantern", timeout=20_000)
    desktop.type("Quote", "Do not polish it.")
    desktop.stored()

    whole = item({"Name": "Ashen Lantern", "Quote": "Do not polish it."})
    assert list(desktop.projects().values()) == [whole | {"project": "Ashen Lantern"}]
    assert desktop.draft() == {}
