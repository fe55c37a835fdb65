"""Good documents in the shapes that the functions write, so that a test of the rules varies one thing at a time."""

import time
import uuid
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from google.api_core.exceptions import PermissionDenied
from google.cloud.firestore import DELETE_FIELD, SERVER_TIMESTAMP, Client, FieldFilter

from local.unsigned_tokens import verify
from shared.call import Call, Caller
from shared.objects import document as objects
from shared.projects import document as projects
from shared.schemas.tools import TOOLS
from shared.session import document as session
from shared.sharing.document import document_write_fields

NOW = datetime.now(UTC)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
SOME_ID = "7c9e6679-7425-40de-944b-e07fc1f90ae7"

# The three collections whose documents have one owner -> the tool of the projects in it.
OWNED = {"cardgen_projects": "cardgenerator", "tool_projects": "storegenerator", "dungeonmind-objects": None}
PROJECTS = [collection for collection, tool in OWNED.items() if tool]

OBJECTS = "dungeonmind-objects"

# Who alice is not. The uids that look like hers come from her own.
STRANGERS = {
    "another person": lambda alice: f"bob-{alice}",
    "a uid that begins as hers": lambda alice: alice[:-1],
    "a uid that goes on after hers": lambda alice: f"{alice}1",
    "a uid that matches hers as a pattern": lambda alice: f"{alice[:-1]}.",
    "a uid that matches all": lambda alice: ".*",
    "signed out": lambda alice: "",
}

FORGED_SIGNATURES = {
    "a foreign uid": {"uid": "bob"},
    "a foreign name": {"name": "Bob"},
    "an empty name": {"name": ""},
    "no uid": {"uid": DELETE_FIELD},
    "no name": {"name": DELETE_FIELD},
    "another field": {"email": "alice@example.com"},
    "a device that is no text": {"device": ["x"]},
    "a device that is null": {"device": None},
    "a device too long": {"device": "x" * 129},
    "a save_id that is no text": {"save_id": ["x"]},
    "a save_id too long": {"save_id": "x" * 129},
}


ROLES = ("owner", "editor", "viewer")
READERS = {*ROLES}
SIGNED_IN = READERS | {"stranger", "guest"}
ALL = SIGNED_IN | {"signed out"}
NOBODY: set[str] = set()

PUBLIC = {"visibility": "public"}
TRASHED = {"trashed": True, "purge_at": NOW + timedelta(days=30)}


def denied():
    return pytest.raises(PermissionDenied)


def people_around(owner, person):
    """Everybody who may want something from the owner's documents, the owner last."""
    named_ones = {who: person(who, name=who.title()) for who in ("stranger", "viewer", "editor")}
    others = {"signed out": somebody_with("", person), "guest": person("guest", "anonymous")}
    return others | named_ones | {"owner": owner}


def may(people, attempt):
    """Who of the people is not denied the attempt."""
    allowed = set()
    for who, someone in people.items():
        with suppress(PermissionDenied):
            attempt(someone)
            allowed.add(who)
    return allowed


def shared(admin, people, collection, **different):
    """A project or object that has an owner, an editor and a viewer: its reference, as its owner has it."""
    members = {people[role].uid: {"role": role, "name": role.title(), "joined_at": NOW} for role in ROLES}
    ref = created(collection, people["owner"])
    admin.document(ref.path).update({"members": members, "readers": list(members)} | different)
    return ref


def getting(ref):
    return lambda someone: someone.firestore.document(ref.path).get()


def saving(ref, change):
    """An update that is right but for its change. Whoever is signed out signs with a name that is not his."""
    collection = ref.parent.id
    return lambda someone: someone.firestore.document(ref.path).update(signed_by(someone, collection) | change)


def place_of(project):
    """What ties an object to this project, and to no later one of its id."""
    return {
        "project_collection": project.parent.id,
        "project_id": project.id,
        "project_created_at": project.get().get("created_at"),
    }


def signed_by(someone, collection):
    return touch(collection, someone) if someone.uid else {"updated_at": SERVER_TIMESTAMP, "schema_version": 1}


def listing(collection, filters, limit=51, count=False, offset=0):
    """A query with these filters: its ids, or their count."""

    def ask(someone):
        query = web_sdk(someone).collection(collection)
        for condition in filters:
            query = query.where(filter=FieldFilter(*condition) if isinstance(condition, tuple) else condition)
        query = query.limit(limit) if limit else query
        query = query.offset(offset) if offset else query
        return query.count().get() if count else [found.id for found in query.get()]

    return ask


def web_sdk(someone):
    """Firestore as this person, for queries that no index of ours serves: the functions' client would refuse them."""
    client = Client(project=someone.project)
    client._firestore_api_internal = _past_the_watch(someone.project)
    client._rpc_metadata_internal = [("google-cloud-resource-prefix", client._database_string)]
    client._rpc_metadata_internal += [("authorization", f"Bearer {someone.token}")] if someone.token else []
    return client


@cache
def _past_the_watch(project):
    """One channel for all, on which local/indexes.py does not look at the queries."""
    return Client(project=project)._firestore_api


def call_of(someone):
    """A request of this person's, for whom the shapes in shared/ are made."""
    claims = verify(someone.token)  # whoever it is: the functions refuse some at sign-in
    provider = claims["firebase"]["sign_in_provider"]
    return Call(Caller(claims["sub"], claims.get("name", ""), provider, someone.token), someone.firestore)


