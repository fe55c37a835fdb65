"""Several writes in one Commit, as raw protobuf messages: the client library's wrappers cost more CPU than all else of
an autosave, and the bytes on the wire are the same.

An update goes by field paths without a parser in between: a path is the tuple of its names, whatever they hold. The
library's own `update` takes paths as text and reads a backslash before a backtick wrongly, so that a key such as `a\\`
moves the data elsewhere; and its `set(merge=...)` compares every path with every other.
"""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from google.api_core.datetime_helpers import DatetimeWithNanoseconds
from google.cloud import firestore
from google.cloud.firestore import DELETE_FIELD, SERVER_TIMESTAMP, ArrayRemove, ArrayUnion
from google.cloud.firestore_v1 import types
from google.cloud.firestore_v1._helpers import encode_value
from google.cloud.firestore_v1.field_path import FieldPath

from shared.firestore.nested_lists import as_element
from shared.firestore.read import Foreign

# The messages below the library's wrappers.
CommitRequest = type(types.CommitRequest.pb(types.CommitRequest()))
CommitResponse = type(types.CommitResponse.pb(types.CommitResponse()))
Write = type(types.Write.pb(types.Write()))
Value = type(types.Value.pb(types.Value()))
SCALARS = {str: "string_value", bool: "boolean_value", int: "integer_value", float: "double_value"}
REQUEST_TIME = types.DocumentTransform.FieldTransform.ServerValue.REQUEST_TIME

Paths = Mapping[Any, Any]  # a field's name, or the tuple of names that leads to it -> its new value


@dataclass(frozen=True)
class Written:
    """What became of a write."""

    update_time: DatetimeWithNanoseconds


@dataclass(frozen=True)
class _Wrapped:
    """As the library's options expect a Write."""

    _pb: Any


class Batch(firestore.WriteBatch):
    """A batch whose values may hold transforms at any depth. And `replace`, which is `set` under a condition."""

    def create(self, reference: Any, document_data: Mapping[str, Any]) -> None:
        """Add a new document."""
        write = write_of(reference._document_path, document_data)
        write.current_document.exists = False
        self._add(reference, write)

    def update(self, reference: Any, field_updates: Paths, option: Any = None) -> None:
        """Add the change of these fields of a document that exists, under the option's condition."""
        write = update_of(reference._document_path, field_updates)
        write.current_document.exists = True
        self._add(reference, write, option)

    def replace(self, reference: Any, document: Mapping[str, Any], option: Any) -> None:
        """Add the replacement of a whole document, under the option's condition."""
        self._add(reference, write_of(reference._document_path, document), option)

    def delete(self, reference: Any, option: Any = None) -> None:
        """Add the deletion of a document, under the option's condition."""
        write = Write()
        write.delete = reference._document_path
        self._add(reference, write, option)

    def commit(self, retry: Any = None, timeout: float | None = None) -> list[Written]:
        """Write all of it or nothing; the results in the order of the writes. The bounds are the client's."""
        writes = [getattr(write, "_pb", write) for write in self._write_pbs]  # `set` is the library's
        sent = CommitRequest(database=self._client._database_string, writes=writes)
        results = self._client.commit(sent).write_results
        self._write_pbs, self._document_references = [], {}
        return [Written(DatetimeWithNanoseconds.from_timestamp_pb(result.update_time)) for result in results]

    def _add(self, reference: Any, write: Any, option: Any = None) -> None:
        if option:
            option.modify_write(_Wrapped(write))
        self._document_references[reference._document_path] = reference  # len(batch) counts these
        self._write_pbs.append(write)


def write_of(document: str, content: Mapping[str, Any]) -> Any:
    """The Write of a whole document."""
    write = update_of(document, {(name,): value for name, value in content.items()})
    write.ClearField("update_mask")
    return write


def update_of(document: str, changes: Paths) -> Any:
    """The Write that changes these fields and no others."""
    write = Write()
    write.update.name = document
    write.update_mask.SetInParent()  # without one, the write replaces the whole document
    masked = write.update_mask.field_paths
    top = write.update.fields
    for name, value in changes.items():
        path = name if isinstance(name, tuple) else (name,)
        if _is_transform(value):
            _transform(write.update_transforms.add(), path, value)
            continue
        masked.append(api_path(path))
        if value is not DELETE_FIELD:
            fields = top
            for step in path[:-1]:
                fields = fields[step].map_value.fields
            _put(write, fields, path, value)
    return write


def _put(write: Any, fields: Any, path: tuple[str, ...], value: Any) -> None:
    """Put a value into a map's fields, and what of it is a transform beside them."""
    if isinstance(value, dict) and value:
        inside = fields[path[-1]].map_value
        inside.SetInParent()
        for name, inner in value.items():
            _put(write, inside.fields, (*path, name), inner)
    elif _is_transform(value):
        _transform(write.update_transforms.add(), path, value)
    else:
        fill(fields[path[-1]], value)


def fill(message: Any, value: Any) -> None:
    """Put a value into a Value message. Raises TypeError for what Firestore cannot keep."""
    if name := SCALARS.get(type(value)):
        setattr(message, name, value)
    elif value is None:
        message.null_value = 0
    elif isinstance(value, datetime):
        message.timestamp_value.FromDatetime(value)
        if isinstance(value, DatetimeWithNanoseconds) and value.nanosecond:
            message.timestamp_value.nanos = value.nanosecond
    elif isinstance(value, Mapping):
        message.map_value.SetInParent()  # so that an empty map is one
        for key, inner in value.items():
            fill(message.map_value.fields[key], inner)
    elif isinstance(value, list | tuple):
        message.array_value.SetInParent()
        for inner in value:
            fill(message.array_value.values.add(), as_element(inner))
    elif isinstance(value, Foreign):
        message.CopyFrom(value.message)
    else:  # bytes, a place, as others may have stored them
        message.CopyFrom(encode_value(value)._pb)


@functools.lru_cache(maxsize=4_096)
def api_path(path: tuple[str, ...]) -> str:
    """A path of names as Firestore reads it, whatever is in them."""
    return str(FieldPath(*path).to_api_repr())


def _is_transform(value: Any) -> bool:
    return value is SERVER_TIMESTAMP or isinstance(value, ArrayUnion | ArrayRemove)


def _transform(message: Any, path: tuple[str, ...], value: Any) -> None:
    message.field_path = api_path(path)
    if value is SERVER_TIMESTAMP:
        message.set_to_server_value = REQUEST_TIME
        return
    kind = "append_missing_elements" if isinstance(value, ArrayUnion) else "remove_all_from_array"
    elements = getattr(message, kind)
    elements.SetInParent()
    for element in value.values:
        fill(elements.values.add(), element)
