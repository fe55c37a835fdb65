"""A guest signs in to an account, and the page is gone before the guest's work came along."""

import pytest
from playwright.sync_api import expect

from browser.console import NO_NETWORK
from browser.tab import PATIENCE, item


@pytest.mark.chromium
def test_a_claim_that_never_began_is_made_when_the_account_is_back(desk, desktop):
    desk.console.expect(NO_NETWORK)
    email, password = desk.account()
    desktop.write({"Name": "Ashen Lantern"})
    desktop.save_as("Ashen Lantern")
    desktop.new_card()
    desktop.write({"Name": "Ember"})
    desktop.stored()
    context = desktop.page.context

    desk.net.fails = "down"
    desktop.page.get_by_role("button", name="Sign in").first.click()
    dialog = desktop.page.get_by_role("dialog")
    dialog.get_by_label("E-mail").fill(email)
    dialog.get_by_label("Password").fill(password)
    dialog.get_by_role("button", name="Sign in", exact=True).click()
    expect(desktop.page.get_by_test_id("account")).to_contain_text(email, timeout=PATIENCE)
    desktop.page.close()
    desk.net.fails = None
    again = desk.tab(context).open()

    expect(again.page.get_by_test_id("account")).to_contain_text(email, timeout=PATIENCE)
    found = sorted(again.projects().values(), key=lambda project: project["project"])
    assert found == [item({"Name": name}) | {"project": name} for name in ("Ashen Lantern", "Ember")]
