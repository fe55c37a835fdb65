"""Pictures of the page's main views, as somebody sees them who has worked here for a while.

    python -m local.screenshots [FOLDER]          docs/screenshots, if no folder is named

A stack of its own, a guest, and the page's own examples: phone and desktop, light and dark.
"""

import os
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from local.browsers import browser
from local.firestore import ROOT
from local.ports import free
from local.processes import CannotRun, end_on_signals
from local.progress import done
from local.stack import running

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 780}
TOOLS = ("Cards", "Stores", "Statblocks", "Rules")
WINDOWS = (("desktop", DESKTOP, "light"), ("dark", DESKTOP, "dark"), ("phone", PHONE, "light"))

KEEP = """async () => {
    const { id } = storage.work('cardgenerator').home.get();
    const token = await storage.user.get().getIdToken();
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
    const body = JSON.stringify({ id: crypto.randomUUID(), name: 'Before the session', reason: 'named' });
    const answer = await fetch(`/api/cardgenerator/projects/${id}/saves`, { method: 'POST', headers, body });
    if (!answer.ok) throw new Error(`${answer.status}`);
}"""


def main() -> int:
    end_on_signals()
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs/screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    try:
        with running(ports=free) as stack, sync_playwright() as driver:
            assert stack.url
            chromium = driver.chromium.launch(executable_path=browser("CHROMIUM"), args=sandbox)
            for name, size, scheme in WINDOWS:
                photograph(chromium, stack.url, folder, name, {"viewport": size, "color_scheme": scheme})
            chromium.close()
    except CannotRun as reason:
        done(f"\n{reason}")
        return 1
    return 0


def photograph(chromium: Browser, url: str, folder: Path, name: str, window: dict[str, object]) -> None:
    """Every view in one window, by somebody new."""
    page = chromium.new_context(**window, reduced_motion="reduce").new_page()  # type: ignore[arg-type]

    def take(view: str) -> None:
        page.evaluate("() => scrollTo(0, 0)")
        page.screenshot(path=folder / f"{view}-{name}.png")
        done(f"  {view}-{name}.png")

    page.goto(url)
    arrived(page)
    take("welcome")
    for tool in TOOLS:
        work_in(page, tool)
        take(tool.lower())
    page.get_by_role("link", name="Library", exact=True).click()
    page.get_by_role("heading", name="Sunblade", exact=True).wait_for()
    take("library")
    page.get_by_role("link", name="Cards", exact=True).click()
    page.get_by_role("button", name="Back", exact=True).click()
    page.screenshot(path=folder / f"back-{name}.png")
    page.get_by_role("button", name="Projects", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Sunblade").wait_for()
    take("projects")
    page.keyboard.press("Escape")
    kept(page)
    take("kept")
    page.context.close()


def work_in(page: Page, tool: str) -> None:
    """The tool's example, saved as a project and promoted, so that the library has something to show."""
    page.get_by_role("link", name=tool, exact=True).click()
    start = page.get_by_role("button", name="Start from", exact=False)
    start.first.evaluate("button => button.click()")
    page.get_by_role("button", name="Save as project").click()
    page.get_by_role("dialog").get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("button", name="Rename").wait_for()
    page.get_by_role("button", name="Promote to library").click()
    page.get_by_role("button", name="Show it").wait_for()
    page.get_by_role("button", name="Dismiss").click()
    arrived(page)


def kept(page: Page) -> None:
    """An older text restored over a newer one, so that there is something kept to be compared."""
    page.get_by_role("button", name="Text", exact=True).click()
    page.get_by_label("Description", exact=True).fill(
        "A hilt of old bronze. Close a hand around it, and light stands there."
    )
    page.evaluate("() => storage.whenStored()")
    page.evaluate(KEEP)
    page.keyboard.press("Control+z")
    arrived(page)
    page.get_by_role("link", name="Kept", exact=True).click()
    page.get_by_role("button", name="Copy this field").first.wait_for()


def arrived(page: Page) -> None:
    page.wait_for_function("() => window.storage?.status.get().state === 'saved'")


if __name__ == "__main__":
    sys.exit(main())
