"""Three-way merge of states, field by field; what either side did is in the result, or reported.

mine = base gives stored, stored = base gives mine, and merging the same again into the result changes nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.merge.lists import Key, align, order
from shared.merge.texts import merge_texts
from shared.merge.values import MISSING, Budget, Side, same

CONFLICT = "conflict"  # both replaced the same: one side's value stands
EDIT_KEPT = "edit kept"  # one side deleted what the other edited: the edit stands
Report = dict[str, Any]  # kind, path, and of base, mine and theirs those that there are

# A field that holds a choice, an id, a step or an address holds one value, whatever words it is made of.
ONE_VALUE = {
    "rarity",
    "type",
    "subtype",
    "size",
    "alignment",
    "id",
    "step",
    "url",
    "species",
    "class",
    "role",
    "frame",
    "border",
    "style",
    "theme",
}


@dataclass
class _Merge:
    """One merge: who stands, what it may cost, whether it is of an element of a list, and what it has to report."""

    stands: Side
    budget: Budget
    inside_list: bool = False
    reports: list[Report] = field(default_factory=list)

    def report(self, kind: str, path: str, base: Any, mine: Any, stored: Any) -> None:
        values = {"base": base, "mine": mine, "theirs": stored}
        told = {side: value for side, value in values.items() if value is not MISSING}
        self.reports.append({"kind": kind, "path": path} | told)

    def value(self, base: Any, mine: Any, stored: Any, path: str) -> Any:
        if same(mine, stored) or same(stored, base):
            return mine
        if same(mine, base):
            return stored
        if mine is MISSING or stored is MISSING:
            self.report(EDIT_KEPT, path, base, mine, stored)
            return stored if mine is MISSING else mine
        if isinstance(mine, Mapping) and isinstance(stored, Mapping):
            return self.fields(base if isinstance(base, Mapping) else {}, mine, stored, f"{path}.")
        if isinstance(mine, list) and isinstance(stored, list):
            return self.elements(base if isinstance(base, list) else [], mine, stored, path)
        if isinstance(mine, str) and isinstance(stored, str):
            return self.text(base if isinstance(base, str) else "", mine, stored, path)
        return self.conflict(base, mine, stored, path)

    def conflict(self, base: Any, mine: Any, stored: Any, path: str) -> Any:
        self.report(CONFLICT, path, base, mine, stored)
        return mine if self.stands == "mine" else stored

    def text(self, base: str, mine: str, stored: str, path: str) -> str:
        merged = merge_texts(base, mine, stored, self.stands, self.budget, _is_one_value(path))
        if merged.conflict:
            self.report(CONFLICT, path, base, mine, stored)
        elif merged.edit_kept:
            self.report(EDIT_KEPT, path, base, mine, stored)
        return merged.text

    def fields(
        self, base: Mapping[str, Any], mine: Mapping[str, Any], stored: Mapping[str, Any], prefix: str
    ) -> dict[str, Any]:
        merged = {}
        for name in dict.fromkeys([*stored, *mine]):
            was, left, right = (side.get(name, MISSING) for side in (base, mine, stored))
            value = self.value(was, left, right, f"{prefix}{name}")
            if value is not MISSING:
                merged[name] = value
        return merged

    def elements(self, base: list[Any], mine: list[Any], stored: list[Any], path: str) -> list[Any]:
        """The merged list. If merging mine into it again would change it, it is one side's as it is, and a conflict."""
        if self.inside_list:  # the outermost list is compared whole
            return self.by_element(base, mine, stored, path)
        once = _Merge(self.stands, self.budget, inside_list=True)
        merged = once.by_element(base, mine, stored, path)
        if not same(_Merge(self.stands, self.budget, inside_list=True).by_element(base, mine, merged, path), merged):
            return list(self.conflict(base, mine, stored, path))
        self.reports += once.reports
        return merged

    def by_element(self, base: list[Any], mine: list[Any], stored: list[Any], path: str) -> list[Any]:
        keys = align(base, mine, stored, self.budget)
        was = dict(zip(keys.base, base, strict=True))
        ours, theirs = dict(zip(keys.mine, mine, strict=True)), dict(zip(keys.stored, stored, strict=True))
        merged: dict[Key, Any] = {}
        for key in dict.fromkeys([*theirs, *ours]):
            element = _Merge(self.stands, self.budget, inside_list=True)
            sides = was.get(key, MISSING), ours.get(key, MISSING), theirs.get(key, MISSING)
            if key not in was and isinstance(sides[1], str) and isinstance(sides[2], str):
                sides = min(sides[1:], key=len), *sides[1:]  # one of them has the other's words, and more
            merged[key] = element.value(*sides, f"{path}.{key[1]}")
            if keys.by_id:
                self.reports += element.reports
            for inner in element.reports if not keys.by_id else []:  # nothing names the element: the path ends here
                self.report(inner["kind"], path, base, mine, stored)
        ordered, both_moved = order(keys.base, keys.mine, keys.stored, self.stands)
        if both_moved:
            self.report(CONFLICT, path, base, mine, stored)
        return [merged[key] for key in ordered if merged[key] is not MISSING]


def _is_one_value(path: str) -> bool:
    name = path.rpartition(".")[2]
    return name.lower() in ONE_VALUE or name.endswith(("_id", "Id", "_step", "Step", "Url", "_url"))


def merge(
    base: Mapping[str, Any],
    mine: Mapping[str, Any],
    stored: Mapping[str, Any],
    stands: Side = "mine",
    budget: Budget | None = None,
) -> tuple[dict[str, Any], list[Report]]:
    """The merged state, and what of both sides is not in it. None of the three holds null or {} outside of lists."""
    this = _Merge(stands, budget or Budget())
    merged = this.fields(base, mine, stored, "")
    return merged, list(_each_path_once(this.reports))


def _each_path_once(reports: Iterable[Report]) -> Iterable[Report]:
    """Several elements of a list may have the list's path: a conflict goes before a kept edit."""
    found: dict[str, Report] = {}
    for report in sorted(reports, key=lambda one: one["kind"] != CONFLICT):
        found.setdefault(report["path"], report)
    return found.values()
