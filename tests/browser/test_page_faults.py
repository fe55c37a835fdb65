"""What broke the page once (faults W13, W21, W23, W24): it takes any content, and nothing moves under the caret."""

import pytest
from playwright.sync_api import expect

from browser.console import STALE
from browser.tab import PATIENCE, Tab

ANYTHING = """async () => {
    const { TOOLS } = await import('/app/tools.js');
    const scalars = ['text', '', 7, -1.5, true, false, null, 'a\\r\\nb'];
    const values = [...scalars, [], ['a', 1, null, {}], {}, { name: { a: [1] } }, [[{ x: 1 }]]];
    const placed = (value, path, one) => {
        if (!path.length) return one;
        const copy = Array.isArray(value) ? [...value] : { ...value };
        copy[path[0]] = placed(copy[path[0]], path.slice(1), one);
        return copy;
    };
    const paths = (value, before = []) => {
        const below = Object.keys(Object(typeof value === 'object' ? value : null));
        return [...(before.length ? [before] : []), ...below.flatMap((name) => paths(value[name], [...before, name]))];
    };
    const failed = [];
    let tried = 0;
    for (const tool of TOOLS) {
        const work = { state: { get: () => state }, update: () => {}, home: { get: () => ({}) } };
        let state = tool.example;
        const form = tool.form(work, storage);
        for (const path of paths(tool.example)) for (const value of values) {
            state = placed(tool.example, path, value);
            tried += 1;
            try {
                form.show(state);
                const shown = [tool.preview(state), tool.back?.(state)].map((one) => one?.textContent ?? '').join();
                const nonsense = shown.match(/.{0,20}(\\[object|undefined|NaN).{0,20}/);
                if (nonsense) throw new Error(`shows ${nonsense[0]}`);
                tool.nameOf(state);
            } catch (error) {
                failed.push(`${tool.slug} ${path.join('.')} = ${JSON.stringify(value)}: ${error.message}`);
            }
        }
    }
    return { tried, failed };
}"""


def update(tab: Tab, tool: str, patch: object) -> None:
    """As the library does it when another tab or device has written."""
    tab.page.evaluate("([tool, patch]) => storage.work(tool).update(patch)", [tool, patch])


def state(tab: Tab, tool: str) -> dict:
    return tab.page.evaluate("(tool) => storage.work(tool).state.get()", tool)


def test_forms_and_previews_show_any_json_in_any_place(tab):
    found = tab.page.evaluate(ANYTHING)

    assert found["failed"] == []
    assert found["tried"] > 1000


def test_nothing_moves_under_the_caret_and_no_key_goes_into_another_row(tab):
    page, tool = tab.page, "statblockgenerator"
    page.get_by_role("link", name="Statblocks").click()
    # Without ids, as other clients write them.
    actions = [{"name": name, "desc": f"{name} it."} for name in ("Bite", "Claw", "Tail")]
    update(tab, tool, {"statblock_draft_data": {"actions": actions, "description": "the blade hums"}})
    claw = page.get_by_role("group", name="action 2: Claw").get_by_label("What happens")
    claw.press("End")
    page.keyboard.type(" Twice")

    update(tab, tool, {"statblock_draft_data": {"actions": [{"name": "Claw", "desc": "Claw it. Twice"}, actions[2]]}})
    page.keyboard.type(", hard")

    expect(page.get_by_role("group", name="action 1: Claw").get_by_label("What happens")).to_have_value(
        "Claw it. Twice, hard"
    )
    assert [row["desc"] for row in state(tab, tool)["statblock_draft_data"]["actions"]] == [
        "Claw it. Twice, hard",
        "Tail it.",
    ]

    text = page.get_by_label("Description", exact=True)
    text.evaluate("one => { one.focus(); one.setSelectionRange(9, 9); }")  # behind "blade"
    update(tab, tool, {"statblock_draft_data": {"description": "See: the bright blade hums on"}})
    page.keyboard.type(" of light")
    expect(text).to_have_value("See: the bright blade of light hums on")


def test_a_composition_is_left_alone_and_loses_nobodys_words(tab):
    page = tab.page
    tab.write({"Description": "the blade"})
    keys = page.context.new_cdp_session(page)
    keys.send("Input.imeSetComposition", {"text": "ひか", "selectionStart": 2, "selectionEnd": 2})
    update(tab, "cardgenerator", {"itemDetails": {"description": "the bright bladeひか"}})
    assert tab.read("Description") == "the bladeひか"

    keys.send("Input.imeSetComposition", {"text": "ひかり", "selectionStart": 3, "selectionEnd": 3})
    assert tab.read("Description") == "the bladeひかり"
    keys.send("Input.insertText", {"text": "光"})

    tab.shows({"Description": "the bright blade光"})
    assert state(tab, "cardgenerator")["itemDetails"]["description"] == "the bright blade光"


