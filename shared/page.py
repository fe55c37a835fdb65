"""Lists a page at a time: one query, 50 documents and one more that tells whether there is a next page."""

import base64
import json
from collections.abc import Sequence
from typing import Any

from google.api_core.datetime_helpers import DatetimeWithNanoseconds
from google.cloud.firestore import DocumentSnapshot, Query
from marshmallow import ValidationError
from werkzeug.exceptions import UnprocessableEntity

from shared.reading import wire
from shared.schemas.strict import ID
from shared.user_firestore import WITHIN

PAGE = 50  # the rules allow a limit of 51


def page(query: Query, summary: Sequence[str], cursor: str | None) -> tuple[list[DocumentSnapshot], dict[str, str]]:
    """The documents of one page, most recently changed first, and `next` if there are more. One RunQuery.

    `summary` names the fields that are read. Raises 422 for a cursor that no page gave.
    """
    ordered = query.order_by("updated_at", direction=Query.DESCENDING).order_by("__name__", direction=Query.DESCENDING)
    if cursor:
        updated_at, name = _position(cursor)
        ordered = ordered.start_after({"updated_at": updated_at, "__name__": name})
    found = list(ordered.select(summary).limit(PAGE + 1).stream(**WITHIN))
    return found[:PAGE], {"next": _cursor(found[PAGE - 1])} if len(found) > PAGE else {}


def _cursor(last: DocumentSnapshot) -> str:
    at: Any = last.get("updated_at")
    place = (
        {"at": at.rfc3339()} if isinstance(at, DatetimeWithNanoseconds) else {"odd": wire(at)}
    )  # one bad document ends no list
    return base64.urlsafe_b64encode(json.dumps(place | {"id": last.id}).encode()).decode()


def _position(cursor: str) -> tuple[Any, str]:
    try:
        place = json.loads(base64.urlsafe_b64decode(cursor))
        at = DatetimeWithNanoseconds.from_rfc3339(place["at"]) if "at" in place else place["odd"]
        return at, str(ID(place["id"]))
    except (ValueError, TypeError, KeyError, RecursionError, ValidationError) as error:
        raise UnprocessableEntity("The cursor is none of ours: send the `next` of the page before.") from error
