"""The page for everybody: axe-core finds nothing, it fits a phone, and the keyboard reaches all of it."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from browser.console import STALE
from browser.tab import PATIENCE
from local.firestore import ROOT

AXE = ROOT / "node_modules/axe-core/axe.min.js"
MISSING = r"(?i)Failed to load resource: the server responded with a status of 404 \(not found\)"
PHONE, DESKTOP = {"width": 360, "height": 780}, {"width": 1280, "height": 900}
COLORS = ["color-contrast", "link-in-text-block"]  # the rules that look at them
VIEWS = ("cards", "stores", "statblocks", "rules", "library", "library/public", "library/trash")
ADDRESSES = tuple(f"/#/{view}" for view in VIEWS)
OTHERS = ("/developers/", "/nowhere")
LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen" * 2

PANELS = """async () => {
    const always = (value) => ({ get: () => value, subscribe: (heard) => (heard(value), () => {}) });
    const form = document.querySelector('.writing');
    const conflict = { path: 'itemDetails.value', by: 'Bob', device: 'Firefox', at: '2026-01-01', save_id: 's' };
    const work = {
        home: always({ kind: 'session' }), state: always({}), conflicts: always([conflict]),
        refused: always([{ path: 'itemDetails.weight', message: 'Not a text.' }]),
        compare: async () => ({ mine: '2 gp', theirs: '3 gp' }),
    };
    const left = { id: 'x', tool: 'cardgenerator', name: 'Moonring', message: 'In the trash.', can: ['undelete'] };
    const { conflictsOf } = await import('/app/views/conflicts.js');
    const { refusedOf } = await import('/app/views/refused.js');
    const { stuckOf } = await import('/app/views/stuck.js');
    const panels = [conflictsOf({ storage, tool: { slug: 'cards' }, work, tell: {}, form }), refusedOf({ work, form })];
    form.before(...panels.map(({ element }) => element));
    const around = { formOf: () => form, changed: () => {}, tell: {} };
    stuckOf(document.querySelector('.stuck'), { storage: { stuck: always([left]) }, ...around });
}"""
KEPT = """async () => {
    const { TOOLS } = await import('/app/tools.js');
    const { kept } = await import('/app/views/kept.js');
    const entry = { kind: 'snapshot', place: 'browser', id: 's', reason: 'emptied', at: 0, name: 'Sunblade',
        tool: 'cardgenerator', projectId: null, by: '', device: '', words: '3 gp' };
    const only = { list: async () => [entry], get: async () => ({ itemDetails: { value: '3 gp' } }) };
    const fake = { ...storage, kept: only };
    const bench = { work: storage.work('cardgenerator'), form: document.createElement('form') };
    document.querySelector('#main').replaceChildren(kept({ storage: fake, tell: {} }, TOOLS[0], bench).element);
}"""


@pytest.fixture
def opened(browsers, stack, console):
    """Opens an address in a window of some size and color scheme, as somebody new."""
    console.expect(STALE)
    _, browser = browsers("chromium")
    contexts = []

    def at(address: str, size=DESKTOP, scheme="light") -> Page:
        context = browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce")
        contexts.append(console.watch(context))
        context.add_init_script(path=Path(AXE))
        page = context.new_page()
        page.goto(stack.url + address)
        if address.startswith("/#"):
            expect(page.get_by_test_id("save-status")).to_have_attribute("data-state", "saved", timeout=PATIENCE)
            page.wait_for_load_state("networkidle")
        return page

    yield at
    for context in contexts:
        context.close()


def findings(page: Page, **options) -> list[str]:
    """What axe-core finds, and where."""
    found = page.evaluate("(options) => axe.run(options)", options)["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]} {one['nodes'][0]['failureSummary'][:200]}" for one in found]


def findings_in_both_schemes(page: Page) -> list[str]:
    """The dark one differs in nothing but its colors."""
    light = findings(page)
    page.emulate_media(color_scheme="dark")
    dark = findings(page, runOnly=COLORS)
    page.emulate_media(color_scheme="light")
    return light + dark


def focused(page: Page) -> str:
    return page.evaluate("() => document.activeElement.textContent.trim() || document.activeElement.ariaLabel")


def fill(page: Page) -> None:
    button = page.get_by_role("button", name="Start from this example")
    if button.count():
        button.evaluate("button => button.click()")


def overflow(page: Page) -> int:
    """By how many px the page is wider than the window."""
    return page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.mark.parametrize("address", ADDRESSES)
def test_axe_finds_nothing_empty_or_filled(opened, address):
    page = opened(address)
    assert findings_in_both_schemes(page) == []

    fill(page)
    assert findings_in_both_schemes(page) == []

    page.set_viewport_size(PHONE)
    assert findings_in_both_schemes(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_dialogs_menus_notices_and_conflicts(opened, scheme):
    page = opened("/?debug#/cards", DESKTOP, scheme)
    page.wait_for_function("() => window.storage")
    page.evaluate("() => storage.ready")
    fill(page)
    page.evaluate(PANELS)
    for name in ("Changed elsewhere", "Not saved as it is", "Not saved"):
        expect(page.get_by_role("region", name=name, exact=True)).to_be_visible()
    expect(page.locator("mark").first).to_be_visible()
    page.get_by_test_id("account").click()
    assert findings(page) == []
    page.keyboard.press("Escape")

    for name in ("Sign in", "Save as project", "Projects", "Something is missing"):
        page.get_by_role("button", name=name, exact=True).click()
        expect(page.get_by_role("dialog")).to_be_visible()
        assert findings(page) == [], name
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)

    page.get_by_role("link", name="Kept", exact=True).click()
    expect(page.get_by_role("heading", name="Kept", exact=True)).to_be_visible()
    page.evaluate(KEPT)
    expect(page.get_by_role("group", name="Value")).to_be_visible()
    assert findings(page) == []
    page.set_viewport_size(PHONE)
    assert (overflow(page) <= 0, findings(page)) == (True, [])
    page.set_viewport_size(DESKTOP)
    page.get_by_role("link", name="Cards", exact=True).click()

    for step in ("Image", "Border", "Assembly", "Back"):
        page.get_by_role("button", name=step, exact=True).click()
        page.get_by_label("Step done").check()
    assert findings(page) == []


@pytest.mark.parametrize("address", OTHERS)
def test_axe_finds_nothing_on_the_other_pages(opened, console, address):
    console.expect(MISSING)
    assert findings_in_both_schemes(opened(address)) == []


@pytest.mark.parametrize("address", ADDRESSES + OTHERS)
def test_nothing_is_wider_than_a_phone_and_what_is_touched_is_large_enough(opened, console, address):
    console.expect(MISSING)
    page = opened(address, PHONE)
    assert overflow(page) <= 0

    fill(page)
    assert overflow(page) <= 0
    if address in ADDRESSES:
        are_large_enough(page)

    for box in page.locator("main input[type=text], main textarea").all():
        box.fill(LONG[: int(box.get_attribute("maxlength") or 100)])
    assert overflow(page) <= 0


def are_large_enough(page: Page) -> None:
    """What can be touched, and the main actions more so."""
    sizes = page.evaluate(
        """() => [...document.querySelectorAll('button, a, select, label:has([type=radio], [type=checkbox])')]
            .filter((one) => one.checkVisibility() && !one.matches('.skip'))
            .map((one) => [one.textContent.trim(), Math.round(one.getBoundingClientRect().height)])"""
    )
    small = [(name, height) for name, height in sizes if height < 24]
    assert small == []
    main = ("New", "Projects", "Save as project", "Promote", "Sign in", "Cards", "Library")
    assert [(name, height) for name, height in sizes if name.startswith(main) and height < 44] == []


def test_the_keyboard_alone_makes_and_saves_a_card(opened):
    page = opened("/#/cards")
    page.keyboard.press("Tab")
    assert focused(page) == "To the work"
    page.keyboard.press("Enter")
    walked = []
    while page.evaluate("() => document.activeElement.labels?.[0]?.textContent") != "Name":
        page.keyboard.press("Tab")
        walked.append(focused(page))
        assert len(walked) < 20, walked
    assert walked[:4] == ["New card", "Projects", "Save as project", "Promote to library"]

    page.keyboard.type("Sunblade")
    while focused(page) != "Save as project":
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Project name")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.get_by_test_id("project-name")).to_have_text("Sunblade", timeout=PATIENCE)
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_focus_is_seen_wherever_it_is(opened):
    page = opened("/#/cards")
    fill(page)
    for _ in range(40):
        page.keyboard.press("Tab")
        shown = page.evaluate(
            """() => {
                const one = document.activeElement;
                const style = getComputedStyle(one);
                return one === document.body || (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2);
            }"""
        )
        assert shown, page.evaluate("() => document.activeElement.outerHTML")
