"""Carrying a promotion out: one read of the project and the session, one Commit, the same object every time."""

import uuid
from typing import Any

from google.api_core.exceptions import PermissionDenied
from google.cloud.firestore import ArrayRemove, ArrayUnion, DocumentReference, DocumentSnapshot
from werkzeug.exceptions import Conflict, Forbidden

from shared.answer import Document, as_stored
from shared.call import Call
from shared.firestore.batch import Batch
from shared.firestore.commit import commit
from shared.firestore.etag import etag
from shared.firestore.subject import ID_TAKEN, Subject, explained_by, in_trash, newer, read_existing
from shared.firestore.subject import require_existing as found_in
from shared.firestore.values import content, split_damaged
from shared.objects.document import new_object, object_ref, readable_object, shown, the_object
from shared.projects.document import the_project
from shared.projects.promotion import as_base, changes, object_of
from shared.schemas.object import Object
from shared.schemas.project import project_schema
from shared.schemas.strict import schema_of
from shared.schemas.tools import TOOLS
from shared.session.document import is_active, session_ref
from shared.sharing.document import document_write_fields
from shared.sharing.roles import role_of


def promote_project(call: Call, project_id: str, tool: str, ruleset: str, object_id: str | None = None) -> Document:
    """201 with the new object, or 200 with the one that the project became before, brought up to date.

    An editor's promotion makes an object of their own, under an id that only they can take. Raises one of
    WRITE_CONFLICTS where somebody was faster.
    """
    subject = the_project(call, TOOLS[tool], project_id)
    with explained_by(subject):
        return _promoted(call, subject, tool, ruleset, object_id)


def _promoted(call: Call, subject: Subject, tool: str, ruleset: str, object_id: str | None) -> Document:
    ref = subject.ref
    found = {snapshot.reference.path: snapshot for snapshot in call.db.get_all([ref, session_ref(call)])}
    project, session = found_in(subject, found[ref.path]), found[session_ref(call).path]
    stored = split_damaged(schema_of(project_schema(TOOLS[tool])), content(project))[0]
    if (role := role_of(call, stored)) not in ("owner", "editor"):
        raise Forbidden(f"You may read this project as its {role}; promoting it needs the role editor or owner.")
    if stored.get("trashed"):
        raise in_trash("project")
    if conflict := newer(project, "project"):
        raise conflict
    place = {"project_id": ref.id, "project_collection": ref.parent.id}
    tied = place | {"project_created_at": stored.get("created_at")}
    given = object_of(TOOLS[tool], stored, ruleset)
    given_by = {"origin": place | {"version": etag(project.update_time), "base": as_base(given)}}
    own = role == "owner"
    known = stored.get("object_id") if own else call.derived_id(ref.id)
    if (before := readable_object(call, known)) and content(before).get("trashed") is True:
        raise in_trash("object that it was promoted to")
    if before:
        return _brought_up_to_date(call, before, given, given_by, ruleset, project, session)
    new = object_ref(call, known or object_id or str(uuid.uuid4()))
    document = new_object(call, new.id, tied | given | given_by | {"rulesets": [ruleset]})
    return _created(call, new, document, project, session, own)


def _created(
    call: Call,
    new: DocumentReference,
    document: dict[str, Any],
    project: DocumentSnapshot,
    session: DocumentSnapshot,
    own: bool,
) -> Document:
    batch = call.db.batch()
    batch.create(new, document)
    if own:
        unchanged = call.db.write_option(last_update_time=project.update_time)
        batch.update(project.reference, {"object_id": new.id} | document_write_fields(call), option=unchanged)
    _view(call, batch, session, new.id)
    try:
        written = commit(batch, project)
    except PermissionDenied as error:
        if split_damaged(schema_of(project_schema(TOOLS[content(project)["tool"]])), content(project))[1]:
            raise  # the project is damaged: the refusal says so
        raise Conflict(ID_TAKEN) from error
    project_etag = etag(written[1].update_time if own else project.update_time)
    object_now = shown(as_stored(document, written[0].update_time)) | {"project_etag": project_etag}
    return Document(object_now, written[0].update_time, 201)


def _brought_up_to_date(
    call: Call,
    before: DocumentSnapshot,
    given: dict[str, Any],
    given_by: dict[str, Any],
    ruleset: str,
    project: DocumentSnapshot,
    session: DocumentSnapshot,
) -> Document:
    """Only what changed in the project since the last promotion: what was edited in the library meanwhile stays."""
    batch, stored = call.db.batch(), split_damaged(schema_of(Object), content(before))[0]
    edits = changes(stored.get("origin", {}).get("base"), given, ruleset)
    if edits:
        unchanged = call.db.write_option(last_update_time=before.update_time)
        also = given_by | {"rulesets": ArrayUnion([ruleset])} | document_write_fields(call)
        batch.update(before.reference, edits | also, option=unchanged)
    _view(call, batch, session, before.id)
    if len(batch):
        with explained_by(the_object(call, before.id)):
            commit(batch, before)
    now = read_existing(the_object(call, before.id)) if edits else before
    return Document(shown(content(now)) | {"project_etag": etag(project.update_time)}, now.update_time)


def _view(call: Call, batch: Batch, session: DocumentSnapshot, object_id: str) -> None:
    """Put the object at the front of what was viewed recently, where there is a session that lives."""
    if is_active(session):
        batch.update(session.reference, {"recently_viewed": ArrayRemove([object_id])})
        batch.update(session.reference, {"recently_viewed": ArrayUnion([object_id])} | call.session_write_fields())
