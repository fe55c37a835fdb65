"""Faults planted in firestore.rules, one at a time: what a conjunct, a bound or a list in them is worth to the tests.

mutants(text)    every one: a conjunct or a disjunct dropped, a condition negated, a list or a bound widened
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

OPENING, CLOSING = "([{", ")]}"
CONDITION = re.compile(r"\breturn\b|: if\b")
VALUE = re.compile(r"\.(uid|data)$|^(true|false)$")  # what a function returns that is no condition
SCOPE = re.compile(r"function (\w+)|match (\S+) \{|allow ([\w, ]+):")
LIST_OF_NAMES = re.compile(r"\[\s*'[^\[\]]*'\s*\]")
BOUND = re.compile(r"(<=?|>=?) (\d+)\b")
DURATION = re.compile(r"duration\.value\((\d+), 'd'\)")


@dataclass(frozen=True)
class Mutant:
    """One fault: `before` at this place of the rules became `after`."""

    scope: str  # the function, or the match and the methods that it is in
    line: int
    kind: str
    before: str
    after: str
    text: str  # the rules with it

    @property
    def name(self) -> str:
        """What stays the same as the lines move."""
        return f"{self.scope}: {self.kind}: {self.before}" + (f" -> {self.after}" if self.kind == "widen" else "")


def mutants(text: str) -> Iterator[Mutant]:
    """Each mutant of these rules, in their order."""
    bare = _without_comments(text)
    for start, end in _conditions(bare):
        for kind, at, to, after in [*_logic(bare, start, end), *_widened(bare, start, end)]:
            yield Mutant(
                _scope(bare, at),
                bare.count("\n", 0, at) + 1,
                kind,
                _one_line(bare[at:to]),
                _one_line(after),
                bare[:at] + after + bare[to:],
            )


def _without_comments(text: str) -> str:
    """The same, letter for letter, with blanks where comments were."""
    return re.sub(r"//[^\n]*", lambda comment: " " * len(comment[0]), text)


def _conditions(text: str) -> Iterator[tuple[int, int]]:
    for found in CONDITION.finditer(text):
        yield found.end(), _end(text, found.end(), ";")


def _end(text: str, at: int, stop: str) -> int:
    """Where the next `stop` stands outside of brackets and texts."""
    return next(_split(text, at, len(text), stop), (at, len(text)))[1]


def _split(text: str, start: int, end: int, mark: str) -> Iterator[tuple[int, int]]:
    """The parts between these marks, outside of brackets and texts."""
    depth, at, first = 0, start, start
    while at < end:
        if text[at] == "'":
            at = text.index("'", at + 1)
        elif text[at] in OPENING:
            depth += 1
        elif text[at] in CLOSING:
            depth -= 1
        elif depth == 0 and text.startswith(mark, at):
            yield first, at
            first = at + len(mark)
            at = first - 1
        at += 1
    yield first, end


def _logic(text: str, start: int, end: int) -> Iterator[tuple[str, int, int, str]]:
    """(kind, from, to, what stands there instead) for the operands of every && and || below."""
    start, end = _trimmed(text, start, end)
    for mark, neutral in (("?", ""), (":", ""), ("||", "false"), ("&&", "true")):
        parts = [_trimmed(text, *part) for part in _split(text, start, end, mark)]
        if len(parts) == 1:
            continue
        for at, to in parts:
            if neutral:
                yield "drop", at, to, neutral
            yield from _logic(text, at, to)
        return
    if text[start] == "(" and _end(text, start + 1, ")") == end - 1:
        yield from _logic(text, start + 1, end - 1)
        return
    if not VALUE.search(text[start:end]):
        yield "negate", start, end, f"!({text[start:end]})"


def _widened(text: str, start: int, end: int) -> Iterator[tuple[str, int, int, str]]:
    for found in LIST_OF_NAMES.finditer(text, start, end):
        yield "widen", *found.span(), f"{found[0][:-1]}, 'mutant']"
    for found in BOUND.finditer(text, start, end):
        less = found[1][0] == "<"
        yield "widen", *found.span(), f"{found[1]} {int(found[2]) + 1 if less else int(found[2]) - 1}"
    for found in DURATION.finditer(text, start, end):
        wider = int(found[1]) + (1 if "<" in text[start : found.start()].rsplit("request.time", 1)[0][-3:] else -1)
        yield "widen", *found.span(), f"duration.value({wider}, 'd')"


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    inner = text[start:end]
    return start + len(inner) - len(inner.lstrip()), end - len(inner) + len(inner.rstrip())


def _scope(text: str, at: int) -> str:
    """The function, or the path and the methods, whose condition this is."""
    path, last = "", ""
    for found in SCOPE.finditer(text, 0, at):
        path = found[2] or path
        last = found[1] or (f"{path} {found[3]}" if found[3] else last)
    return last


def _one_line(text: str) -> str:
    return " ".join(text.split())
