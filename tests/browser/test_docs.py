"""The page in docs/web-client.md works as it stands there, under the page's own Content-Security-Policy."""

import re

import pytest
from playwright.sync_api import expect

from browser.tab import PATIENCE
from local.firestore import ROOT

DOCUMENT = ROOT.joinpath("docs/web-client.md").read_text()


@pytest.mark.chromium
def test_the_page_of_the_how_to_keeps_what_is_typed(desk):
    html, script = (re.search(rf"```{kind}\n(.*?)```", DOCUMENT, re.S)[1] for kind in ("html", "js"))
    desk.net.pages = {"/mytool/": ("text/html", html), "/mytool/tool.js": ("text/javascript", script)}
    page = desk.device().new_page()

    page.goto(f"{desk.net.url}/mytool/")
    page.get_by_label("Name").fill("Sunblade")
    expect(page.locator("#status")).to_have_text("saved", timeout=PATIENCE)
    page.reload()

    expect(page.get_by_label("Name")).to_have_value("Sunblade", timeout=PATIENCE)
    expect(page.locator("#status")).to_have_text("saved", timeout=PATIENCE)
