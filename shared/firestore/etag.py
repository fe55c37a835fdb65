"""If-Match <-> preconditions; ETag <-> update time, with all its digits.

No locks: a write carries the update time that its author saw, and Firestore refuses it if anybody wrote since.
"""

import re
from datetime import datetime

from google.api_core.datetime_helpers import DatetimeWithNanoseconds
from werkzeug.exceptions import BadRequest

_TAG = re.compile(r'(?:W/)?"([^"]+)"')  # a proxy that compresses makes the tag weak


def etag(update_time: datetime) -> str:
    """The ETag header's value for a document of this update time."""
    return f'"{update_time.rfc3339()}"'  # type: ignore[attr-defined]


def update_time(tag: str) -> DatetimeWithNanoseconds:
    """The update time that an ETag stands for. Raises ValueError where it is none of ours."""
    found = _TAG.fullmatch(tag.strip())
    seen: DatetimeWithNanoseconds = DatetimeWithNanoseconds.from_rfc3339(found[1] if found else "")
    return seen


def if_match(sent: str | None) -> DatetimeWithNanoseconds | None:
    """The update time that an If-Match header asks for. Raises 400 where it is not one of our ETags."""
    if sent is None or sent.strip() == "*":  # `*`: any version, but there must be one; every update asks that
        return None
    try:
        return update_time(sent)
    except ValueError as error:
        raise BadRequest(
            f"If-Match is {sent!r}, which is no ETag of ours: send back one that an answer carried."
        ) from error
