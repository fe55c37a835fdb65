"""What a session holds beside its tools' states: lists of objects, and the devices.

    GET    /api/session/{list}               200 clipboard, recently_viewed or pinned_objects, newest first
    DELETE /api/session/{list}               200 emptied
    PUT    /api/session/{list}/{object_id}   200 at the front now
    DELETE /api/session/{list}/{object_id}   200 taken out
    GET    /api/session/devices              200 where the person works
    DELETE /api/session/devices/{device_id}  200 out of the registry

Part of the session function; who may touch which session is decided by firestore.rules, not here.
"""

from google.cloud.firestore import DELETE_FIELD, ArrayRemove

from shared.answer import Answer, saved_response
from shared.call import Call
from shared.firestore.commit import ATTEMPTS, retry_on_conflict
from shared.firestore.values import content
from shared.http.body import Blueprint
from shared.objects.lists import add, resolved
from shared.schemas.session import LISTS, DeviceList, ObjectList, Saved
from shared.session.document import own_session, require_active, save_session, shown

beside = Blueprint(
    "session lists", __name__, url_prefix="/api/session", description="What a session holds beside its tools"
)
LIST = f"/<any({','.join(LISTS)}):name>"


@beside.get("/devices")
@beside.response(200, DeviceList)
def get_devices(call: Call) -> Answer:
    """Where the person works, by the id of each device."""
    return {"devices": shown(content(require_active(own_session(call).get())))["devices"]}


@beside.delete("/devices/<id:device_id>")
@beside.response(200, Saved)
def end_device(call: Call, device_id: str) -> Answer:
    """Take a device out of the registry. Nobody's work is touched; the device comes back when it opens the session."""
    return save_session(call, {("devices", device_id): DELETE_FIELD})


@beside.get(LIST)
@beside.response(200, ObjectList)
def get_list(call: Call, name: str) -> Answer:
    """One of the lists, newest first, with the objects that are the caller's to read."""
    snapshot = require_active(own_session(call).get())
    return resolved(call, shown(content(snapshot))[name])


@beside.delete(LIST)
@beside.response(200, Saved)
def clear_list(call: Call, name: str) -> Answer:
    """Empty one of the lists."""
    return save_session(call, {name: []})


@beside.put(f"{LIST}/<id:object_id>")
@beside.response(200, Saved)
def add_to_list(call: Call, name: str, object_id: str) -> Answer:
    """Put an object at the front of one of the lists. What the caller's If-Match asks is not asked twice."""
    return saved_response(
        call, retry_on_conflict(lambda: add(call, name, object_id), attempts=1 if call.if_match else ATTEMPTS)
    )


@beside.delete(f"{LIST}/<id:object_id>")
@beside.response(200, Saved)
def remove_from_list(call: Call, name: str, object_id: str) -> Answer:
    """Take an object out of one of the lists."""
    return save_session(call, {name: ArrayRemove([object_id])})
