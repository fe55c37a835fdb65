"""Reading as raw protobuf messages: the client library's wrappers cost most of a read's CPU, and one value that it
cannot decode (a reference into another database, a type newer than it) would fail the whole list.

References and queries stay the library's: these subclasses only send and decode.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from google.api_core.datetime_helpers import DatetimeWithNanoseconds
from google.cloud import firestore
from google.cloud.firestore import GeoPoint
from google.cloud.firestore_v1 import types

from shared.firestore.nested_lists import from_element

BatchGetDocumentsRequest = type(types.BatchGetDocumentsRequest.pb(types.BatchGetDocumentsRequest()))
BatchGetDocumentsResponse = type(types.BatchGetDocumentsResponse.pb(types.BatchGetDocumentsResponse()))
RunQueryRequest = type(types.RunQueryRequest.pb(types.RunQueryRequest()))
RunQueryResponse = type(types.RunQueryResponse.pb(types.RunQueryResponse()))
PLAIN = ("string_value", "integer_value", "boolean_value", "double_value", "bytes_value")


@dataclass(frozen=True, eq=False)
class Foreign:
    """A value that is no JSON and no time: shown as text, and written back as it came."""

    message: Any  # the Value

    def __str__(self) -> str:
        if (kind := self.message.WhichOneof("value_type")) != "reference_value":
            return str(kind)
        return str(self.message.reference_value.partition("/documents/")[2])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Foreign) and bool(self.message == other.message)

    __hash__ = None  # type: ignore[assignment]


def decoded(value: Any) -> Any:
    """What a Value message holds. Never raises."""
    kind = value.WhichOneof("value_type")
    if kind in PLAIN:
        return getattr(value, kind)
    if kind == "map_value":
        return fields_of(value.map_value)
    if kind == "array_value":
        return [from_element(decoded(inner)) for inner in value.array_value.values]
    if kind == "timestamp_value":
        return DatetimeWithNanoseconds.from_timestamp_pb(value.timestamp_value)
    if kind == "geo_point_value":
        return GeoPoint(value.geo_point_value.latitude, value.geo_point_value.longitude)
    return None if kind == "null_value" else Foreign(value)


def fields_of(message: Any) -> dict[str, Any]:
    """The fields of a document, or of a map in it."""
    return {name: decoded(inner) for name, inner in message.fields.items()}


class Snapshot(firestore.DocumentSnapshot):
    """A document as it was read. Its content is for whoever read it: no copy is made of it."""

    def __init__(self, reference: Any, document: Any = None):
        update_time = document and DatetimeWithNanoseconds.from_timestamp_pb(document.update_time)
        super().__init__(reference, None, document is not None, None, None, update_time)
        self._data = None if document is None else fields_of(document)

    def to_dict(self) -> dict[str, Any] | None:
        return None if self._data is None else dict(self._data)


class Reference(firestore.DocumentReference):
    """A document that is read straight."""

    def get(self, field_paths: Iterable[str] | None = None, *_: Any, **__: Any) -> Snapshot:
        """One RPC."""
        found: Snapshot = next(self._client.get_all([self], field_paths))
        return found


class Query(firestore.Query):
    """A query whose results are read straight."""

    def stream(self, *_: Any, **__: Any) -> Iterator[Snapshot]:  # type: ignore[override]
        """One RPC, when the first result is asked for."""
        parent, _prefix = self._parent._parent_info()
        for answer in self._client.run_query(RunQueryRequest(parent=parent, structured_query=self._to_protobuf()._pb)):
            if answer.HasField("document"):
                path = answer.document.name.partition("/documents/")[2]
                yield Snapshot(self._client.document(path), answer.document)


class Collection(firestore.CollectionReference):
    """A collection that is queried so."""

    def _query(self) -> Query:
        return Query(self)


def get_request(database: str, paths: Sequence[str], fields: Iterable[str] | None) -> Any:
    """The BatchGetDocuments for these documents, or for these fields of them."""
    sent = BatchGetDocumentsRequest(database=database, documents=paths)
    if fields is not None:
        sent.mask.field_paths.extend(fields)
    return sent


def found_in(answers: Iterable[Any], references: Mapping[str, Any]) -> Iterator[Snapshot]:
    """A snapshot for each answer, of a missing document, too."""
    for answer in answers:
        if answer.missing:
            yield Snapshot(references[answer.missing])
        else:
            yield Snapshot(references[answer.found.name], answer.found)
