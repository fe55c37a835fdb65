"""The page opens without a network, and the words are there."""

import pytest

from browser.console import NO_NETWORK
from browser.tab import item

KEPT = """async () => {
    await navigator.serviceWorker.ready;
    const kept = () => Promise.all(['/', '/app/main.js', '/__/stack.json'].map((path) => caches.match(path)));
    while (!(await kept()).every(Boolean)) await new Promise((later) => setTimeout(later, 50));
}"""

# What Firefox says of a call to another origin, here the Auth emulator's, that no network carries.
NO_AUTH = r"uncaught: The Same Origin Policy disallows reading .*accounts:lookup.* CORS request did not succeed.*"


@pytest.mark.parametrize(
    "saved_as", ["Ashen Lantern", pytest.param(None, marks=pytest.mark.chromium)], ids=["project", "draft"]
)
def test_a_page_that_is_loaded_again_without_a_network_shows_what_was_typed_and_stores_it_later(desk, saved_as):
    desktop = desk.tab(service_workers="allow").open()
    desk.console.expect(NO_NETWORK, NO_AUTH)
    desktop.write({"Name": "Ashen Lantern"})
    desktop.stored()
    project = desktop.save_as(saved_as) if saved_as else None
    desktop.page.evaluate(KEPT)

    desktop.page.context.set_offline(True)
    desktop.type("Quote", "Do not polish it.")
    desktop.page.reload()
    whole = {"Name": "Ashen Lantern", "Quote": "Do not polish it."}
    desktop.shows(whole)
    desktop.type("Weight", "2 lb.")
    desktop.status("offline")
    desktop.page.context.set_offline(False)
    desktop.stored()

    whole |= {"Weight": "2 lb."}
    desktop.shows(whole)
    if project:
        assert desktop.projects() == {project: item(whole) | {"project": saved_as}}
    else:
        assert (desktop.projects(), desktop.draft()) == ({}, item(whole))
