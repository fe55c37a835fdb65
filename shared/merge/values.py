"""JSON values: when two are the same, by what an element of a list is known, and how much work a merge may cost."""

from collections.abc import Mapping
from typing import Any, Literal

Side = Literal["mine", "stored"]

MISSING: Any = type("Missing", (), {"__repr__": lambda self: "MISSING"})()


class Budget:
    """The steps that a merge may take; beyond them whatever differs counts as replaced whole."""

    def __init__(self, steps: int = 2_000_000):
        self.steps, self.spent = steps, 0

    def spend(self, steps: int) -> bool:
        """Count the steps; whether they were still allowed."""
        self.spent += steps
        return self.spent <= self.steps


def same(one: Any, other: Any) -> bool:
    """Equal as JSON: 1 is 1.0, and neither is true."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same(value, other[name]) for name, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)


def content_key(value: Any) -> Any:
    """A hashable that is equal for values that are the same."""
    if isinstance(value, Mapping):
        return ("map", frozenset((name, content_key(inner)) for name, inner in value.items()))
    if isinstance(value, list):
        return ("list", tuple(map(content_key, value)))
    if value is None or isinstance(value, bool):
        return ("constant", repr(value))
    return ("scalar", value) if isinstance(value, str | int | float) else ("other", repr(value))
