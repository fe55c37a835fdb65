"""What production says and no emulator does: a query without its index is refused, and every shape recorded.

`watch()` puts this under the functions' channel, in `make run` and in every test. The shapes go to the file that
QUERY_SHAPES names, one JSON line a query, so that the test run can tell which indexes nothing needs.
"""

import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

import grpc
from google.api_core.exceptions import FailedPrecondition
from google.cloud.firestore_v1.types import StructuredQuery

from shared.firestore import client as user_firestore

INDEXES = Path(__file__).resolve().parent.parent / "firestore.indexes.json"
COMPARISON = StructuredQuery.FieldFilter.Operator


class Shape(NamedTuple):
    """What decides which index a query needs."""

    collection: str
    equal: frozenset[str]  # fields compared with == or in
    contains: frozenset[str]  # fields searched with array-contains
    order: tuple[tuple[str, str], ...]  # (field, ASCENDING or DESCENDING), without __name__

    def text(self) -> str:
        """The same text for the same shape, in every process."""
        return f"{self.collection}: == {sorted(self.equal)}, contains {sorted(self.contains)}, by {self.order}"


def shape_of(query: Any) -> Shape:
    """The shape of a StructuredQuery, as protobuf or proto-plus."""
    wanted = StructuredQuery.wrap(query) if not isinstance(query, StructuredQuery) else query
    equal, contains = set(), set()
    for comparison in _comparisons(wanted.where):
        if comparison.op in (COMPARISON.ARRAY_CONTAINS, COMPARISON.ARRAY_CONTAINS_ANY):
            contains.add(comparison.field.field_path)
        elif comparison.op in (COMPARISON.EQUAL, COMPARISON.IN):
            equal.add(comparison.field.field_path)
        else:
            raise NotImplementedError(f"Say here which index {comparison.op.name} needs.")
    order = [(step.field.field_path, step.direction.name) for step in wanted.order_by]
    collection = wanted.from_[0].collection_id
    return Shape(collection, frozenset(equal), frozenset(contains), tuple(s for s in order if s[0] != "__name__"))


def _comparisons(where: Any) -> Iterable[Any]:
    if "composite_filter" in where:
        for inner in where.composite_filter.filters:
            yield from _comparisons(inner)
    elif "field_filter" in where:
        yield where.field_filter


def index_for(shape: Shape, declared: dict[str, Any]) -> dict[str, Any] | None:
    """The composite index that serves the shape; None if it needs none. Raises LookupError if it is not declared."""
    exempt = {
        f["fieldPath"].strip("`")
        for f in declared["fieldOverrides"]
        if f["collectionGroup"] == shape.collection and not f["indexes"]
    }
    fields = shape.equal | shape.contains | {field for field, _ in shape.order}
    if (not shape.order and not shape.contains) or len(fields) <= 1:  # served by the fields' own indexes
        if fields & exempt:
            raise LookupError(f"{shape.collection}: {sorted(fields & exempt)} is exempt from indexing")
        return None
    for index in declared["indexes"]:
        parts = [(f["fieldPath"], f.get("order"), f.get("arrayConfig")) for f in index["fields"]]
        head, tail = parts[: len(parts) - len(shape.order)], parts[len(parts) - len(shape.order) :]
        if (
            index["collectionGroup"] == shape.collection
            and {name for name, _, array in head if not array} == shape.equal - {f for f, _ in shape.order}
            and {name for name, _, array in head if array} == shape.contains
            and [(name, order) for name, order, _ in tail] == list(shape.order)
        ):
            return dict(index)
    raise LookupError(f"{shape} has no composite index in {INDEXES.name}")


def declared_indexes() -> dict[str, Any]:
    """firestore.indexes.json, as it is now."""
    found: dict[str, Any] = json.loads(INDEXES.read_text())
    return found


class _Watch(grpc.UnaryStreamClientInterceptor):
    def intercept_unary_stream(self, continuation: Callable[..., Any], details: Any, request: Any) -> Any:
        if details.method.endswith("/RunQuery"):
            shape = shape_of(request.structured_query)
            try:
                index = index_for(shape, declared_indexes())
            except LookupError as missing:
                raise FailedPrecondition(f"The query requires an index: {missing}") from missing
            if file := os.environ.get("QUERY_SHAPES"):
                with open(file, "a") as shapes:
                    shapes.write(json.dumps({"shape": shape.text(), "index": index}) + "\n")
        return continuation(details, request)


def watch() -> None:
    """From now on every channel that is opened in this process refuses queries that production would refuse."""
    open_bare = user_firestore.open_channel
    user_firestore.open_channel = lambda: grpc.intercept_channel(open_bare(), _Watch())
