"""The plain patterns of firebase.json: `*` within a part of a path, `**` across parts."""

import re


def glob(pattern: str) -> re.Pattern[str]:
    """A regular expression for whole paths; `/a/**` is not /a itself. Raises ValueError for other syntax."""
    if special := re.search(r"[^\w/.*-]", pattern):
        raise ValueError(f"{pattern!r} in firebase.json: only * and ** are understood, not {special[0]!r}")
    parts = ("/" + pattern.lstrip("/")).split("/")[1:]
    expression = ""
    for part in parts[:-1]:
        expression += "(?:/[^/]+)*" if part == "**" else "/" + _part(part)
    expression += "/.*" if parts[-1] == "**" else "/" + _part(parts[-1])
    return re.compile(expression)


def _part(part: str) -> str:
    if "**" in part:
        raise ValueError(f"{part!r} in firebase.json: ** stands for whole parts of a path")
    return "[^/]+" if part == "*" else re.escape(part).replace(r"\*", "[^/]*")
