"""Where words go that gave way, were taken back, or cannot be stored: they are named and found (faults W2 to W4, W7,
W11, W17, W20)."""

import json
import re
import uuid
from contextlib import contextmanager
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import expect

from browser.console import NO_NETWORK
from browser.tab import PATIENCE, Tab

ANSWERS = r"(?i)Failed to load resource: the server responded with a status of (412|409|422) .*"
BEFORE = "Close a hand around it and a blade of light stands there."
MORNING = BEFORE.replace("light", "warm morning")
STARLIGHT = BEFORE.replace("light", "cold starlight")


@pytest.fixture
def new_tab(browsers, stack, console):
    """Tabs, each in a browser of its own or in one that is given."""
    console.expect(ANSWERS, NO_NETWORK)
    _, browser = browsers("chromium")
    contexts = []

    def tab(beside: Tab | None = None) -> Tab:
        if not beside:
            contexts.append(console.watch(browser.new_context(reduced_motion="reduce")))
        context = beside.page.context if beside else contexts[-1]
        return Tab(context.new_page(), stack.url, stack.url).open()

    yield tab
    for context in contexts:
        context.close()


@pytest.fixture
def account(stack):
    """E-mail and password of somebody new."""
    email, password = f"{uuid.uuid4().hex[:8]}@example.org", "correct horse"
    sign_up = f"http://{stack.auth}/identitytoolkit.googleapis.com/v1/accounts:signUp?key=local"
    body = json.dumps({"email": email, "password": password}).encode()
    urlopen(Request(sign_up, body, {"Content-Type": "application/json"})).close()
    return email, password


@contextmanager
def offline(tab: Tab):
    tab.page.context.set_offline(True)
    yield
    tab.page.context.set_offline(False)


def press(tab: Tab, name: str) -> None:
    tab.page.get_by_role("button", name=name, exact=True).click()


def says(tab: Tab, text: str) -> None:
    expect(tab.page.get_by_test_id("notice")).to_contain_text(text, timeout=PATIENCE)


def test_two_devices_over_the_same_words_see_both_choose_and_find_what_was_not_chosen(new_tab, account):
    laptop, phone = new_tab(), new_tab()
    laptop.sign_in(*account)
    phone.sign_in(*account)
    laptop.write({"Name": "Sunblade", "Description": BEFORE, "Value": "5,000 gp"})
    laptop.save_as("Sunblade")
    laptop.stored()
    phone.switch_to("Sunblade")
    phone.shows({"Description": BEFORE})
    with offline(laptop):
        laptop.write({"Description": MORNING, "Value": "4,000 gp"})
        phone.write({"Description": STARLIGHT, "Value": "7,500 gp"})
        phone.stored()
        place = laptop.field("Value").bounding_box()
    laptop.status("changed elsewhere")
    expect(laptop.page.get_by_role("region", name="Changed elsewhere").locator("mark")).to_have_count(4)
    expect(laptop.page.get_by_role("button", name="Show both texts")).to_be_visible()  # the panel is out of sight
    assert abs(laptop.field("Value").bounding_box()["y"] - place["y"]) < 2  # nothing moves under the caret

    for one in (laptop, phone.reload()):  # on both, and through a reload
        panel = one.page.get_by_role("region", name="Changed elsewhere")
        text = panel.get_by_role("group", name="Description, both texts")
        for words in ("warm", "starlight"):
            expect(text.locator("mark").filter(has_text=words)).to_be_visible(timeout=PATIENCE)
        expect(panel.get_by_role("group", name="Value")).to_contain_text("7,500 gp")

    panel = laptop.page.get_by_role("region", name="Changed elsewhere")
    press(laptop, "Show both texts")
    expect(panel).to_be_in_viewport()
    expect(laptop.page.get_by_role("button", name="Show both texts")).to_be_hidden()
    laptop.type("Description", " Undead flee.")  # "mine" is what is in the field now
    text = panel.get_by_role("group", name="Description, both texts")
    expect(text).to_contain_text("Undead flee.")
    text.get_by_role("button", name="Keep this").click()
    says(laptop, "The other text is kept")
    panel.get_by_role("group", name="Value").get_by_role("button", name="Take this instead").click()
    expect(panel).to_be_hidden(timeout=PATIENCE)
    laptop.shows({"Description": f"{MORNING} Undead flee.", "Value": "7,500 gp"})
    laptop.stored()

    laptop.page.get_by_role("button", name="Show what is kept").last.click()
    entries = (
        laptop.page.get_by_role("listitem")
        .get_by_role("button")
        .filter(has_text=re.compile("Gave way|before a choice"))
    )
    expect(entries).to_have_count(2, timeout=PATIENCE)
    entries.last.click()  # the phone's text, which was not chosen
    detail = laptop.page.get_by_role("region", name="Compared with today")
    then = detail.get_by_role("group", name="Description")
    expect(then).to_contain_text("cold starlight", timeout=PATIENCE)
    then.get_by_role("button", name="Copy this field").click()
    says(laptop, "“Description” is copied.")
    expect(detail.get_by_role("group", name="Description")).to_have_count(0)
    kept_first = laptop.page.get_by_role("button").filter(has_text="As it was before “Description” was copied")
    expect(kept_first).to_contain_text("Undead flee.", timeout=PATIENCE)
    entries.first.click()  # what was there before the choice
    expect(detail.get_by_role("group", name="Value")).to_contain_text("4,000 gp", timeout=PATIENCE)
    detail.get_by_role("button", name="Restore it whole").click()
    says(laptop, "Restored. What was there before is kept.")
    laptop.shows({"Description": f"{MORNING} Undead flee.", "Value": "4,000 gp"})
    laptop.page.keyboard.press("Control+z")
    laptop.shows({"Description": STARLIGHT, "Value": "7,500 gp"})
    laptop.page.get_by_role("link", name="Kept", exact=True).click()
    expect(laptop.page.get_by_role("button").filter(has_text="before you restored")).to_have_count(1, timeout=PATIENCE)