def somebody_with(uid, person):
    """Somebody whose uid was chosen; nobody signed in if it is empty."""
    someone = person("bob", sub=uid, user_id=uid)
    someone.uid, someone.token = uid, someone.token if uid else ""
    return someone


def a_session(someone, **different):
    return session.fresh(call_of(someone)) | different


def a_save(someone, save_id=SOME_ID, **different):
    return {
        "id": save_id,
        "name": "Before the dragon",
        "tool": "cardgenerator",
        "state": {"current_step": "text-generation"},
        "reason": "named",
        "created_at": SERVER_TIMESTAMP,
        "created_by": someone.uid,
        "schema_version": 1,
        "updated_by": touch("sessions", someone)["updated_by"],
    } | different


def owned(collection, someone, **different):
    """A new project or object of somebody's."""
    new_id = str(uuid.uuid4())
    if tool := OWNED[collection]:
        given = {"name": "Sting", "name_key": "sting", "state": {"currentStep": "text-generation"}}
        return projects.new_project(call_of(someone), TOOLS[tool], new_id, given) | different
    return objects.new_object(call_of(someone), new_id, {"type": "item", "name": "Sting"}) | different


def touch(collection, someone):
    """What every write to a document of this collection carries."""
    call = call_of(someone)
    return call.session_write_fields() if collection == "sessions" else document_write_fields(call)


def created(collection, someone, **different):
    """A new project or object, stored: its reference, as its owner has it."""
    good = owned(collection, someone, **different)
    ref = someone.firestore.collection(collection).document(good["id"])
    ref.create(good)
    time.sleep(0.002)  # Firestore's clock has whole ms here: the next write's time is another one
    return ref


# What a field may hold: the largest good value, and values that no document may have.
def text(most):
    return "x" * most, {"number": 1, "list": ["x"], "null": None, "too long": "x" * (most + 1)}


def items(most):
    return ["x"] * most, {"map": {"x": "x"}, "text": "x", "null": None, "too long": ["x"] * (most + 1)}


def texts(most, letters):
    """A list of so many texts, which have so many letters together."""
    more = {"too many letters": ["x" * (letters + 1)], "a map in it": [{"x": 1}]}
    return ["x" * (letters // most)] * most, items(most)[1] | more


def keys(most):
    return _map(most), {"text": "x", "list": ["x"], "null": None, "too many keys": _map(most + 1)}


def choice(good, *bad):
    return good, {named(value): value for value in bad}


def flag():
    return True, {"text": "true", "number": 1, "null": None}


def moment():
    return NOW + timedelta(days=1), {"text": "tomorrow", "number": 1, "null": None}


def wrong(*values):
    """A field whose value is prescribed, and values that it must not have."""
    return None, {named(value): value for value in values}


def named(value):
    """A value as a test's name says it: the same in every run."""
    if isinstance(value, dict):
        return ", ".join(f"{name} {named(inner)}" for name, inner in value.items()) or "{}"
    if value is DELETE_FIELD:
        return "missing"
    return repr(value)[:30] if isinstance(value, str | int | float | list | None) else f"a {type(value).__name__}"


def _map(size):
    return {f"k{number}": 0 for number in range(size)}


def at_their_largest(fields):
    return {name: good for name, (good, _) in fields.items()}


def bad_values(fields):
    """For parametrize: every field of the table with every value that it must not have."""
    return [
        pytest.param(name, value, id=f"{name}, {what}")
        for name, (_, bad) in fields.items()
        for what, value in bad.items()
    ]


def neither_created_nor_updated(ref, good, touched, bad):
    """A good document with the bad fields in it (DELETE_FIELD: without them) is denied, and so is a change to it."""
    with denied():
        ref.create(patched(good, bad))
    ref.create(good)
    with denied():
        ref.update(touched | bad)


def patched(good, change):
    return {name: value for name, value in (good | change).items() if value is not DELETE_FIELD}


COMMON_FIELDS = {"name": text(400), "description": text(200_000), "tags": texts(50, 10_000), "is_template": flag()}
PROJECT_FIELDS = COMMON_FIELDS | {
    "name_key": text(1_000),
    "state": keys(50),
    "last_saves": keys(80),
    "metadata": keys(50),
    "visibility": choice("public", "project", "", None, 1, DELETE_FIELD),
}
OBJECT_FIELDS = COMMON_FIELDS | {
    "type": (text(50)[0], text(50)[1] | {"missing": DELETE_FIELD}),
    "summary": text(4_000),
    "systemData": keys(50),
    "rulesets": texts(20, 4_000),
    "references": items(200),
    "reference_ids": texts(200, 25_600),
    "collections": texts(100, 20_000),
    "metadata": keys(50),
    "customProperties": keys(100),
    "aiContext": keys(50),
    "sharePermissions": keys(50),
    "project_collection": text(100),
    "project_id": text(128),
    "project_created_at": moment(),
    "origin": keys(10),
    "search_terms": texts(200, 20_000),
    "visibility": choice("public", "everybody", "", None, 1, DELETE_FIELD),
}
FIELDS = {collection: PROJECT_FIELDS if tool else OBJECT_FIELDS for collection, tool in OWNED.items()}
