"""Bugs planted in the functions: texts replaced in modules as they are imported (plants.mjs has the list)."""

import importlib.abc
import importlib.machinery
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import CodeType, ModuleType

from local.stack import ROOT


class _Patched(importlib.machinery.SourceFileLoader):
    patches: Sequence[Mapping[str, str]] = ()

    def get_code(self, fullname: str) -> CodeType:
        """The module's code; compiled anew, as what is cached is of the file."""
        text = Path(self.path).read_text()
        for patch in self.patches:
            if (count := text.count(patch["find"])) != 1:
                raise ImportError(
                    f"A planted bug must fit exactly once: found {count} times in {self.path}: {patch['find']}"
                )
            text = text.replace(patch["find"], patch["replace"])
        return self.source_to_code(text.encode(), self.path)


class _Finder(importlib.abc.MetaPathFinder):
    def __init__(self, patches: Sequence[Mapping[str, str]]):
        self.patches = patches

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """The spec of a module that is patched; None for all others."""
        spec = importlib.machinery.PathFinder.find_spec(fullname, path)
        here = [one for one in self.patches if spec and spec.origin == str(ROOT / one["file"])]
        if spec and here:
            assert spec.origin is not None
            loader = _Patched(fullname, spec.origin)
            loader.patches = here
            spec.loader = loader
            return spec
        return None


def plant(patches: Sequence[Mapping[str, str]]) -> None:
    """From now on, these modules are imported with their texts replaced."""
    sys.meta_path.insert(0, _Finder(patches))
