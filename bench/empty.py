"""The function that does nothing: the unit that others are measured in."""

from flask import Request


def empty(request: Request) -> str:
    """Answers at once."""
    return "{}"
