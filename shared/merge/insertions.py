"""What two people put in at one place of a text, or side by side: both, one after the other, unless both typed it."""

from typing import NamedTuple

from shared.merge.diff import hunks
from shared.merge.values import Budget
from shared.merge.words import Unit


def extended(stored: list[Unit], mine: list[Unit]) -> list[Unit] | None:
    """The longer of the two, where it is the shorter with something added at one place; mine if they are as long."""
    longer, shorter = (stored, mine) if len(stored) > len(mine) else (mine, stored)
    words, fewer = [word for word, _ in longer], [word for word, _ in shorter]
    most = len(fewer)
    first = next((i for i in range(most) if fewer[i] != words[i]), most)
    last = next((i for i in range(most - first) if fewer[-1 - i] != words[-1 - i]), most - first)
    return longer if first + last == most or _holds(words, fewer) else None


def both(stored: list[Unit], mine: list[Unit], budget: Budget) -> list[Unit]:
    """What both put in at one place: one after the other, but for one run of words of both, where that is half of
    the fewer. It is one text then that both went on with, as two tabs do while nothing of it is stored yet."""
    changes = hunks([word for word, _ in stored], [word for word, _ in mine], budget)
    starts, ends = [hunk.start for hunk in changes] + [len(stored)], [0] + [hunk.end for hunk in changes]
    common = [stored[end:start] for start, end in zip(starts, ends, strict=True) if start > end]
    if len(common) != 1 or not (said := _said(common[0])) or said * 2 < min(_said(stored), _said(mine)):
        return stored + mine
    text: list[Unit] = []
    at = 0
    for hunk in changes:
        text += stored[at : hunk.end] + mine[hunk.at : hunk.at + len(hunk.new)]
        at = hunk.end
    return text + stored[at:]


class Alone(NamedTuple):
    """An edit of one side, where the other has none: what stands now in that span of the base."""

    side: str
    start: int
    end: int
    now: list[Unit]

    def beside(self, before: "Alone") -> list[Unit]:
        """What stands there, after the edit before it.

        What one side put in, where the other replaced its neighbours by words that end or begin with the same, is there
        once.
        """
        if before.side in ("", self.side) or before.end != self.start:
            return self.now
        here, there = ([word for word, _ in units] for units in (self.now, before.now))
        if self.start == self.end:
            return [] if there[-len(here) :] == here else self.now
        is_here = before.start == before.end and here[: len(there)] == there
        return self.now[len(there) :] if is_here else self.now


def _said(units: list[Unit]) -> int:
    """How many words there are, signs aside."""
    return sum(1 for word, _ in units if any(map(str.isalnum, word)))


def _holds(words: list[str], fewer: list[str]) -> bool:
    """Whether the ones stand among the others. As texts of one letter a word, so that the search is linear."""
    letters = {word: chr(0x10000 + i) for i, word in enumerate(dict.fromkeys(fewer))}
    return "".join(map(letters.__getitem__, fewer)) in "".join(letters.get(word, " ") for word in words)
