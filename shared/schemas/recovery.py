"""A client's backup of what it could not store, and what became of it."""

from marshmallow import fields, validate

from shared.schemas.conflict import OpenConflict
from shared.schemas.session import KeptAs, Session
from shared.schemas.strict import Schema, Timestamp, free_map, identifier, text
from shared.schemas.tools import TOOLS

ANSWERS = ("exact", "matched", "new", "session", "default", "other_user")


class Backup(Schema):
    """What a client kept of one tool's work. It is read as far as it can be, and what cannot be read is kept, too."""

    tool = fields.String(validate=validate.OneOf(TOOLS))
    state = free_map()  # in the spelling of a draft or of a project's state
    base = free_map()  # the state that was last stored, on which this one is based
    attempts = fields.List(free_map())  # the last three saves on that base without an answer: one may have been stored
    attempt_ids = fields.List(text(128))  # their X-Save-Ids, and this backup's: all of a writer's begin alike
    save_id = text(128)  # its own: sent as X-Save-Id, too, it is recovered once
    etag = fields.String()  # of the document that it was stored in
    projectId = identifier()  # null: no project held it. Not there: nobody knows
    newProjectId = identifier()  # a UUID that the client chose for the project that this becomes if need be
    formerProjectId = identifier()  # what that was before a guest's work went to this account
    timestamp = Timestamp()  # when the state was last changed
    userId = fields.String()  # whose it is; none, or "anonymous": whoever asks
    raw = fields.String()  # instead of a state: a text that the client could not parse


class Recovered(Schema):
    """What became of a backup and why, and with what to go on."""

    recovered = fields.String(validate=validate.OneOf(ANSWERS))
    action = fields.String()  # what was done with its state: none, replace, merge, overwrite, keep_as_save, create
    why = fields.String()  # a sentence for people
    tool = fields.String()
    session = fields.Nested(Session)
    session_etag = fields.String()
    project = fields.Dict(keys=fields.String())  # the one to go on with, with its state
    project_etag = fields.String()
    conflicts = fields.List(fields.Nested(OpenConflict))  # all that are open where the person goes on
    edits_kept = fields.List(fields.String())  # where the backup deleted what was edited meanwhile: the edit stands
    kept_as = fields.List(fields.Nested(KeptAs))  # the saves that keep what is not in the state now
    unreadable = fields.List(fields.String())  # field paths of the backup
