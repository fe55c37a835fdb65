"""The objects function: finished work in the library, for every tool and for whoever may see it.

    POST   /api/objects/promote        201 the project became an object · 200 it was one, and is up to date
    POST   /api/objects                201 created · 200 created before (the id is the client's) · 409
    GET    /api/objects                200 a page of summaries, most recently changed first
    GET    /api/objects/{id}           200 · 304 · 404
    PATCH  /api/objects/{id}           200 stored, with its ETag · 404 · 412 somebody saved since (If-Match)
    DELETE /api/objects/{id}           204 in the trash for 30 days · 403 · 412
    POST   /api/objects/{id}/undelete  200 out of it again
    POST   /api/objects/{id}/open      200 it is a draft in its tool now

Who may touch which object is decided by firestore.rules, not here.
"""

import uuid
from typing import Any

from google.cloud.firestore import FieldFilter
from werkzeug.exceptions import UnprocessableEntity

from shared.answer import Answer, Document, saved_response
from shared.call import Call
from shared.create import create, created_before
from shared.firestore.commit import retry_on_conflict
from shared.firestore.field_paths import field_paths, without_nulls
from shared.firestore.page import page
from shared.firestore.subject import read_existing
from shared.firestore.values import content
from shared.http.body import Blueprint, body, described_as
from shared.http.function import function
from shared.objects.document import (
    COLLECTION,
    new_object,
    project_created_at,
    shown,
    summary,
    the_object,
    with_project_created_at,
)
from shared.objects.open import open_as_draft
from shared.objects.promote import promote_project
from shared.projects.trash import out_of_trash, put_into_trash
from shared.schemas.object import (
    NewObject,
    Object,
    ObjectPage,
    ObjectQuery,
    ObjectSummary,
    OpenedObject,
    OpenObject,
    Promoted,
    Promotion,
    SavedObject,
)
from shared.schemas.strict import schema_of
from shared.sharing.document import document_write_fields
from shared.write import update

routes = Blueprint("objects", __name__, url_prefix="/api/objects", description="Finished work, in the library")
TAKEN_OR_HIDDEN = "The id is taken, or the project that it is to be visible to is not yours to read."
SUMMARY = [name for name in schema_of(ObjectSummary).fields if name != "damaged"]


@routes.post("/promote")
@routes.arguments(Promotion)
@routes.response(201, Promoted)
@routes.alt_response(200, schema=Promoted, description="The project had an object; it is up to date.")
def promote(call: Call, sent: dict[str, Any]) -> Answer:
    """Make a project an object of the library. Repeated, by however many clients, it reaches the same object."""
    return retry_on_conflict(lambda: promote_project(call, **sent))


@routes.post("")
@routes.arguments(NewObject)
@routes.response(201, Object)
@routes.alt_response(200, schema=Object, description="It was created before, by this caller, under this id.")
def create_object(call: Call, sent: dict[str, Any]) -> Answer:
    """Put an object into the library that no project stands behind."""
    call.may_publish(sent)
    object_id = sent.pop("id", None) or str(uuid.uuid4())
    subject, document = (
        the_object(call, object_id),
        new_object(call, object_id, without_nulls(with_project_created_at(call, sent))),
    )
    return create(subject, document) or created_before(call, subject, TAKEN_OR_HIDDEN)


@routes.get("")
@routes.arguments(ObjectQuery, location="query")
@routes.response(200, ObjectPage)
def list_objects(call: Call, sent: dict[str, Any]) -> Answer:
    """Objects without their content: the caller's own and shared ones, or all `public` ones, by `type` if that is said.

    Or those visible to a `project`, or the caller's own in the trash (`trashed`).
    """
    cursor, kind = sent.pop("cursor", None), sent.pop("type", None)
    sent = {name: value for name, value in sent.items() if value}
    if len(sent) > 1 or (kind and sent.keys() - {"public"}):
        raise UnprocessableEntity(f"Found {', '.join(sorted(sent))}: use one at a time, `type` alone or with `public`.")
    wanted = call.db.collection(COLLECTION).where(filter=FieldFilter("trashed", "==", sent.get("trashed", False)))
    for condition in _whose(call, sent) + ([("type", "==", kind)] if kind else []):
        wanted = wanted.where(filter=FieldFilter(*condition))
    found, more = page(wanted, SUMMARY, cursor)
    return {"objects": [summary(content(snapshot)) for snapshot in found]} | more


def _whose(call: Call, sent: dict[str, Any]) -> list[tuple[str, str, Any]]:
    """What the rules can prove about a list: a positive equality on a field that is always there."""
    if sent.get("public"):
        return [("visibility", "==", "public")]
    if sent.get("trashed"):
        return [("user_id", "==", call.caller.uid)]
    if place := sent.get("project"):
        collection, _, project_id = place.partition("/")
        return [
            ("visibility", "==", "project"),
            ("project_collection", "==", collection),
            ("project_id", "==", project_id),
            ("project_created_at", "==", project_created_at(call, collection, project_id)),
        ]
    return [("readers", "array_contains", call.caller.uid)]


@routes.get("/<id:object_id>")
@routes.response(200, Object)
def get_object(call: Call, object_id: str) -> Answer:
    """An object with all that it holds."""
    snapshot = read_existing(the_object(call, object_id))
    return Document(shown(content(snapshot)), snapshot.update_time)


@routes.patch("/<id:object_id>")
@routes.doc(**described_as(Object))
@routes.response(200, SavedObject)
def change_object(call: Call, object_id: str) -> Answer:
    """Store just the leaves sent, in one write and without a read."""
    sent = body(schema_of(Object, partial=True))
    call.may_publish(sent)
    subject = the_object(call, object_id, changing=sent)
    return saved_response(
        call, update(call, subject, field_paths(with_project_created_at(call, sent)) | document_write_fields(call))
    )


@routes.delete("/<id:object_id>")
@routes.response(204)
def delete_object(call: Call, object_id: str) -> Answer:
    """Put an object into the trash, which is emptied after 30 days. Repeated, it stays there."""
    return put_into_trash(call, the_object(call, object_id, needs="owner"), document_write_fields(call))


@routes.post("/<id:object_id>/undelete")
@routes.response(200, SavedObject)
def undelete_object(call: Call, object_id: str) -> Answer:
    """Take an object out of the trash."""
    return out_of_trash(call, the_object(call, object_id, needs="owner"), document_write_fields(call))


@routes.post("/<id:object_id>/open")
@routes.arguments(OpenObject)
@routes.response(200, OpenedObject)
def open_object(call: Call, sent: dict[str, Any], object_id: str) -> Answer:
    """Open an object as a new draft in its tool. A draft that is there already becomes a project of its own."""
    return retry_on_conflict(lambda: open_as_draft(call, object_id, **sent))


objects = function(routes)
