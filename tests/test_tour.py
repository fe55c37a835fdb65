"""The tour finds everything it stored, and would notice if one leaf were gone."""

import pytest
from google.cloud import firestore

from local.tour import TOOLS, Tour, look, read_items, reopen, walk
from local.tour_check import differences
from local.tour_work import others


@pytest.fixture(scope="module")
def way(stack):
    """A tour of three items."""
    tour, items = Tour(stack.url, stack.auth), read_items()[:3]
    people, found = walk(tour, items)
    return tour, items, people, found


def test_every_leaf_of_every_item_is_found_again_and_a_stranger_finds_none(way):
    tour, items, people, found = way

    projects, objects = look(tour, people)

    made = len(items) + len(others())
    assert (found, len(projects), len(objects)) == (0, made, made)
    assert {project["tool"] for project in projects} == set(TOOLS)
    assert {thing["type"] for thing in objects} == {"item", "store", "statblock", "rule"}


def test_one_leaf_that_is_deleted_in_firestore_is_one_difference(way, admin):
    tour, items, people, _ = way
    project = next(p for p in look(tour, people)[0] if p["name"] == items[1]["name"])

    admin.document(f"cardgen_projects/{project['id']}").update({"state.itemDetails.rarity": firestore.DELETE_FIELD})

    assert differences(items, *look(tour, people), reopen(tour, people)) == 1


def test_an_autosave_of_the_tour_is_one_write_and_no_read(way):
    steps = way[0].steps

    for title in ("autosave the draft, edit by edit", "autosave the project, edit by edit"):
        assert (steps[title].reads, steps[title].writes) == (0, len(steps[title].ms))


@pytest.mark.parametrize("content", [None, "{", "[]", "[1]", '[{"name": "Sunblade"}]', "{}"])
def test_a_file_without_items_is_named_with_what_is_wrong(monkeypatch, tmp_path, content):
    file = tmp_path / "items.json"
    if content is not None:
        file.write_text(content)
    monkeypatch.setenv("ITEMS", str(file))

    with pytest.raises(Exception, match=r"items\.json: ."):
        read_items()
