"""Everything that somebody owns: the session, the projects and objects, and the saves beside them.

The collections stand here once more, since an end user's token may not list them. A test compares firestore.rules.
"""

from collections.abc import Iterator
from typing import Any

from google.cloud.firestore import DocumentSnapshot, FieldFilter, Query

from shared.call import Call
from shared.firestore.values import content
from shared.objects.document import COLLECTION as OBJECTS
from shared.saves.document import PLACES
from shared.schemas.tools import TOOLS
from shared.session.document import session_ref

SAVES = {tool.projects: tool.saves for tool in TOOLS.values()}
COLLECTIONS = (OBJECTS, *SAVES)
READ = 20  # whole documents at a time: each may have 1 MiB


def owned_in(call: Call, collection: str) -> Query:
    """What the caller owns in a collection, in the trash or not."""
    return call.db.collection(collection).where(filter=FieldFilter("user_id", "==", call.caller.uid))


def saves_beside(parent: DocumentSnapshot) -> dict[str, Any]:
    """The saves of a session or a project: a query for each subcollection where they are."""
    if parent.reference.parent.id == "sessions":
        return {place: parent.reference.collection(place) for place in PLACES}
    place = SAVES.get(parent.reference.parent.id)
    this_very_one = FieldFilter("parent_created_at", "==", content(parent).get("created_at"))
    return {place: parent.reference.collection(place).where(filter=this_very_one)} if place else {}


def documents(call: Call, after: str = "") -> Iterator[DocumentSnapshot]:
    """All of them in a fixed order, each after the one that it lies beneath, from the path `after` on."""
    step = [*after.split("/"), "", "", "", ""]
    sections = ["sessions", *COLLECTIONS]
    for collection in sections[sections.index(step[0]) if after else 0 :]:
        here = step if collection == step[0] else [""] * 4
        for parent in _parents(call, collection, here[1]):
            resumed = parent.id == here[1]
            if parent.exists and not resumed:
                yield parent
            for place, saves in saves_beside(parent).items():
                if not resumed or here[2] <= place:
                    yield from by_id(saves, here[3] if resumed and here[2] == place else "")


def _parents(call: Call, collection: str, first: str) -> Iterator[DocumentSnapshot]:
    if collection == "sessions":
        return iter([session_ref(call).get()])  # its saves outlive it
    return by_id(owned_in(call, collection), first, including=True)


def by_id(query: Any, place: str = "", including: bool = False) -> Iterator[DocumentSnapshot]:
    """The documents of a query by their ids, a page at a time, from a place on."""
    ordered = query.order_by("__name__")
    while True:
        cursor = {"__name__": place}
        page = ordered if not place else ordered.start_at(cursor) if including else ordered.start_after(cursor)
        found = list(page.limit(READ).stream())
        yield from found
        if len(found) < READ:
            return
        place, including = found[-1].id, False
