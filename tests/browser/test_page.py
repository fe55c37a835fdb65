"""What a game master does on the page, by what can be seen of it."""

import re

import pytest
from playwright.sync_api import Page, expect

from browser.console import NO_NETWORK
from browser.tab import PATIENCE, Tab

WRITTEN = {  # tool: what is written into which field, and where that shows
    "stores": ("Store name", "The Upturned Keel", "store-preview"),
    "statblocks": ("Name", "Lantern Wisp", "statblock-preview"),
    "rules": ("Campaign", "Saltmere Haven", "ruling-preview"),
}


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def say_in(page: Page, label: str, text: str) -> None:
    page.get_by_role("dialog").get_by_label(label).fill(text)


def promoted(tab: Tab, name: str) -> None:
    """A card of that name, in the library."""
    tab.write({"Name": name, "Type": "Ring", "Value": "12 gp"})
    tab.save_as(name)
    press(tab.page, "Promote to library")
    expect(tab.page.get_by_test_id("notice")).to_contain_text(f"“{name}” is in the library", timeout=PATIENCE)


def in_library(page: Page, name: str):
    page.get_by_role("link", name="Library", exact=True).click()
    return page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=name, exact=True))


def test_a_new_person_makes_saves_promotes_and_finds_a_card_without_help(tab):
    page = tab.page
    tab.write({"Name": "Sunblade", "Rarity": "Rare", "Description": "A hilt, and then a blade of light."})
    tab.add_property("Finesse")
    preview = page.get_by_test_id("card-preview")
    for shown in ("Sunblade", "Rare", "A hilt, and then a blade of light.", "Finesse"):
        expect(preview).to_contain_text(shown)

    press(page, "Save as project")
    expect(page.get_by_label("Project name")).to_have_value("Sunblade")  # suggested
    press(page, "Save")
    expect(page.get_by_test_id("project-name")).to_have_text("Sunblade", timeout=PATIENCE)
    press(page, "Promote to library")
    press(page, "Show it")
    found = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="Sunblade", exact=True))
    expect(found).to_contain_text("A hilt, and then a blade of light.", timeout=PATIENCE)

    page.get_by_role("link", name="Cards").click()
    tab.new_card()
    in_library(page, "Sunblade").get_by_role("button", name="Open", exact=True).click()
    tab.shows({"Name": "Sunblade", "Rarity": "Rare"})
    expect(page.get_by_role("button", name="Remove property: Finesse")).to_be_visible()


def test_promoting_what_is_no_project_yet_asks_for_its_name(tab):
    tab.write({"Name": "Moonring"})

    press(tab.page, "Promote to library")
    press(tab.page, "Save")

    expect(tab.page.get_by_test_id("notice")).to_contain_text("“Moonring” is in the library", timeout=PATIENCE)
    tab.is_in("Moonring")


def test_an_example_is_marked_as_one_and_is_a_start(tab):
    page = tab.page
    example = page.get_by_text("An example.")
    expect(example).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_test_id("card-preview")).to_be_hidden()

    press(page, "Start from this example")

    tab.shows({"Name": "Sunblade"})
    expect(page.get_by_label("Name", exact=True)).to_be_focused()
    expect(example).to_be_hidden()
    tab.stored()
    tab.reload().shows({"Name": "Sunblade"})


@pytest.mark.parametrize("tool", WRITTEN)
def test_every_tool_keeps_what_is_written_and_shows_it(tab, tool):
    label, text, preview = WRITTEN[tool]
    page = tab.page
    page.get_by_role("link", name=tool.title(), exact=True).click()
    page.get_by_label(label, exact=True).fill(text)
    expect(page.get_by_test_id(preview)).to_contain_text(text)
    tab.stored()

    page.reload()

    expect(page.get_by_label(label, exact=True)).to_have_value(text, timeout=PATIENCE)
    expect(page.get_by_test_id(preview)).to_contain_text(text)


