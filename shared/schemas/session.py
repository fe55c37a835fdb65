"""A session: what one person is working on, in every tool and on every device (EnhancedGlobalSession)."""

from marshmallow import fields, validate

from shared.schemas.object import ObjectSummary
from shared.schemas.object_parts import VISIBILITIES
from shared.schemas.signature import Signed, last_saves
from shared.schemas.strict import Boolean, Schema, Timestamp, identifier, text
from shared.schemas.tools import TOOLS

LISTS = {
    "clipboard": 50,
    "recently_viewed": 50,
    "pinned_objects": 200,
}  # list -> how many of the newest are shown


class Preferences(Schema):
    """GlobalSessionPreferences. What was never set reads as its default."""

    default_ai_model = text(200, dump_default="gpt-4o")
    auto_save_interval = fields.Integer(strict=True, validate=validate.Range(1, 3600), dump_default=30)  # seconds
    show_ai_confidence = Boolean(dump_default=True)
    enable_cross_tool_suggestions = Boolean(dump_default=True)
    theme = text(200, dump_default="light")
    language = text(200, dump_default="en")
    default_object_visibility = fields.String(validate=validate.OneOf(VISIBILITIES), dump_default="private")
    auto_share_with_world = Boolean(dump_default=False)
    notify_on_shared_updates = Boolean(dump_default=True)


class Device(Schema):
    """One place where the person works. The client names it by an id that it keeps (X-Device-Id)."""

    label = text(200)  # "Ada's laptop"
    platform = text(200)  # web unless the client says otherwise
    user_agent = text(1_000, dump_only=True)
    ip_address = text(100, dump_only=True)  # as the proxy in front of the function reports it: a hint, no proof
    current_tool = fields.String(dump_only=True, validate=validate.OneOf(TOOLS))
    active_project_id = identifier(dump_only=True)
    first_seen = Timestamp(dump_only=True)
    last_seen = Timestamp(dump_only=True)


class Context(Schema):
    """What PATCH /api/session changes: where the person is, and what they prefer."""

    current_tool = fields.String(validate=validate.OneOf(TOOLS), metadata={"never_null": True})
    active_world_id = text(128)  # opaque: worlds belong to another system
    active_project_id = identifier()
    preferences = fields.Nested(Preferences)


class Opening(Schema):
    """What PUT /api/session brings: the device it comes from, described as its owner would."""

    device = fields.Nested(Device)


class Session(
    Context,
    Signed,
    Schema.from_dict({tool.name: fields.Nested(tool.draft, dump_only=True) for tool in TOOLS.values()}),  # type: ignore[misc]
):
    """One document of `sessions`."""

    session_id = fields.String(dump_only=True)  # the owner's uid
    user_id = fields.String(dump_only=True)
    created_at = Timestamp(dump_only=True)
    last_accessed = Timestamp(dump_only=True)
    expires_at = Timestamp(dump_only=True)  # 30 days after the last use
    clipboard = fields.List(fields.String(), dump_only=True, dump_default=[])  # object ids, newest first
    recently_viewed = fields.List(fields.String(), dump_only=True, dump_default=[])
    pinned_objects = fields.List(fields.String(), dump_only=True, dump_default=[])
    devices = fields.Dict(keys=fields.String(), values=fields.Nested(Device), dump_only=True, dump_default={})
    last_saves = last_saves()
    transfer_to = fields.String(dump_only=True)  # the account that takes over what this guest leaves


class KeptAs(Schema):
    """A save that keeps what a session held before it expired, or what of it could not be read."""

    id = fields.String()
    name = fields.String()
    tool = fields.String()
    reason = fields.String()  # expired, quarantine


class Opened(Session):
    """The session as PUT answers it."""

    kept_as = fields.List(fields.Nested(KeptAs))  # only where it had to begin afresh


class SessionStatus(Schema.from_dict({f"has_{name}": Boolean() for name in TOOLS})):  # type: ignore[misc]
    """A glance at a session, without its content."""

    active = Boolean()  # false: there is none, or it has expired
    expires_at = Timestamp()
    last_accessed = Timestamp()
    current_tool = fields.String()
    active_world_id = fields.String()
    active_project_id = fields.String()
    clipboard_count = fields.Integer()
    recently_viewed_count = fields.Integer()
    pinned_objects_count = fields.Integer()
    damaged = fields.List(fields.String())


class Saved(Schema):
    """The receipt of a write: what the next If-Match should say."""

    etag = fields.String()  # as in the ETag header
    update_time = Timestamp()  # of the document, which the ETag tells too
    expires_at = Timestamp()  # of a session
    save_id = fields.String()  # as sent in X-Save-Id


class DeviceList(Schema):
    """The registry of devices."""

    devices = fields.Dict(keys=fields.String(), values=fields.Nested(Device))


class ObjectList(Schema):
    """One of the session's lists."""

    ids = fields.List(fields.String())  # newest first
    objects = fields.List(fields.Nested(ObjectSummary))  # of these, in the same order
    missing = fields.List(fields.String())  # the ids of objects that are gone, or not the caller's to read
