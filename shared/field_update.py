"""An update by field paths, without a parser in between: a path is the tuple of its names, whatever they hold.

The library's own `update` takes paths as text and reads a backslash before a backtick wrongly, so that a key such as
`a\\` moves the data elsewhere; and its `set(merge=...)` compares every path with every other.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from google.cloud import firestore
from google.cloud.firestore import DELETE_FIELD, SERVER_TIMESTAMP, ArrayRemove, ArrayUnion
from google.cloud.firestore_v1 import types
from google.cloud.firestore_v1._helpers import encode_value
from google.cloud.firestore_v1.field_path import FieldPath

Transform = types.DocumentTransform.FieldTransform
Paths = Mapping[Any, Any]  # a field's name, or the tuple of names that leads to it -> its new value


class Batch(firestore.WriteBatch):
    """A batch whose `update` takes such paths; values may hold transforms at any depth. And `replace`, which is `set`
    under a condition."""

    def update(self, reference: Any, field_updates: Paths, option: Any = None) -> None:
        """Add the change of these fields of a document that exists, under the option's condition."""
        write = update_of(reference._document_path, field_updates)
        (option or firestore.Client.write_option(exists=True)).modify_write(write)
        self._document_references[reference._document_path] = reference  # len(batch) counts these
        self._add_write_pbs([write])

    def replace(self, reference: Any, document: Mapping[str, Any], option: Any) -> None:
        """Add the replacement of a whole document, under the option's condition."""
        self.set(reference, dict(document))
        option.modify_write(self._write_pbs[-1])


def update_of(document: str, changes: Paths) -> types.Write:
    """The Write that changes these fields and no others."""
    fields: dict[str, Any] = {}
    mask, transforms = [], []
    for name, value in changes.items():
        path = name if isinstance(name, tuple) else (name,)
        if not _is_transform(value):
            mask.append(FieldPath(*path).to_api_repr())
        for leaf, inner in _leaves(path, value):
            if _is_transform(inner):
                transforms.append(_transform(leaf, inner))
            elif inner is not DELETE_FIELD:
                _put(fields, leaf, inner)
    return types.Write(
        update=types.Document(name=document, fields={name: encode_value(value) for name, value in fields.items()}),
        update_mask=types.DocumentMask(field_paths=mask),
        update_transforms=transforms,
    )


def _leaves(path: tuple[str, ...], value: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(value, Mapping) and value:
        for name, inner in value.items():
            yield from _leaves((*path, name), inner)
    else:
        yield path, value


def _put(fields: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    for name in path[:-1]:
        fields = fields.setdefault(name, {})
    fields[path[-1]] = value


def _is_transform(value: Any) -> bool:
    return value is SERVER_TIMESTAMP or isinstance(value, ArrayUnion | ArrayRemove)


def _transform(path: tuple[str, ...], value: Any) -> Transform:
    at = FieldPath(*path).to_api_repr()
    if value is SERVER_TIMESTAMP:
        return Transform(field_path=at, set_to_server_value=Transform.ServerValue.REQUEST_TIME)
    elements = types.ArrayValue(values=[encode_value(element) for element in value.values])
    if isinstance(value, ArrayUnion):
        return Transform(field_path=at, append_missing_elements=elements)
    return Transform(field_path=at, remove_all_from_array=elements)
