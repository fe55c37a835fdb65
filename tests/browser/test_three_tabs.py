"""Scenario 6: rapid changes in three tabs of one project."""

import pytest

from browser.tab import item

LABELS = ("Quote", "Description", "Image prompt")


def test_three_tabs_of_one_project_change_it_rapidly_and_every_change_is_there(desk, desktop):
    desktop.write({"Name": "Hydra"})
    project = desktop.save_as("Hydra")
    context = desktop.page.context
    tabs = [desktop, *(desk.tab(context).open(f"/#/cards/{project}") for _ in range(2))]

    for turn in range(8):
        for tab, label in zip(tabs, LABELS, strict=True):
            tab.type(label, f"head {turn} ")
    for number, tab in enumerate(tabs):
        tab.add_property(f"head of tab {number}")
    for tab in tabs:
        tab.stored()

    text = "".join(f"head {turn} " for turn in range(8))
    whole = {"Name": "Hydra"} | dict.fromkeys(LABELS, text)
    for tab in tabs:
        tab.shows(whole)  # each tab took over what the others saved
        tab.stored()
    [stored] = desktop.projects().values()
    properties = stored.pop("properties")
    assert stored == item(whole) | {"project": "Hydra"}
    assert sorted(properties) == [f"head of tab {number}" for number in range(3)]
    assert desktop.page.get_by_role("region", name="Changed elsewhere").count() == 0


@pytest.mark.chromium
def test_three_tabs_of_one_draft_make_no_project(desk, desktop):
    desktop.write({"Name": "Hydra"})
    desktop.stored()
    context = desktop.page.context
    tabs = [desktop, *(desk.tab(context).open() for _ in range(2))]

    for turn in range(4):
        for tab, label in zip(tabs, LABELS, strict=True):
            tab.type(label, f"head {turn} ")
    for tab in tabs:
        tab.stored()

    whole = {"Name": "Hydra"} | dict.fromkeys(LABELS, "".join(f"head {turn} " for turn in range(4)))
    for tab in tabs:
        tab.shows(whole)
    assert desktop.draft() == item(whole)
    assert desktop.projects() == {}