def test_a_choice_on_another_device_is_told_and_nothing_gives_way_that_was_not_read(new_tab, account):
    laptop, phone = new_tab(), new_tab()
    laptop.sign_in(*account)
    phone.sign_in(*account)
    laptop.write({"Name": "Sunblade", "Description": BEFORE})
    laptop.save_as("Sunblade")
    laptop.stored()
    phone.switch_to("Sunblade")
    with offline(laptop):
        laptop.write({"Description": MORNING})
        phone.write({"Description": STARLIGHT})
        phone.stored()
    laptop.status("changed elsewhere")
    panel = laptop.page.get_by_role("region", name="Changed elsewhere")
    expect(panel).to_contain_text("starlight", timeout=PATIENCE)
    phone.page.evaluate("() => storage.look()")
    phone.status("changed elsewhere")
    phone.type("Description", " Gammaflux too.")
    phone.waits_for("storage.whenStored()")
    now = phone.read("Description")

    panel.get_by_role("button", name="Take this instead").click()
    says(laptop, "was changed elsewhere a moment ago")
    laptop.shows({"Description": now})
    panel.get_by_role("button", name="Take this instead").click()
    expect(panel).to_be_hidden(timeout=PATIENCE)
    laptop.stored()

    phone.page.evaluate("() => storage.look()")
    says(phone, "on another device the other text was chosen; what was in the field is kept.")
    assert phone.read("Description") != now
    press(phone, "Show what is kept")
    entry = phone.page.get_by_role("button").filter(has_text="As it was before a choice")
    expect(entry).to_contain_text("Gammaflux", timeout=PATIENCE)


def test_a_field_with_half_an_emoji_says_so_itself_and_is_mended_by_a_button(new_tab):
    tab = new_tab()
    quote = tab.field("Quote")
    quote.focus()
    tab.page.evaluate("() => storage.work('cardgenerator').update({ itemDetails: { quote: 'Not \\ud83d at noon.' } })")
    tab.status("refused")
    expect(quote).to_have_attribute("aria-invalid", "true")
    expect(quote).to_have_accessible_description(re.compile("It holds a broken character"))
    tab.page.get_by_test_id("save-status").get_by_role("button").click()
    press(tab, "Take it out")
    expect(quote).to_be_focused()
    tab.shows({"Quote": "Not  at noon."})
    tab.stored()
    expect(quote).not_to_have_attribute("aria-invalid", "true")


def test_every_step_can_be_taken_back_and_done_again(new_tab):
    tab = new_tab()
    page = tab.page
    press(tab, "Start from this example")
    tab.shows({"Name": "Sunblade"})
    page.keyboard.press("Control+z")
    tab.shows({"Name": ""})
    expect(page.get_by_role("button", name="Undo", exact=True)).to_have_attribute("aria-disabled", "true")
    press(tab, "Redo")
    tab.shows({"Name": "Sunblade"})

    quote = tab.read("Quote")
    tab.field("Quote").press("Control+a")
    page.keyboard.press("Delete")
    tab.stored()
    tab.reload().shows({"Quote": ""})
    tab.type("Quote", "Glow")
    page.keyboard.press("Control+z")
    tab.shows({"Quote": ""})
    page.keyboard.press("Control+Shift+z")
    tab.shows({"Quote": "Glow"})
    tab.write({"Quote": quote})

    press(tab, "Remove property: Finesse")
    page.keyboard.press("Control+z")
    expect(page.get_by_role("button", name="Remove property: Finesse")).to_be_visible()
    expect(page.get_by_role("group", name="Undo and redo").get_by_role("status")).to_have_text("Undone: Properties.")
    page.keyboard.press("Control+y")
    expect(page.get_by_role("button", name="Remove property: Finesse")).to_have_count(0)
    tab.stored()


