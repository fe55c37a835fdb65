"""From guest to account on the page: what was made comes along."""

import uuid

import pytest
from playwright.sync_api import expect

from browser.console import STALE
from browser.tab import PATIENCE, Tab

PASSWORD = "correct horse"


@pytest.fixture
def tabs(browsers, stack, console):
    """Tabs of somebody new, each in a browser of its own."""
    console.expect(STALE)
    _, browser = browsers("chromium")
    contexts = []

    def new() -> Tab:
        contexts.append(console.watch(browser.new_context(reduced_motion="reduce")))
        return Tab(contexts[-1].new_page(), stack.url, stack.url).open()

    yield new
    for context in contexts:
        context.close()


def sign_up(tab: Tab, email: str) -> None:
    fill_in(tab, email)
    tab.page.get_by_role("dialog").get_by_role("button", name="Create account").click()
    is_here(tab, email)


def fill_in(tab: Tab, email: str, password: str = PASSWORD) -> None:
    tab.page.get_by_role("button", name="Sign in").click()
    dialog = tab.page.get_by_role("dialog")
    dialog.get_by_label("E-mail").fill(email)
    dialog.get_by_label("Password").fill(password)


def is_here(tab: Tab, email: str) -> None:
    expect(tab.page.get_by_test_id("account")).to_have_text(email, timeout=PATIENCE)
    expect(tab.page.get_by_role("dialog")).to_have_count(0)


def address() -> str:
    return f"{uuid.uuid4().hex[:8]}@example.org"


def test_a_guest_creates_an_account_and_goes_on_with_the_same_card(tabs):
    tab, email = tabs(), address()
    tab.write({"Name": "Sunblade"})
    guest = tab.page.evaluate("() => storage.user.get().uid")

    sign_up(tab, email)

    assert tab.page.evaluate("() => storage.user.get().uid") == guest
    tab.shows({"Name": "Sunblade"})
    tab.reload().shows({"Name": "Sunblade"})
    is_here(tab, email)


def test_a_guest_signs_in_and_finds_both_the_accounts_work_and_their_own(tabs):
    email = address()
    sign_up(first := tabs(), email)
    first.write({"Name": "Moonring"})
    first.save_as("Moonring")
    other = tabs()
    other.write({"Name": "Sunblade"})
    other.save_as("Sunblade")

    other.sign_in(email, PASSWORD)

    other.switch_to("Moonring")
    other.switch_to("Sunblade")
    other.shows({"Name": "Sunblade"})


def test_google_makes_the_guest_an_account_too(tabs):
    tab, email = tabs(), address()
    tab.write({"Name": "Sunblade"})

    tab.page.get_by_role("button", name="Sign in").click()
    tab.page.get_by_role("button", name="Continue with Google").click()
    tab.page.get_by_label("Google e-mail").fill(email)
    tab.page.get_by_role("button", name="Continue", exact=True).click()

    is_here(tab, email)
    tab.shows({"Name": "Sunblade"})


def test_who_signs_out_leaves_nothing_on_the_page_and_finds_it_again(tabs):
    tab, email = tabs(), address()
    sign_up(tab, email)
    tab.write({"Name": "Sunblade"})

    tab.page.get_by_test_id("account").click()
    tab.page.get_by_role("button", name="Sign out").click()

    expect(tab.page.get_by_test_id("account")).to_have_text("Guest", timeout=PATIENCE)
    tab.shows({"Name": ""})
    tab.sign_in(email, PASSWORD)
    tab.shows({"Name": "Sunblade"})


def test_a_wrong_password_is_said_in_words_and_changes_nothing(tabs, console):
    console.expect(r"Failed to load resource: the server responded with a status of 400 \(Bad Request\)")
    email = address()
    sign_up(tabs(), email)
    tab = tabs()
    tab.write({"Name": "Sunblade"})

    fill_in(tab, email, "wrong horse")
    dialog = tab.page.get_by_role("dialog")
    dialog.get_by_role("button", name="Sign in", exact=True).click()

    expect(dialog.get_by_role("alert")).to_contain_text("password", timeout=PATIENCE)
    tab.shows({"Name": "Sunblade"})
    expect(tab.page.get_by_test_id("account")).to_have_text("Guest")
