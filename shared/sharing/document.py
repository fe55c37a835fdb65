"""What projects and objects have in common: an owner, members, the trash, and what every write to them carries."""

from collections.abc import Mapping
from typing import Any

from google.cloud.firestore import SERVER_TIMESTAMP

from shared.call import Call


def new_document(call: Call, document_id: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """A new document with these fields; the caller is its owner and only member."""
    owner = {"role": "owner", "name": call.caller.name, "joined_at": SERVER_TIMESTAMP}
    return {
        **given,
        "id": document_id,
        "user_id": call.caller.uid,
        "trashed": False,
        "transfer_to": None,
        "members": {call.caller.uid: owner},
        "readers": [call.caller.uid],
        "created_at": SERVER_TIMESTAMP,
        **document_write_fields(call),
    }


def document_write_fields(call: Call) -> dict[str, Any]:
    """What every write to a project or object carries."""
    return {"updated_at": SERVER_TIMESTAMP, **call.write_fields()}
