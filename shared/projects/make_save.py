"""Making a save beside a session or a project, under an id that the client chose: repeated, it finds that save."""

from collections.abc import Mapping
from typing import Any

from google.api_core.exceptions import AlreadyExists, PermissionDenied
from google.cloud.firestore import DocumentReference, DocumentSnapshot
from werkzeug.exceptions import Conflict

from shared.answer import Document, as_stored
from shared.call import Call
from shared.firestore.commit import commit
from shared.firestore.etag import etag
from shared.firestore.field_paths import without_nulls
from shared.firestore.subject import ID_TAKEN, explained_by
from shared.firestore.values import content
from shared.merge import same
from shared.projects.home import Home
from shared.saves.document import new_save, summary


def make_save(home: Home, sent: Mapping[str, Any]) -> Document:
    """201 with the save of the state that was sent, or of the one that is stored; 200 where it is there already.

    Raises 409 where another save has its id.
    """
    state = without_nulls(sent["state"]) if "state" in sent else home.current
    call = home.call
    save = new_save(call, home.tool, sent["name"], sent["reason"], state, home.created_at) | {"id": sent["id"]}
    ref, batch = home.saves.document(save["id"]), call.db.batch()
    batch.create(ref, save)
    try:
        with explained_by(home.subject):
            written = commit(batch, home.snapshot)[0].update_time
    except (AlreadyExists, PermissionDenied):  # a save never changes: the rules refuse to write it again
        if (there := _made_before(call, ref)) is None:
            raise
        if not _is_it(content(there), save, whole="state" in sent):
            raise Conflict("The id is taken by another save: choose another random id.") from None
        return _answer(content(there), there.update_time, 200)
    return _answer(as_stored(save, written), written, 201)


def _made_before(call: Call, ref: DocumentReference) -> DocumentSnapshot | None:
    try:
        found = ref.get()
    except PermissionDenied:  # so a missing one is answered beside a project
        return None
    if found.exists and content(found).get("created_by") != call.caller.uid:
        raise Conflict(ID_TAKEN)
    return found if found.exists else None


def _is_it(kept: Mapping[str, Any], save: Mapping[str, Any], whole: bool) -> bool:
    """Whether what is kept is this save. What was stored then, where no state is sent, may have changed since."""
    named = ("name", "tool", "reason", "state") if whole else ("name", "tool", "reason")
    return all(same(kept.get(name), save[name]) for name in named)


def _answer(save: Mapping[str, Any], update_time: Any, status: int) -> Document:
    return Document(summary(save) | {"etag": etag(update_time)}, update_time, status)
