"""What a request is answered, before it is HTTP: a document as its address shows it, and the receipt of a write."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from google.cloud.firestore import SERVER_TIMESTAMP

from shared.call import Call
from shared.firestore.etag import etag
from shared.firestore.values import wire


@dataclass(frozen=True)
class Document:
    """A document's representation, of which version it is, and the status that this is answered with."""

    shown: Mapping[str, Any] | None  # None: only that it was done
    update_time: datetime
    status: int = 200


Answer = Document | Mapping[str, Any] | None
"""A document; JSON that is none; or nothing, which is 204."""


def saved_response(call: Call, update_time: datetime, **more: Any) -> Document:
    """What was stored and when, so that the next save can say what it is based on."""
    told = {"etag": etag(update_time), "update_time": wire(update_time), **wire(more)}
    return Document(told | ({"save_id": call.save_id} if call.save_id else {}), update_time)


def as_stored(written: Any, update_time: datetime) -> Any:
    """What was written, as a read would now find it: the server's time, in whole ms, where SERVER_TIMESTAMP stood."""
    if isinstance(written, Mapping):
        return {name: as_stored(value, update_time) for name, value in written.items()}
    whole_ms = update_time.replace(microsecond=update_time.microsecond // 1000 * 1000)
    return whole_ms if written is SERVER_TIMESTAMP else written
