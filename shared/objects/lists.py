"""The session's lists of objects: read with the objects resolved, and added to without ever being refused."""

import contextvars
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from google.api_core.exceptions import PermissionDenied
from google.cloud.firestore import ArrayRemove, ArrayUnion, DocumentSnapshot

from shared.call import Call
from shared.firestore.commit import commit
from shared.firestore.subject import explained_by
from shared.firestore.values import content
from shared.objects.document import object_ref, summary
from shared.schemas.object import ObjectSummary
from shared.schemas.session import LISTS
from shared.schemas.strict import schema_of
from shared.session.document import own_session

FIELDS = [name for name in schema_of(ObjectSummary).fields if name != "damaged"]


def resolved(call: Call, ids: Sequence[str]) -> dict[str, Any]:
    """The objects of these ids in one RPC; by parallel gets where one may not be read, which denies them all."""
    refs = [object_ref(call, object_id) for object_id in ids]
    try:
        found: list[DocumentSnapshot] = list(call.db.get_all(refs, field_paths=FIELDS)) if refs else []
    except PermissionDenied:
        with ThreadPoolExecutor(8) as pool:  # each in this request's context: its caller, its count of operations
            gets = [pool.submit(contextvars.copy_context().run, _get, call, object_id) for object_id in ids]
            found = [snapshot for get in gets if (snapshot := get.result())]
    objects = {snapshot.id: summary(content(snapshot)) for snapshot in found if snapshot.exists}
    shown = [objects[object_id] for object_id in ids if object_id in objects]
    return {"ids": list(ids), "objects": shown, "missing": [i for i in ids if i not in objects]}


def _get(call: Call, object_id: str) -> DocumentSnapshot | None:
    try:
        return object_ref(call, object_id).get(FIELDS)
    except PermissionDenied:
        return None


def add(call: Call, name: str, object_id: str) -> datetime:
    """Put an object at the front without reading the list, so that two tabs that add at once do not collide.

    The rules allow 1,000 entries; where they refuse one more, the list is trimmed to what is shown, with it in front.
    """
    batch, session = call.db.batch(), own_session(call)
    ref = session.ref
    batch.update(ref, {name: ArrayRemove([object_id])}, option=call.if_unchanged())
    batch.update(ref, {name: ArrayUnion([object_id])} | call.session_write_fields())
    try:
        with explained_by(session):
            return commit(batch)[-1].update_time  # type: ignore[no-any-return]
    except PermissionDenied:
        snapshot = session.get()
        ids = content(snapshot).get(name)
        if not isinstance(ids, list) or len(ids) < 1_000:
            raise
        newest = [*(i for i in ids if i != object_id), object_id][-LISTS[name] :]
        batch = call.db.batch()
        batch.update(
            ref,
            {name: newest} | call.session_write_fields(),
            option=call.db.write_option(last_update_time=snapshot.update_time),
        )
        with explained_by(session):
            return commit(batch, snapshot)[-1].update_time  # type: ignore[no-any-return]
