"""Scenario 4: offline and back; the server down, refusing, slow; the answer lost."""

import pytest
from playwright.sync_api import expect

from browser.console import NO_NETWORK, UNAVAILABLE
from browser.tab import PATIENCE, item

CREATE = ("POST", "/api/cardgenerator/projects")

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
    desktop.tries_to_save(lambda: desktop.type("Description", "On a moonless night, it answers."))
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

    # All else is answered: without a look at the session first, nothing would be created, and no answer lost.
    desk.net.fails, desk.net.failing = "lost", lambda *call: call == CREATE
    desktop.page.get_by_role("button", name="Save as project").click()
    dialog = desktop.page.get_by_role("dialog")
    dialog.get_by_label("Project name").fill("Ashen Lantern")
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(dialog.get_by_role("alert")).not_to_be_empty(timeout=PATIENCE)  # until then it takes no second click
    assert (*CREATE, 0) in desk.net.calls
    desk.net.fails = None
    dialog.get_by_role("button", name="Save", exact=True).click()
    desktop.is_in("Ashen Lantern")
    expect(dialog).to_be_hidden(timeout=PATIENCE)  # it is in the project before the dialog has had its answer
    desktop.type("Quote", "Do not polish it.")
    desktop.stored()

    whole = item({"Name": "Ashen Lantern", "Quote": "Do not polish it."})
    assert list(desktop.projects().values()) == [whole | {"project": "Ashen Lantern"}]
    assert desktop.draft() == {}
