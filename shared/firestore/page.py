"""Lists a page at a time: one query, 50 documents and one more that tells whether there is a next page."""

import base64
import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from google.api_core.datetime_helpers import DatetimeWithNanoseconds
from google.cloud.firestore import DocumentSnapshot, Query
from werkzeug.exceptions import UnprocessableEntity

from shared.firestore.storable import MAX_DEPTH, unstorable
from shared.firestore.values import wire

PAGE = 50  # the rules allow a limit of 51


def page(
    query: Any, summary: Sequence[str], cursor: str | None, by: str = "updated_at"
) -> tuple[list[DocumentSnapshot], dict[str, str]]:
    """The documents of one page, newest first `by` a time of theirs, and `next` if there are more. One RunQuery.

    `summary` names the fields that are read. Raises 422 for a cursor that no page gave.
    """
    return page_of_all([query], summary, cursor, by)


def page_of_all(
    queries: Iterable[Any], summary: Sequence[str], cursor: str | None, by: str
) -> tuple[list[DocumentSnapshot], dict[str, str]]:
    """One page of what several queries find together."""
    found: list[DocumentSnapshot] = []
    for query in queries:
        ordered = query.order_by(by, direction=Query.DESCENDING).order_by("__name__", direction=Query.DESCENDING)
        if cursor:
            at, name = _position(cursor)
            ordered = ordered.start_after({by: at, "__name__": name})
        several = bool(found)
        found += ordered.select(summary).limit(PAGE + 1).stream()
        if several:
            found.sort(key=lambda snapshot: (str(wire(snapshot.get(by))), snapshot.id), reverse=True)
    return found[:PAGE], {"next": _cursor(found[PAGE - 1], by)} if len(found) > PAGE else {}


def _cursor(last: DocumentSnapshot, by: str) -> str:
    at: Any = last.get(by)
    place = (
        {"at": at.rfc3339()} if isinstance(at, DatetimeWithNanoseconds) else {"odd": wire(at)}
    )  # one bad document ends no list
    return base64.urlsafe_b64encode(json.dumps(place | {"id": last.id}).encode()).decode()


def _position(cursor: str) -> tuple[Any, str]:
    try:
        place = json.loads(base64.urlsafe_b64decode(cursor))
        if any(unstorable(place, MAX_DEPTH)):
            raise ValueError("Firestore has no such values")
        at = DatetimeWithNanoseconds.from_rfc3339(place["at"]) if "at" in place else place["odd"]
        return at, document_id(place["id"])
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise UnprocessableEntity("Unknown cursor: send the `next` value of the previous page.") from error


def document_id(name: Any) -> str:
    """The same name. Raises ValueError where Firestore has no such id.

    Others may have written documents under ids that we would refuse.
    """
    if not isinstance(name, str) or not 0 < len(name.encode()) <= 1_500:
        raise ValueError("an id has 1 to 1,500 bytes")
    if "/" in name or name in (".", "..") or re.fullmatch("__.*__", name, re.DOTALL):
        raise ValueError("Firestore keeps this name for itself")
    return name
