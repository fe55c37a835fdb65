"""Object documents of the library: where they are, how they are shown, and how a new one begins."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from google.api_core.exceptions import PermissionDenied
from google.cloud.firestore import DocumentReference, DocumentSnapshot
from marshmallow import ValidationError
from werkzeug.exceptions import NotFound, UnprocessableEntity

from shared.call import Call
from shared.firestore.subject import Subject
from shared.firestore.values import content, readable
from shared.schemas.object import Object, ObjectSummary
from shared.schemas.strict import ID, schema_of
from shared.sharing.document import new_document

OWNERS = {"visibility", "is_template", "sharePermissions", "project_collection", "project_id"}  # the rules say so
EMPTY: dict[str, Any] = {
    "description": "",
    "rulesets": [],
    "collections": [],
    "tags": [],
    "visibility": "private",
    "is_template": False,
}
COLLECTION = "dungeonmind-objects"


def object_ref(call: Call, object_id: str) -> DocumentReference:
    """Where an object is."""
    return call.db.collection(COLLECTION).document(object_id)


def the_object(call: Call, object_id: str, changing: Collection[str] = (), needs: str = "editor") -> Subject:
    """The same, as the document that a request is about. Some of its fields are the owner's to change."""
    return Subject(object_ref(call, object_id), "object", shown, "owner" if OWNERS & set(changing) else needs)


def readable_object(call: Call, object_id: Any) -> DocumentSnapshot | None:
    """The object of this id; None if there is no such id, or nothing there that the caller may read."""
    try:
        snapshot = object_ref(call, str(ID(object_id))).get()
    except (ValidationError, TypeError, PermissionDenied):
        return None
    return snapshot if snapshot.exists else None


def shown(stored: Mapping[str, Any]) -> dict[str, Any]:
    """An object as GET answers it."""
    return readable(schema_of(Object), stored)


def summary(stored: Mapping[str, Any]) -> dict[str, Any]:
    """An object as a list shows it."""
    return readable(schema_of(ObjectSummary), stored)


def with_project_created_at(call: Call, sent: dict[str, Any]) -> dict[str, Any]:
    """The same fields, with when their project was created. One read where they name a project; raises 404 or 422.

    An id can be taken again when its project is gone. So an object is tied to this very project.
    """
    place = [sent.get("project_collection"), sent.get("project_id")]
    if not {"project_collection", "project_id"} & sent.keys():
        return sent
    if place == [None, None]:
        return sent | {"project_created_at": None}
    if None in place:
        raise UnprocessableEntity("A project is named by project_collection and project_id together.")
    return sent | {"project_created_at": project_created_at(call, *map(str, place))}


def project_created_at(call: Call, collection: str, project_id: str) -> datetime:
    """When a project that the caller may read was created. One read; raises 404."""
    try:
        found = call.db.collection(collection).document(project_id).get(["created_at"])
    except PermissionDenied as error:
        raise NotFound("There is no such project, or it is not yours to read.") from error
    return content(found)["created_at"]  # type: ignore[no-any-return]


def new_object(call: Call, object_id: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """A new object's document; the caller is its owner and only member."""
    return new_document(call, object_id, EMPTY | dict(given))