def test_what_cannot_be_stored_is_named_with_its_way_out(new_tab):
    tab = new_tab()
    page = tab.page
    page.get_by_role("link", name="Statblocks").click()
    page.get_by_label("Name", exact=True).fill("Lantern Wisp")
    hit_dice = page.get_by_label("Hit dice", exact=True)
    hit_dice.evaluate("field => field.removeAttribute('maxlength')")
    hit_dice.fill("2d8 and " * 30)
    tab.status("refused")
    refused = page.get_by_role("region", name="Not saved as it is")
    expect(refused).to_contain_text("Hit dice")
    stored = tab.ask("GET", "/api/session")["statblockgenerator"]["statblock_draft_data"]
    assert stored == {"name": "Lantern Wisp"}  # it alone waits
    page.get_by_role("link", name="Rules").click()
    press(tab, "Show it in Statblocks")
    refused.get_by_role("button", name="Go to the field").click()
    expect(hit_dice).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("2d8")
    expect(refused).to_be_hidden(timeout=PATIENCE)
    tab.stored()

    page.get_by_role("link", name="Cards").click()
    tab.write({"Name": "Moonring"})
    project = tab.save_as("Moonring")
    tab.stored()
    tab.ask("DELETE", f"/api/cardgenerator/projects/{project}")
    tab.write({"Quote": "Not at noon."})
    stuck = page.get_by_role("region", name="Not saved", exact=True)
    expect(stuck).to_contain_text("in the trash", timeout=PATIENCE)
    stuck.get_by_role("button", name="Take it out of the trash").click()
    says(tab, "“Moonring” is out of the trash")
    expect(stuck).to_be_hidden(timeout=PATIENCE)
    tab.stored()
    assert tab.projects()[project]["quote"] == "Not at noon."


def test_a_page_whose_user_is_gone_is_inert_and_says_so(new_tab, account):
    alices = new_tab()
    alices.sign_in(*account)
    alices.write({"Name": "Ashen Lantern"})
    alices.stored()
    other = new_tab(beside=alices)
    other.page.get_by_test_id("account").click()

    press(other, "Sign out")
    expect(other.page.get_by_test_id("account")).to_have_text("Guest", timeout=PATIENCE)

    page = alices.page
    gone = page.get_by_role("alertdialog")
    expect(gone).to_contain_text(f"{account[0]} worked on this page", timeout=PATIENCE)
    expect(page.locator("main")).to_have_attribute("inert", "")
    assert "Ashen Lantern" not in page.locator("main").inner_text()
    gone.get_by_role("button", name="Go on as a guest").click()
    expect(gone).to_be_hidden()
    alices.shows({"Name": ""})
    alices.write({"Name": "Moonring"})
    alices.stored()

    other.sign_in(*account)  # in this very tab: it goes on at once
    other.shows({"Name": "Ashen Lantern"})
    expect(gone).to_contain_text("is signed in now", timeout=PATIENCE)
    gone.get_by_role("button", name="Go on as").click()
    alices.shows({"Name": "Ashen Lantern"})


def test_an_object_of_mine_opens_where_it_was_made_and_a_copy_is_a_draft(new_tab):
    tab = new_tab()
    tab.write({"Name": "Moonring"})
    project = tab.save_as("Moonring")
    press(tab, "Promote to library")
    says(tab, "is in the library")
    tab.new_card()
    row = tab.page.get_by_role("listitem").filter(has=tab.page.get_by_role("heading", name="Moonring", exact=True))

    tab.page.get_by_role("link", name="Library", exact=True).click()
    row.get_by_role("button", name="Open", exact=True).click()
    tab.is_in("Moonring")
    assert tab.home()["id"] == project

    tab.page.get_by_role("link", name="Library", exact=True).click()
    row.get_by_role("button", name="Open a copy").click()
    tab.is_in("New card")
    tab.shows({"Name": "Moonring"})
    assert list(tab.projects()) == [project]  # no twin


def test_a_conflict_whose_texts_are_the_same_by_now_is_done_with(new_tab, account):
    laptop, phone = new_tab(), new_tab()
    laptop.sign_in(*account)
    phone.sign_in(*account)
    laptop.write({"Name": "Sunblade", "Value": "1 gp"})
    laptop.save_as("Sunblade")
    laptop.stored()
    phone.switch_to("Sunblade")
    with offline(laptop):
        laptop.write({"Value": "4,000 gp"})
        phone.write({"Value": "7,500 gp"})
        phone.stored()
    laptop.status("changed elsewhere")
    panel = laptop.page.get_by_role("region", name="Changed elsewhere")
    expect(panel).to_contain_text("7,500 gp", timeout=PATIENCE)

    laptop.write({"Value": "7,500 gp"})
    panel.get_by_text("By now both texts are the same.").wait_for()
    panel.get_by_role("button", name="Done").click()

    expect(panel).to_be_hidden(timeout=PATIENCE)
    laptop.stored()
    laptop.shows({"Value": "7,500 gp"})