def test_rows_are_added_written_and_taken_out(tab):
    page = tab.page
    page.get_by_role("link", name="Statblocks").click()
    for name in ("Bite", "Claw"):
        press(page, "Add action")
        expect(page.get_by_label("Called").last).to_be_focused()
        page.keyboard.type(name)
    page.get_by_label("Add skill").select_option("Stealth")
    page.keyboard.type("7")
    press(page, "Remove action 1: Bite")
    tab.stored()

    page.reload()

    preview = page.get_by_test_id("statblock-preview")
    expect(preview).to_contain_text("Claw", timeout=PATIENCE)
    expect(preview).to_contain_text("Stealth +7")
    expect(preview).not_to_contain_text("Bite")


def test_a_ruling_becomes_a_favorite(tab):
    page = tab.page
    page.get_by_role("link", name="Rules").click()
    press(page, "Add question")
    page.keyboard.type("Does a fall into water hurt?")
    page.get_by_label("Ruling", exact=True).fill("Half, on a check against 15.")
    press(page, "Keep as a favorite")
    press(page, "Remove rule: Half, on a check against 15.")
    press(page, "Keep as a favorite")
    tab.stored()

    page.reload()

    expect(page.get_by_role("button", name="Remove rule: Half, on a check against 15.")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_label("Question", exact=True)).to_have_value("Does a fall into water hurt?")


def test_the_clipboard_takes_a_card_into_a_store(tab):
    page = tab.page
    promoted(tab, "Ring of Tides")
    in_library(page, "Ring of Tides").get_by_role("button", name="Copy to clipboard").click()
    expect(page.get_by_test_id("notice")).to_contain_text("on the clipboard", timeout=PATIENCE)

    page.get_by_role("link", name="Stores").click()
    page.get_by_label("Shelf").select_option("Magical items")
    press(page, "Add Ring of Tides")

    expect(page.get_by_label("Ware", exact=True)).to_have_value("Ring of Tides", timeout=PATIENCE)
    expect(page.get_by_label("Price", exact=True)).to_have_value("12 gp")
    expect(page.get_by_role("region", name="Clipboard")).to_contain_text("Ring of Tides")


def test_what_is_pinned_is_at_hand_in_every_tool_and_opens_in_its_own(tab):
    page = tab.page
    promoted(tab, "Ring of Tides")
    row = in_library(page, "Ring of Tides")
    row.get_by_role("button", name="Pin").click()
    expect(row.get_by_role("button", name="Unpin")).to_be_visible(timeout=PATIENCE)

    page.get_by_role("link", name="Rules").click()
    page.get_by_role("region", name="Pinned").get_by_role("button", name="Ring of Tides", exact=True).click()

    tab.shows({"Name": "Ring of Tides"})
    expect(page.get_by_role("region", name="Opened lately")).to_contain_text("Ring of Tides", timeout=PATIENCE)


def test_a_deleted_project_lies_in_the_trash_and_comes_back(tab):
    page = tab.page
    tab.write({"Name": "Moonring"})
    tab.save_as("Moonring")
    press(page, "Projects")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Delete").click()
    undo = dialog.get_by_role("button", name="Undo")  # in the row's place: behind a dialog nobody can press it
    expect(undo).to_be_focused(timeout=PATIENCE)
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("button", name="Moonring")).to_be_focused(timeout=PATIENCE)
    dialog.get_by_role("button", name="Delete").click()
    expect(dialog.get_by_role("status")).to_contain_text("No other projects", timeout=PATIENCE)
    tab.is_in("New card")

    dialog.get_by_role("link", name="Trash").click()
    press(page, "Put back")

    expect(page.get_by_test_id("notice")).to_contain_text("“Moonring” is back", timeout=PATIENCE)
    page.get_by_role("link", name="Cards").click()
    tab.switch_to("Moonring")
    tab.shows({"Name": "Moonring"})


def test_a_deleted_object_comes_back_by_undo(tab):
    promoted(tab, "Moonring")
    row = in_library(tab.page, "Moonring")
    row.get_by_role("button", name="Delete").click()
    expect(row).to_have_count(0, timeout=PATIENCE)

    press(tab.page, "Undo")

    expect(row).to_be_visible(timeout=PATIENCE)


