"""The page opens without a network, and the words are there."""

import pytest

from browser.console import NO_NETWORK
from browser.tab import item

KEPT = """async () => {
    await navigator.serviceWorker.ready;
    const kept = () => Promise.all(['/', '/app/main.js', '/__/stack.json'].map((path) => caches.match(path)));
    while (!(await kept()).every(Boolean)) await new Promise((later) => setTimeout(later, 50));
}"""

# A moment after it was acknowledged.
SEEN = """async (project) => {
    const opened = indexedDB.open('dungeonmind-storage');
    const database = await new Promise((done) => (opened.onsuccess = () => done(opened.result)));
    const keys = () => new Promise((done) => {
        const [name] = database.objectStoreNames;
        const asked = database.transaction(name).objectStore(name).getAllKeys();
        asked.onsuccess = () => done(asked.result);
    });
    const isThere = async () => (await keys()).some((key) => key.endsWith(`/document/cardgenerator/${project}`));
    while (!(await isThere())) await new Promise((later) => setTimeout(later, 50));
    database.close();
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


@pytest.mark.chromium
def test_without_a_network_each_list_says_so_and_the_projects_that_this_browser_has_seen_are_shown(desk):
    desktop = desk.tab(service_workers="allow").open()
    desk.console.expect(NO_NETWORK, NO_AUTH)
    desktop.write({"Name": "Ashen Lantern"})
    desktop.stored()
    project = desktop.save_as("Ashen Lantern")
    page = desktop.page
    page.get_by_role("button", name="Projects").click()
    page.get_by_role("dialog").get_by_role("button", name="Ashen Lantern").wait_for()
    page.keyboard.press("Escape")
    page.evaluate(KEPT)
    page.evaluate(SEEN, project)

    page.context.set_offline(True)
    page.reload()
    desktop.shows({"Name": "Ashen Lantern"})
    page.get_by_role("button", name="Projects").click()
    page.get_by_role("dialog").get_by_role("button", name="Ashen Lantern").wait_for()
    page.get_by_role("dialog").get_by_text("There is no connection").wait_for()
    page.keyboard.press("Escape")
    for address in ("kept/cards", "library", "library/trash"):
        page.evaluate("(address) => (location.hash = '#/' + address)", address)
        page.get_by_text("No connection").or_(page.get_by_text("no connection")).first.wait_for()
