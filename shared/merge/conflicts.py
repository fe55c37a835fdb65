"""Open conflicts as a list in a document, and the dotted paths that they stand at. Pure functions.

path    itemDetails.name    actions.7.desc (an element by its id, where all have one)    properties (a list, whole)
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from shared.firestore.values import split_damaged
from shared.merge import MISSING, same
from shared.schemas.conflict import LONGEST_PATH, MOST, NEW_AT_ONCE, OpenConflict
from shared.schemas.strict import schema_of

Entry = dict[str, Any]  # path, by, device, at, save_id
FIELDS = schema_of(OpenConflict).fields.keys()


def readable_entries(stored: Any) -> list[Entry]:
    """The entries of a stored list that are whole; anybody who may save may have written anything there."""
    if not isinstance(stored, list):
        return []
    found = [split_damaged(schema_of(OpenConflict), entry)[0] for entry in stored if isinstance(entry, Mapping)]
    return [entry for entry in found if entry.keys() == FIELDS]


def with_entries(before: Sequence[Entry], new: Sequence[Entry]) -> list[Entry]:
    """The list with the new entries at its end, each path of a save once; of either as many as there may be."""
    known = {(entry["path"], entry["save_id"]) for entry in before}
    fresh = {(entry["path"], entry["save_id"]): entry for entry in new}
    opened = [entry for key, entry in fresh.items() if key not in known][:NEW_AT_ONCE]
    return [*before, *opened][-MOST:]


def bounded(path: str) -> str:
    """A path that an entry may hold: of one that is too long, its first field."""
    return path if len(path) <= LONGEST_PATH else path.split(".")[0]


def replaced_paths(kept: Mapping[str, Any], now: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """The leaves where the one state has a value that the other has not. A list is one leaf."""
    for name, value in kept.items():
        found = now.get(name, MISSING)
        if isinstance(value, Mapping) and isinstance(found, Mapping):
            yield from replaced_paths(value, found, f"{prefix}{name}.")
        elif not same(value, found) and value not in ("", [], None):
            yield f"{prefix}{name}"


Step = tuple[str, Any]  # ("field", its name) or ("id", an element's id)


def value_at(state: Any, path: str) -> Any:
    """The value at a path; MISSING where there is none."""
    steps = _steps(state, path)
    return MISSING if steps is None else _at(state, steps)


def with_value(state: Mapping[str, Any], path: str, of: Mapping[str, Any]) -> dict[str, Any]:
    """The state with the value that another one has at the path; without any, if that has none."""
    steps = _steps(of, path)
    if steps is None:
        here = _steps(state, path)
        return dict(state) if here is None else _put(state, here, MISSING, MISSING)
    found: dict[str, Any] = _put(state, steps, _at(of, steps), of)
    return found


def _steps(value: Any, path: str) -> list[Step] | None:
    """The steps that a dotted path takes in a value: names and ids may hold dots themselves."""
    for step, inner in _inner(value):
        name = str(step[1])
        if path == name:
            return [step]
        if path.startswith(f"{name}.") and (rest := _steps(inner, path[len(name) + 1 :])) is not None:
            return [step, *rest]
    return None


def _inner(value: Any) -> Iterator[tuple[Step, Any]]:
    if isinstance(value, Mapping):
        yield from ((("field", name), inner) for name, inner in value.items())
    elif isinstance(value, list):
        yield from (
            (("id", element["id"]), element) for element in value if isinstance(element, Mapping) and "id" in element
        )


def _at(value: Any, steps: Collection[Step]) -> Any:
    for step in steps:
        value = next(inner for found, inner in _inner(value) if found == step)
    return value


def _put(value: Any, steps: Sequence[Step], new: Any, source: Any) -> Any:
    """The value with `new` at the steps. An element that is not there on the way is taken from the source, whole."""
    (kind, name), rest = steps[0], steps[1:]
    beyond = next((inner for found, inner in _inner(source) if found == steps[0]), MISSING)
    if kind == "field":
        here = dict(value) if isinstance(value, Mapping) else {}
        inner = _put(here.get(name), rest, new, beyond) if rest else new
        return {**here, name: inner} if inner is not MISSING else {k: v for k, v in here.items() if k != name}
    elements = list(value) if isinstance(value, list) else []
    at = next((i for i, e in enumerate(elements) if isinstance(e, Mapping) and same(e.get("id"), name)), len(elements))
    inner = _put(elements[at], rest, new, beyond) if rest and at < len(elements) else beyond if rest else new
    return [*elements[:at], *([inner] if inner is not MISSING else []), *elements[at + 1 :]]