def test_the_address_names_the_project_and_leads_back_to_it(tab):
    page = tab.page
    tab.write({"Name": "Moonring"})
    project = tab.save_as("Moonring")
    expect(page).to_have_url(re.compile(f"#/cards/{re.escape(project)}$"))
    tab.new_card()
    tab.write({"Name": "Sunblade"})
    tab.stored()

    page.goto(f"{tab.url}/#/cards/{project}")

    tab.is_in("Moonring")
    tab.shows({"Name": "Moonring"})


def test_a_renamed_project_is_called_so_everywhere(tab):
    page = tab.page
    tab.write({"Name": "Moonring"})
    tab.save_as("Moonring")

    press(page, "Rename")
    say_in(page, "Project name", "Ring of the new moon")
    press(page, "Save")

    tab.is_in("Ring of the new moon")
    expect(page).to_have_title(re.compile("^Ring of the new moon"))


def test_a_step_is_where_the_person_is_and_is_done_when_they_say_so(tab):
    page = tab.page
    steps = page.get_by_role("navigation", name="Steps of a card")
    steps.get_by_role("button", name="Image").click()
    page.get_by_label("Step done").check()
    tab.stored()

    page.reload()

    image = steps.get_by_role("button", name="Image")
    expect(image).to_have_attribute("aria-current", "step", timeout=PATIENCE)
    expect(page.get_by_label("Step done")).to_be_checked()
    steps.get_by_role("button", name="Back", exact=True).click()
    expect(page.get_by_label("Step done")).not_to_be_checked()


def test_something_is_missing_is_sent_with_what_helps_to_find_it(tab):
    page = tab.page
    with page.expect_request("**/api/client-errors") as sent:
        press(page, "Something is missing")
        say_in(page, "What did you expect to find?", "My Sunblade of yesterday")
        press(page, "Send")

    body = sent.value.post_data_json
    assert body["message"] == "My Sunblade of yesterday"
    assert {"status", "ids", "log"} <= body.keys()
    expect(page.get_by_test_id("notice")).to_contain_text("Thank you", timeout=PATIENCE)


def test_debug_shows_what_happened_by_the_names_of_fields_and_no_values(tab):
    page = tab.page
    expect(page.get_by_test_id("debug-log")).to_have_count(0)

    page.goto(f"{tab.url}/?debug#/cards")
    tab.ready().write({"Name": "Sunblade"})

    log = page.get_by_test_id("debug-log")
    expect(log).to_contain_text("session", timeout=PATIENCE)
    expect(log).to_contain_text("itemDetails", timeout=PATIENCE)
    expect(log).not_to_contain_text("Sunblade")


def test_offline_is_said_in_words_with_what_it_means_until_all_is_stored(tab, console):
    console.expect(NO_NETWORK)
    page = tab.page
    page.context.set_offline(True)
    tab.write({"Name": "Sunblade"})
    tab.status("offline")
    expect(page.get_by_test_id("save-status")).to_have_text("Offline, kept here")
    says = page.get_by_text("What you write is kept on this device")
    expect(says).to_be_visible()

    page.context.set_offline(False)

    tab.status("saved")
    expect(says).to_be_hidden()


def test_a_store_has_people_services_and_quests(tab):
    page = tab.page
    page.get_by_role("link", name="Stores").click()
    for noun, label, text in (
        ("helper", "Helper", "Pim"),
        ("customer", "Customer", "Captain Marrow"),
        ("service", "Service", "Dive to order"),
        ("quest", "Quest", "Three knocks"),
    ):
        press(page, f"Add {noun}")
        expect(page.get_by_label(label, exact=True)).to_be_focused()
        page.keyboard.type(text)
    page.get_by_label("Price of it").fill("8 gp a dive")
    press(page, "Remove customer: Captain Marrow")
    tab.stored()

    page.reload()

    preview = page.get_by_test_id("store-preview")
    for text in ("Pim", "Dive to order", "8 gp a dive", "Three knocks"):
        expect(preview).to_contain_text(text, timeout=PATIENCE)
    expect(preview).not_to_contain_text("Marrow")
