"""The objects function: finished work in the library.

    POST /api/objects/promote    201 the project became an object · 200 it was one, now up to date · 404 · 409
    GET  /api/objects            200 a page of summaries, most recently changed first
    GET  /api/objects/{id}       200 · 304 · 404

Who may touch which object is decided by firestore.rules, not here.
"""

import uuid
from typing import Any

from flask import Response, jsonify
from google.api_core.exceptions import PermissionDenied
from google.cloud.firestore import ArrayRemove, ArrayUnion, DocumentSnapshot, FieldFilter, WriteBatch

from shared.answer import representation, settled
from shared.caller import caller, db, touched
from shared.conditional import etag
from shared.function import function
from shared.json_body import Blueprint
from shared.objects import COLLECTION, new_object, object_ref, shown, summary, the_object
from shared.page import page
from shared.projects import changed, existing, the_project
from shared.promotion import as_base, changes, object_of_card
from shared.race import commit, repeated
from shared.reading import content
from shared.schemas.object import Object, ObjectPage, ObjectQuery, ObjectSummary, Promoted, Promotion
from shared.schemas.tools import TOOLS
from shared.session import is_alive, session_ref
from shared.user_firestore import TIMEOUT

routes = Blueprint("objects", __name__, url_prefix="/api/objects", description="Finished work, in the library")
SUMMARY = [name for name in ObjectSummary().fields if name != "damaged"]


@routes.post("/promote")
@routes.arguments(Promotion)
@routes.response(201, Promoted)
@routes.alt_response(
    200, schema=Promoted, description="The project had an object: it has the project's newer edits now."
)
def promote(sent: dict[str, Any]) -> Response:
    """Make a project an object of the library. Repeated, by however many clients, it reaches the same object."""
    return repeated(lambda: _promote(sent))


def _promote(sent: dict[str, Any]) -> Response:
    ref = the_project(TOOLS[sent["tool"]], sent["project_id"])
    found = {snapshot.reference.path: snapshot for snapshot in db().get_all([ref, session_ref()], timeout=TIMEOUT)}
    project, session = existing(found[ref.path]), found[session_ref().path]
    stored = content(project)
    given = object_of_card(stored, sent["ruleset"])
    origin = {
        "project_id": ref.id,
        "project_collection": ref.parent.id,
        "version": etag(project.update_time),
        "base": as_base(given),
    }
    if before := _object_of(stored):
        return _bring_up_to_date(before, given, origin, project, session)
    object_id = stored.get("object_id") or sent.get("object_id") or str(uuid.uuid4())
    document = new_object(object_id, given | {"rulesets": [sent["ruleset"]], "origin": origin})
    batch = db().batch()
    batch.create(object_ref(object_id), document)
    unchanged = db().write_option(last_update_time=project.update_time)
    batch.update(ref, {"object_id": object_id} | changed(), option=unchanged)
    _view(batch, session, object_id)
    written = commit(batch, project)
    promoted = shown(settled(document, written[0].update_time)) | {"project_etag": etag(written[1].update_time)}
    return representation(promoted, written[0].update_time, 201)


def _object_of(project: dict[str, Any]) -> DocumentSnapshot | None:
    """The object that the project became, unless it is gone: then it is made again under the same id."""
    if not project.get("object_id"):
        return None
    try:
        snapshot = object_ref(project["object_id"]).get(timeout=TIMEOUT)
    except PermissionDenied:
        return None
    return snapshot if snapshot.exists else None


def _bring_up_to_date(
    before: DocumentSnapshot,
    given: dict[str, Any],
    origin: dict[str, str],
    project: DocumentSnapshot,
    session: DocumentSnapshot,
) -> Response:
    """Only what changed in the project since the last promotion: what was edited in the library meanwhile stays."""
    batch, stored = db().batch(), content(before)
    edits = changes((stored.get("origin") or {}).get("base", "{}"), given)
    if edits:
        unchanged = db().write_option(last_update_time=before.update_time)
        batch.update(before.reference, edits | {"origin": origin} | changed(), option=unchanged)
    _view(batch, session, before.id)
    if len(batch):
        commit(batch, before)
    now = existing(before.reference.get(timeout=TIMEOUT)) if edits else before
    promoted = shown(content(now)) | {"project_etag": etag(project.update_time)}
    return representation(promoted, now.update_time)


def _view(batch: WriteBatch, session: DocumentSnapshot, object_id: str) -> None:
    """Put the object at the front of what was viewed recently, where there is a session that lives."""
    if is_alive(session):
        batch.update(session.reference, {"recently_viewed": ArrayRemove([object_id])})
        batch.update(session.reference, {"recently_viewed": ArrayUnion([object_id])} | touched())


@routes.get("")
@routes.arguments(ObjectQuery, location="query")
@routes.response(200, ObjectPage)
def list_objects(sent: dict[str, Any]) -> Response:
    """The objects that the caller is a member of, without their content."""
    wanted = db().collection(COLLECTION).where(filter=FieldFilter("readers", "array_contains", caller().uid))
    wanted = wanted.where(filter=FieldFilter("trashed", "==", False))
    found, more = page(wanted, SUMMARY, sent.get("cursor"))
    return jsonify({"objects": [summary(content(snapshot)) for snapshot in found]} | more)


@routes.get("/<id:object_id>")
@routes.response(200, Object)
def get_object(object_id: str) -> Response:
    """An object with all that it holds."""
    snapshot = existing(the_object(object_id).get(timeout=TIMEOUT))
    return representation(shown(content(snapshot)), snapshot.update_time)


objects = function(routes)