def test_a_number_field_keeps_what_is_typed_and_a_number_as_one(tab):
    page, tool = tab.page, "statblockgenerator"
    page.get_by_role("link", name="Statblocks").click()
    armor = page.get_by_label("Armor class", exact=True)
    for text in ("12-", "15 (natural armor, with mage armor 17)"):
        armor.fill(text)
        armor.blur()
        expect(armor).to_have_value(text)
        assert state(tab, tool)["statblock_draft_data"]["armorClass"] == text
        tab.stored()
        stored = tab.ask("GET", "/api/session")[tool]["statblock_draft_data"]
        assert stored["armorClass"] == text
        expect(page.get_by_test_id("statblock-preview")).to_contain_text(f"Armor Class{text}")
    armor.fill("+12")
    armor.blur()
    expect(armor).to_have_value("12")
    assert state(tab, tool)["statblock_draft_data"]["armorClass"] == 12

    page.get_by_label("Add skill").select_option("Stealth")
    page.keyboard.press("Backspace")
    page.keyboard.type("7")
    assert state(tab, tool)["statblock_draft_data"]["skills"] == {"Stealth": 7}
    page.keyboard.press("Backspace")
    assert "Stealth" not in state(tab, tool)["statblock_draft_data"].get("skills", {})
    page.get_by_label("Stealth", exact=True).blur()
    expect(page.get_by_label("Stealth", exact=True)).to_have_count(0)


def test_a_broken_address_shows_the_page(tab):
    tab.write({"Name": "Moonring"})
    for address in ("cards/%", "cards/..", "cards/%2e%2e%2fobjects", "nowhere/at/all", "library/nothing"):
        tab.page.goto(f"{tab.url}/#/{address}")
        if address.startswith("cards"):
            expect(tab.page.get_by_test_id("notice").last).to_contain_text("nothing at this address")
            tab.page.get_by_role("button", name="Dismiss").click()

        tab.page.get_by_role("link", name="Cards").click()
        tab.shows({"Name": "Moonring"})


MANY = """async (count) => {
    const made = [];
    for (let i = 0; i < count; i += 1) {
        made.push((await storage.projects.create('ruleslawyer', { name: `Ruling ${i}`, state: {} })).id);
    }
    await Promise.all(made.slice(0, 55).map((id) => storage.projects.remove('ruleslawyer', id)));
}"""


def test_lists_are_complete_and_a_double_click_deletes_one(tab):
    page = tab.page
    page.evaluate(MANY, 107)
    page.get_by_role("link", name="Rules", exact=True).click()
    page.get_by_role("button", name="Projects", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("status")).to_have_text("52 of 52", timeout=PATIENCE)

    dialog.get_by_role("button", name="Delete").nth(3).dblclick()

    expect(dialog.get_by_role("status")).to_have_text("51 of 51", timeout=PATIENCE)
    expect(dialog.get_by_role("button", name="Delete")).to_have_count(51)
    dialog.get_by_role("link", name="Trash").click()
    expect(page.get_by_text("56 in all")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("button", name="Put back")).to_have_count(56)
    page.get_by_label("Find in the trash").fill("ruling 54")
    page.get_by_role("button", name="Put back").dblclick()
    expect(page.get_by_test_id("notice")).to_contain_text("“Ruling 54” is back", timeout=PATIENCE)
    expect(page.get_by_role("heading", name="Ruling 54")).to_have_count(0)
    expect(page.get_by_text("55 in all")).to_be_visible()


def test_the_library_finds_what_no_page_has_shown_yet(tab):
    tab.page.evaluate(
        """async () => {
            for (let i = 0; i < 104; i += 1) await storage.objects.create({ type: 'item', name: `Ring ${i}` });
        }"""
    )
    tab.page.get_by_role("link", name="Library", exact=True).click()
    expect(tab.page.get_by_text("104 in all")).to_be_visible(timeout=PATIENCE)
    tab.page.get_by_label("Find in the library").fill("0 ring")  # the oldest of all
    expect(tab.page.get_by_role("heading", name="Ring 0", exact=True)).to_be_visible()

    row = tab.page.get_by_role("listitem").filter(has=tab.page.get_by_role("heading", name="Ring 0", exact=True))
    row.get_by_role("button", name="Delete").dblclick()

    expect(row).to_have_count(0, timeout=PATIENCE)
    tab.page.get_by_label("Find in the library").fill("")
    expect(tab.page.get_by_text("103 in all")).to_be_visible(timeout=PATIENCE)


def test_ctrl_s_saves_at_once_and_says_so(tab):
    tab.write({"Name": "Moonring"})

    tab.page.keyboard.press("Control+s")

    expect(tab.page.get_by_test_id("notice")).to_contain_text("Saved.", timeout=PATIENCE)
    assert tab.draft() == {"name": "Moonring"}


@pytest.mark.chromium
def test_with_a_full_disk_the_networks_answer_counts(desk):
    """The service worker's `put` fails, as it does where there is no room."""
    desk.console.expect(STALE)
    tab = desk.tab(service_workers="allow").open()
    page = tab.page
    page.evaluate("() => navigator.serviceWorker.ready")
    worker = page.context.service_workers[0]
    full = "() => Promise.reject(new DOMException('full', 'QuotaExceededError'))"
    worker.evaluate(f"() => {{ Cache.prototype.put = {full}; }}")

    older = "async () => (await caches.open('page')).put('/app/route.js', new Response('an old version'))"
    page.evaluate(older)
    assert "old version" not in page.evaluate("async () => (await fetch('/app/route.js')).text()")
    tab.reload().write({"Name": "Moonring"})
    tab.stored()
