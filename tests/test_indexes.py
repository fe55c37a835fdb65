"""Every query that is sent has its index in firestore.indexes.json, as production demands and no emulator does.

The check sits under the functions' channel in the whole test run (local/indexes.py); at its end, tests/conftest.py
compares the other way: an index that no query needed fails the run.
"""

import json

import pytest
from google.cloud import firestore
from google.cloud.firestore import FieldFilter

from local import indexes
from local.indexes import Shape, declared_indexes, index_for, shape_of


@pytest.mark.parametrize("position", range(len(declared_indexes()["indexes"])))
def test_without_one_of_the_indexes_some_list_fails(alice, monkeypatch, tmp_path, position):
    declared = declared_indexes()
    removed = declared["indexes"].pop(position)
    file = tmp_path / "firestore.indexes.json"
    file.write_text(json.dumps(declared))
    monkeypatch.setattr(indexes, "INDEXES", file)

    project = alice.post(CARDS, {"name": "x"}).json["id"]
    store = alice.post(STORES, {"name": "x"}).json["id"]
    statuses = {path: alice.get(path.format(project_id=project, store_id=store)).status_code for path in LISTS}
    lost = {"itemDetails": {"name": "x"}, "store_draft_data": {"storeData": {"b": {"type": "title", "title": "x"}}}}
    statuses |= {tool: alice.post(RECOVER, {"tool": tool, "state": lost}).status_code for tool in MATCHING.values()}

    fields = tuple(field["fieldPath"] for field in removed["fields"])
    refused = [path for path, status in statuses.items() if status not in (200, 201)]
    assert refused == LISTS_OF[removed["collectionGroup"], fields]


def lists(collection, *fields):
    return (collection, (*fields, "updated_at"))


CARDS, STORES, OBJECTS = "/api/cardgenerator/projects", "/api/storegenerator/projects", "/api/objects"
RECOVER = "/api/session/recover"  # looks for a project by its name
MATCHING = {"cardgen_projects": "cardgenerator", "tool_projects": "storegenerator"}
LISTS_OF = {
    ("card_sessions", ("parent_created_at", "created_at")): [f"{CARDS}/{{project_id}}/saves"],
    ("tool_saves", ("parent_created_at", "created_at")): [f"{STORES}/{{store_id}}/saves"],
    **{
        lists(collection, "name_key", "readers", "tool", "trashed", "user_id", "visibility"): [tool]
        for collection, tool in MATCHING.items()
    },
    **{
        lists(collection, "tool", "trashed", field): [path + query]
        for collection, path in (("cardgen_projects", CARDS), ("tool_projects", STORES))
        for field, query in (("readers", ""), ("visibility", "?public=true"), ("user_id", "?trashed=true"))
    },
    lists("dungeonmind-objects", "trashed", "readers"): [OBJECTS],
    lists("dungeonmind-objects", "trashed", "type", "readers"): [f"{OBJECTS}?type=item"],
    lists("dungeonmind-objects", "trashed", "visibility"): [f"{OBJECTS}?public=true"],
    lists("dungeonmind-objects", "trashed", "type", "visibility"): [f"{OBJECTS}?type=item&public=true"],
    lists("dungeonmind-objects", "trashed", "user_id"): [f"{OBJECTS}?trashed=true"],
    lists("dungeonmind-objects", "trashed", "visibility", "project_collection", "project_id", "project_created_at"): [
        f"{OBJECTS}?project=cardgen_projects/{{project_id}}"
    ],
}
LISTS = [path for paths in LISTS_OF.values() for path in paths if path not in MATCHING.values()]


def shape(*equal, contains=(), order=()):
    return Shape("c", frozenset(equal), frozenset(contains), tuple(order))


ASC, DESC = "ASCENDING", "DESCENDING"
INDEX = {
    "collectionGroup": "c",
    "fields": [
        {"fieldPath": "a", "order": ASC},
        {"fieldPath": "l", "arrayConfig": "CONTAINS"},
        {"fieldPath": "u", "order": DESC},
    ],
}
DECLARED = {"indexes": [INDEX], "fieldOverrides": [{"collectionGroup": "c", "fieldPath": "big", "indexes": []}]}


@pytest.mark.parametrize(
    ("wanted", "served_by"),
    [
        (shape("a", contains=["l"], order=[("u", DESC)]), INDEX),
        (shape("a"), None),
        (shape("a", "b"), None),  # merged from the fields' own indexes
        (shape(contains=["l"]), None),
        (shape(order=[("u", DESC)]), None),
        (shape("a", contains=["l"], order=[("u", ASC)]), LookupError),
        (shape("a", order=[("u", DESC)]), LookupError),
        (shape("a", "b", contains=["l"], order=[("u", DESC)]), LookupError),
        (shape("a", contains=["l"]), LookupError),
        (shape("big"), LookupError),
        (shape(order=[("big", ASC)]), LookupError),
    ],
)
def test_which_index_a_query_needs(wanted, served_by):
    if served_by is LookupError:
        with pytest.raises(LookupError):
            index_for(wanted, DECLARED)
    else:
        assert index_for(wanted, DECLARED) == served_by


def test_the_shape_of_a_query_is_read_from_what_is_sent():
    query = firestore.Client(project="demo-x").collection("c").where(filter=FieldFilter("a", "==", 1))
    query = query.where(filter=FieldFilter("l", "array_contains", "x")).order_by("u", direction="DESCENDING")

    found = shape_of(query.order_by("__name__", direction="DESCENDING")._to_protobuf())

    assert found == shape("a", contains=["l"], order=[("u", DESC)])
    with pytest.raises(NotImplementedError):
        shape_of(query.where(filter=FieldFilter("z", ">", 1))._to_protobuf())


def test_the_big_maps_and_the_ttl_fields_are_exempt_from_indexing():
    overrides = declared_indexes()["fieldOverrides"]
    exempt = {(o["collectionGroup"], o["fieldPath"]) for o in overrides if o["indexes"] == []}
    ttl = {(o["collectionGroup"], o["fieldPath"]) for o in overrides if o.get("ttl")}

    tools = ("cardgenerator", "storegenerator", "ruleslawyer", "statblockgenerator")
    assert exempt >= {("sessions", name) for name in (*tools, "devices", "last_accessed")}
    assert exempt >= {("cardgen_projects", "state"), ("cardgen_projects", "members"), ("card_sessions", "state")}
    assert exempt >= {("tool_projects", "state"), ("tool_projects", "members"), ("tool_projects", "purge_at")}
    assert exempt >= {
        ("dungeonmind-objects", "systemData"),
        ("dungeonmind-objects", "members"),
        ("tool_saves", "state"),
    }
    assert ttl == {
        ("sessions", "expires_at"),
        ("cardgen_projects", "purge_at"),
        ("tool_projects", "purge_at"),
        ("dungeonmind-objects", "purge_at"),
        ("card_sessions", "purge_at"),
        ("tool_saves", "purge_at"),
    }
    assert ttl <= exempt
