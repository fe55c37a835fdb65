"""What one side did to a sequence: its hunks, each a span of the base and what stands there now.

Myers' greedy method where the edits are few (An O(ND) Difference Algorithm, 1986), and where they are many first a
split at what is unique in both (Bram Cohen's patience diff). Ordinary edits cost steps in proportion to the length; the
worst case is cut off by the budget.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from shared.merge.values import Budget

FEW = 100  # edits that are searched for exactly


class Hunk(NamedTuple):
    """base[start:end] was replaced by `new`, which is side[at:at + len(new)]; one of both may be empty."""

    start: int
    end: int
    new: Sequence[Any]
    at: int


Span = tuple[int, int, int, int]  # base[a:b] became side[c:d]


def hunks(base: Sequence[Any], side: Sequence[Any], budget: Budget) -> list[Hunk]:
    """What the side replaced, in order; between two hunks at least one element stayed."""
    joined: list[Span] = []
    for a, b, c, d in _spans(base, side, budget):
        if joined and joined[-1][1] == a and joined[-1][3] == c:
            joined[-1] = (joined[-1][0], b, joined[-1][2], d)
        else:
            joined.append((a, b, c, d))
    bounds = [*(a for a, _, _, _ in joined[1:]), len(base) + 1][: len(joined)]
    return [_slid(base, side, span, bound) for span, bound in zip(joined, bounds, strict=True)]


def _slid(base: Sequence[Any], side: Sequence[Any], span: Span, bound: int) -> Hunk:
    """A pure insertion or deletion as far to the right as it may stand: both sides then mean the same place."""
    a, b, c, d = span
    last = min(bound - 1, len(base))
    if a == b:
        while b < last and side[c] == base[b]:
            a, b, c, d = a + 1, b + 1, c + 1, d + 1
    elif c == d:
        while b < last and base[a] == base[b]:
            a, b, c, d = a + 1, b + 1, c + 1, d + 1
    return Hunk(a, b, side[c:d], c)


def _spans(base: Sequence[Any], side: Sequence[Any], budget: Budget) -> Iterator[Span]:
    """The spans that differ, left to right."""
    waiting: list[Span] = [(0, len(base), 0, len(side))]
    while waiting:
        a, b, c, d = _trimmed(base, side, waiting.pop(), budget)
        if a == b or c == d:
            if (a, c) != (b, d):
                yield a, b, c, d
        elif (few := _few_edits(base[a:b], side[c:d], budget)) is not None:
            yield from ((a + s, a + e, c + t, c + f) for s, e, t, f in few)
        elif anchors := _anchors(base, side, (a, b, c, d), budget):
            parts = []
            for x, y in anchors:
                parts.append((a, x, c, y))
                a, c = x + 1, y + 1
            waiting += reversed([*parts, (a, b, c, d)])
        else:
            yield a, b, c, d


def _trimmed(base: Sequence[Any], side: Sequence[Any], span: Span, budget: Budget) -> Span:
    """The span without what is the same at its beginning and its end."""
    a, b, c, d = span
    size = b - a + d - c
    while a < b and c < d and base[a] == side[c]:
        a, c = a + 1, c + 1
    while a < b and c < d and base[b - 1] == side[d - 1]:
        b, d = b - 1, d - 1
    budget.spend(size - (b - a + d - c) + 1)
    return a, b, c, d


def _few_edits(base: Sequence[Any], side: Sequence[Any], budget: Budget) -> list[Span] | None:
    """The spans that differ by the fewest single edits; None where these are many."""
    n, m = len(base), len(side)
    furthest = {1: 0}
    trail: list[dict[int, int]] = []
    for edits in range(min(n + m, FEW) + 1):
        trail.append(dict(furthest))
        steps = 2 * edits + 1
        for k in range(-edits, edits + 1, 2):
            down = k == -edits or (k != edits and furthest[k - 1] < furthest[k + 1])
            start = x = furthest[k + 1] if down else furthest[k - 1] + 1
            while x < n and x - k < m and base[x] == side[x - k]:
                x += 1
            steps += x - start
            furthest[k] = x
            if x >= n and x - k >= m:
                budget.spend(steps)
                return _backwards(trail, n, m)
        if not budget.spend(steps):
            return None
    return None


def _backwards(trail: list[dict[int, int]], x: int, y: int) -> list[Span]:
    found: list[Span] = []
    for edits in range(len(trail) - 1, 0, -1):
        furthest, k = trail[edits], x - y
        down = k == -edits or (k != edits and furthest[k - 1] < furthest[k + 1])
        x = furthest[k + 1] if down else furthest[k - 1]
        y = x - (k + 1 if down else k - 1)
        found.append((x, x, y, y + 1) if down else (x, x + 1, y, y))
    return found[::-1]


def _anchors(base: Sequence[Any], side: Sequence[Any], span: Span, budget: Budget) -> list[tuple[int, int]]:
    """Where elements stand that are in both just once, as far as their order is the same in both."""
    a, b, c, d = span
    if not budget.spend(2 * (b - a + d - c)):
        return []
    once = {element for element, times in Counter(side[c:d]).items() if times == 1}
    once &= {element for element, times in Counter(base[a:b]).items() if times == 1}
    there = {side[y]: y for y in range(c, d) if side[y] in once}
    pairs = [(x, there[base[x]]) for x in range(a, b) if base[x] in once]
    return [pairs[i] for i in longest_increasing([y for _, y in pairs])]


def longest_increasing(values: Sequence[int]) -> list[int]:
    """The positions of a longest increasing part of the values."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for i, value in enumerate(values):
        at = bisect_left(tails, value)
        before.append(ends[at - 1] if at else -1)
        tails[at : at + 1] = [value]
        ends[at : at + 1] = [i]
    found = []
    i = ends[-1] if ends else -1
    while i >= 0:
        found.append(i)
        i = before[i]
    return found[::-1]
