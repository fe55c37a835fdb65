"""Object documents of the library: where they are, how they are shown, and how a new one begins."""

from collections.abc import Collection, Mapping
from typing import Any

from google.cloud.firestore import SERVER_TIMESTAMP, DocumentReference

from shared.caller import caller, db
from shared.projects import changed
from shared.reading import readable
from shared.schemas.object import Object, ObjectSummary
from shared.target import about

OWNERS = {"visibility", "is_template", "sharePermissions", "project_collection", "project_id"}  # the rules say so
COLLECTION = "dungeonmind-objects"


def object_ref(object_id: str) -> DocumentReference:
    """Where an object is."""
    return db().collection(COLLECTION).document(object_id)


def the_object(object_id: str, changing: Collection[str] = (), needs: str = "editor") -> DocumentReference:
    """The same, as the document that this request is about. Some of its fields are the owner's to change."""
    return about(object_ref(object_id), "object", shown, "owner" if OWNERS & set(changing) else needs)


def shown(stored: Mapping[str, Any]) -> dict[str, Any]:
    """An object as GET answers it."""
    return readable(Object(), stored)


def summary(stored: Mapping[str, Any]) -> dict[str, Any]:
    """An object as a list shows it."""
    return readable(ObjectSummary(), stored)


def new_object(object_id: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """A new object's document; the caller is its owner and only member."""
    owner = {"role": "owner", "name": caller().name, "joined_at": SERVER_TIMESTAMP}
    return {
        "description": "",
        "rulesets": [],
        "collections": [],
        "tags": [],
        "visibility": "private",
        "is_template": False,
        **given,
        "id": object_id,
        "user_id": caller().uid,
        "trashed": False,
        "transfer_to": None,
        "members": {caller().uid: owner},
        "readers": [caller().uid],
        "created_at": SERVER_TIMESTAMP,
        **changed(),
    }
