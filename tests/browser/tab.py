"""A tab in which somebody works: what a person does and sees, by the names that the page gives its controls."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from playwright.sync_api import Locator, Page, expect

ITEM = {  # a label of the card's form: the field of itemDetails
    "Name": "name",
    "Type": "type",
    "Value": "value",
    "Weight": "weight",
    "Damage formula": "damageFormula",
    "Damage type": "damageType",
    "Description": "description",
    "Quote": "quote",
    "Image prompt": "sdPrompt",
}
PATIENCE = 20_000  # ms; two shared cores


class Tab:
    def __init__(self, page: Page, url: str, api: str):
        self.page, self.url, self._api = page, url, api
        page.set_default_timeout(PATIENCE)

    # Coming and going

    def open(self, address: str = "/#/cards") -> "Tab":
        self.page.goto(self.url + address)
        return self.ready()

    def reload(self) -> "Tab":
        self.page.reload()
        return self.ready()

    def ready(self) -> "Tab":
        self.page.wait_for_function("() => window.storage")
        self.waits_for("storage.ready")
        expect(self.field("Name")).to_be_visible(timeout=PATIENCE)
        return self

    def sign_in(self, email: str, password: str) -> None:
        self.page.get_by_role("button", name="Sign in").first.click()
        dialog = self.page.get_by_role("dialog")
        dialog.get_by_label("E-mail").fill(email)
        dialog.get_by_label("Password").fill(password)
        dialog.get_by_role("button", name="Sign in", exact=True).click()
        expect(dialog).to_be_hidden(timeout=PATIENCE)  # under a modal dialog nobody can write
        expect(self.page.get_by_test_id("account")).to_contain_text(email, timeout=PATIENCE)

    # Working

    def field(self, label: str) -> Locator:
        return self.page.get_by_label(label, exact=True)

    def write(self, fields: Mapping[str, str]) -> None:
        for label, text in fields.items():
            self.field(label).fill(text)

    def type(self, label: str, text: str, delay: float = 0) -> None:
        """Key by key, at the end of what is there; `delay` ms between two keys."""
        field = self.field(label)
        field.focus()
        field.press("Control+End")
        field.press_sequentially(text, delay=delay, timeout=len(text) * (delay + 50) + PATIENCE)

    def read(self, label: str) -> str:
        return self.field(label).input_value()

    def shows(self, fields: Mapping[str, str]) -> None:
        for label, text in fields.items():
            expect(self.field(label)).to_have_value(text, timeout=PATIENCE)

    def add_property(self, text: str) -> None:
        self.page.get_by_label("New property").fill(text)
        self.page.get_by_role("button", name="Add property").click()

    def new_card(self) -> None:
        self.page.get_by_role("button", name="New card").click()
        self.is_in("New card")
        expect(self.field("Name")).to_have_value("", timeout=PATIENCE)  # an unsaved card becomes a project first

    def save_as(self, name: str) -> str:
        """Save as a project; its id."""
        self.page.get_by_role("button", name="Save as project").click()
        dialog = self.page.get_by_role("dialog")
        dialog.get_by_label("Project name").fill(name)
        dialog.get_by_role("button", name="Save", exact=True).click()
        self.is_in(name)
        expect(dialog).to_be_hidden(timeout=PATIENCE)  # what is typed under a modal dialog goes nowhere
        return self.home()["id"]

    def switch_to(self, name: str) -> None:
        self.page.get_by_role("button", name="Projects", exact=True).click()
        dialog = self.page.get_by_role("dialog")
        dialog.get_by_role("searchbox", name="Find a project").fill(name)
        dialog.get_by_role("button", name=name).first.click()
        self.is_in(name)
        expect(dialog).to_be_hidden(timeout=PATIENCE)

    def is_in(self, name: str) -> None:
        expect(self.page.get_by_test_id("project-name")).to_have_text(name, timeout=PATIENCE)

    def home(self) -> Any:
        return self.page.evaluate("() => storage.work('cardgenerator').home.get()")

    # Being stored

    def status(self, *states: str) -> None:
        """Wait until the save status is one of these."""
        shown = self.page.get_by_test_id("save-status")
        expect(shown).to_have_attribute("data-state", re.compile(f"^({'|'.join(states)})$"), timeout=PATIENCE)

    def stored(self) -> None:
        """Wait until all that was typed is acknowledged."""
        self.waits_for("storage.whenStored()")
        self.status("saved")

    def tries_to_save(self, does: Callable[[], None]) -> None:
        """Do this, and wait until the page sent something on account of it, whatever the network made of that."""
        with self.page.expect_request(lambda sent: "/api/" in sent.url and sent.method in ("PATCH", "PUT", "POST")):
            does()

    def waits_for(self, promise: str) -> None:
        """Wait until it is fulfilled, but not for ever, as Playwright would."""
        self.page.evaluate(
            f"""(ms) => new Promise((fulfilled, late) => {{
                {promise}.then(() => fulfilled(), late);
                setTimeout(() => late(new Error('{promise}: still ' + JSON.stringify(storage.status.get()))), ms);
            }})""",
            PATIENCE,
        )

    # Looking past the page

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """The API's answer to this user, past the page and its network."""
        token = self.page.evaluate("() => storage.user.get().getIdToken()")
        return ask(self._api, token, method, path, body)

    def projects(self) -> dict[str, dict[str, Any]]:
        """The user's card projects as they are stored: the item of each by its id, its project's name as `project`."""
        found = self.ask("GET", "/api/cardgenerator/projects")["projects"]
        whole = [self.ask("GET", f"/api/cardgenerator/projects/{project['id']}") for project in found]
        return {p["id"]: p.get("state", {}).get("itemDetails", {}) | {"project": p["name"]} for p in whole}

    def draft(self) -> Any:
        """The item of the session's draft as it is stored."""
        return self.ask("GET", "/api/session").get("cardgenerator", {}).get("draft_item_data", {})


def ask(api: str, token: str, method: str, path: str, body: Any = None) -> Any:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    try:
        with urlopen(Request(api + path, data, headers, method=method), timeout=30) as answer:
            return json.loads(answer.read() or b"null")
    except HTTPError as refusal:
        raise AssertionError(f"{method} {path}: {refusal.code} {refusal.read().decode()}") from refusal


def item(fields: Mapping[str, str]) -> dict[str, str]:
    """What is stored of a form filled in so."""
    return {ITEM[label]: text for label, text in fields.items()}
