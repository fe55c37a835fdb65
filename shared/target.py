"""The document that a request is about, as its refusals are explained by: which it is, and how its GET shows it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import g
from google.cloud.firestore import DocumentReference

Show = Callable[[Mapping[str, Any]], dict[str, Any]]  # a stored document -> what its GET answers


@dataclass(frozen=True)
class Target:
    """`kind` is what an error calls it; `show` gives what `current` shows of it; `needs` the role that this takes."""

    ref: DocumentReference
    kind: str
    show: Show
    needs: str
    tool: str | None


def about(
    ref: DocumentReference, kind: str, show: Show, needs: str = "editor", tool: str | None = None
) -> DocumentReference:
    """Note what this request is about, and pass the reference on. A document of another tool is not there."""
    g.target = Target(ref, kind, show, needs, tool)
    return ref


def target() -> Target | None:
    """What the current request is about, if it came so far."""
    found: Target | None = g.get("target")
    return found
