"""Opening a session: resumed where it is alive, begun where none is, begun afresh where it expired or is damaged."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from google.cloud.firestore import DELETE_FIELD, SERVER_TIMESTAMP, ArrayRemove, DocumentSnapshot

from shared.answer import as_stored
from shared.call import Call
from shared.drafts import OPEN_CONFLICTS
from shared.firestore.commit import commit
from shared.firestore.field_paths import FieldPaths
from shared.firestore.subject import newer
from shared.firestore.values import content, split_damaged, wire
from shared.merge.conflicts import readable_entries
from shared.saves.document import in_brief, new_save
from shared.schemas.session import LISTS, Context, Session
from shared.schemas.strict import schema_of
from shared.schemas.tools import TOOLS
from shared.session.document import fresh, is_active, session_ref

MAX_DEVICES = 20
TWICE = timedelta(seconds=5)
CARRIED = {
    *TOOLS,
    *LISTS,
    *schema_of(Context).fields,
    "devices",
}  # what a repaired session takes over from the damaged one
SETTINGS = {"preferences", "pinned_objects"}  # what a session begun afresh takes over from the expired one


@dataclass(frozen=True)
class OpenedSession:
    """What is stored now, since when, and the saves that keep what was not resumed."""

    session: dict[str, Any]
    update_time: datetime
    begun: bool
    kept_as: list[dict[str, Any]]


def open_session(call: Call, snapshot: DocumentSnapshot, sent: Mapping[str, Any]) -> OpenedSession:
    """One Commit that makes the session alive. Raises one of WRITE_CONFLICTS where somebody else was faster."""
    if conflict := newer(snapshot, "session"):
        raise conflict
    alive = is_active(snapshot)
    ref, stored, batch = snapshot.reference, content(snapshot), call.db.batch()
    healthy, damaged = split_damaged(schema_of(Session), stored)
    damaged += [name for name in ("session_id", "user_id") if snapshot.exists and stored.get(name) != call.caller.uid]
    devices = _with_this_one(call, healthy.get("devices", {}), sent)
    kept_as: list[dict[str, Any]] = []
    if alive and not damaged:
        use = call.session_write_fields()
        now = stored | use | {"devices": devices}
        batch.update(ref, use | _device_paths(stored.get("devices", {}), devices) | _trimmed(stored))
    else:
        takes_over = (CARRIED if alive else SETTINGS) & healthy.keys()
        now = fresh(call) | {name: healthy[name] for name in takes_over} | ({"devices": devices} if devices else {})
        if snapshot.exists:
            kept_as = list(left_behind(call, stored, damaged, alive))
            for save in kept_as:
                batch.create(ref.collection(saves_of(save)).document(save["id"]), save)
            # Not delete and create: rules judge the second of two writes to a document as an update.
            batch.replace(ref, now, option=call.db.write_option(last_update_time=snapshot.update_time))
        else:
            batch.create(ref, now)
    update_time = commit(batch, snapshot)[-1].update_time
    brief = [in_brief(save) for save in kept_as]
    if kept_as and not alive:
        brief += _other_texts(healthy)
    return OpenedSession(as_stored(now, update_time), update_time, now["created_at"] is SERVER_TIMESTAMP, brief)


def _other_texts(left: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The saves that conflicts of the drafts name: with the session that expired, nothing shows them as open."""
    drafts = {tool: left.get(tool, {}).get(OPEN_CONFLICTS) for tool in TOOLS}
    return [
        {"id": entry["save_id"], "name": f"The other text of {entry['path']}", "tool": tool, "reason": "conflict"}
        for tool, entries in drafts.items()
        for entry in readable_entries(entries)
    ]


def active_session(call: Call) -> DocumentSnapshot:
    """The caller's session; begun, or begun afresh, where it is not there, expired or damaged. Raises as `opened`."""
    session = session_ref(call).get()
    if not is_active(session) or split_damaged(schema_of(Session), content(session))[1]:
        open_session(call, session, {})
        session = session_ref(call).get()
    return session


def _with_this_one(call: Call, devices: dict[str, Any], sent: Mapping[str, Any]) -> dict[str, Any]:
    """The registry with the device that asks as its newest entry, and without the oldest beyond 20."""
    this = call.device
    if not this:
        return devices
    if this in devices:
        note_duplicate(call, devices[this], sent)
    known = {"first_seen": SERVER_TIMESTAMP, "platform": "web"} | devices.get(
        this, {}
    )  # a PATCH may have noted it first
    seen = {
        "user_agent": call.user_agent,
        "ip_address": call.ip_address,
        "last_seen": SERVER_TIMESTAMP,
    }
    others = sorted((d for d in devices if d != this), key=lambda d: wire(devices[d].get("last_seen")) or "")
    return {d: devices[d] for d in others[1 - MAX_DEVICES :]} | {this: known | dict(sent) | seen}


def note_duplicate(call: Call, known: Mapping[str, Any], sent: Mapping[str, Any]) -> None:
    """For the log: a device id that two devices seem to share, or a session that is opened twice within seconds."""
    agent = call.user_agent
    last_seen = known.get("last_seen")
    platform = known.get("platform", sent.get("platform"))
    if known.get("user_agent", agent) != agent or sent.get("platform", platform) != platform:
        call.facts.update({"event": "duplicate_device"})
    elif isinstance(last_seen, datetime) and datetime.now(UTC) - last_seen < TWICE:
        call.facts.update({"event": "session_opened_twice"})


def _device_paths(before: Mapping[str, Any], now: Mapping[str, Any]) -> FieldPaths:
    changed = {d: now.get(d, DELETE_FIELD) for d in before.keys() | now.keys() if before.get(d) != now.get(d)}
    return {("devices", device): entry for device, entry in changed.items()}


def _trimmed(stored: Mapping[str, Any]) -> dict[str, Any]:
    """The lists' oldest entries beyond what is shown, taken out one by one, so that an add meanwhile is not lost."""
    surplus = {name: stored.get(name, [])[:-most] for name, most in LISTS.items()}
    return {name: ArrayRemove(ids) for name, ids in surplus.items() if ids}


def saves_of(save: Mapping[str, Any]) -> str:
    """The subcollection of a session where this save belongs."""
    tool = TOOLS.get(save.get("tool", ""))
    return tool.saves if tool else "tool_saves"


def left_behind(call: Call, stored: Mapping[str, Any], damaged: list[str], alive: bool) -> Iterator[dict[str, Any]]:
    """The old content as saves: one for each tool's map, one for the rest; of a living session only what is damaged."""
    hurt = {path.split(".")[0] for path in damaged}
    wanted = {name: value for name, value in stored.items() if name in hurt or (name in CARRIED and not alive)}
    reason = "quarantine" if damaged else "expired"
    name = f"{datetime.now(UTC):%Y-%m-%d}, {reason}"
    for tool in TOOLS.keys() & wanted.keys():
        state = wanted.pop(tool)
        state = state if isinstance(state, Mapping) else {tool: state}
        work = {field: value for field, value in state.items() if field != OPEN_CONFLICTS or hurt}
        yield new_save(call, TOOLS[tool], name, reason, work)
    if any(wanted.values()):
        yield new_save(call, None, name, reason, wanted)
