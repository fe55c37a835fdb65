"""Which elements of three lists are the same one, and in which order they stand after both sides' edits.

By their ids where all have one; otherwise by what they hold, an edited element paired with the one that it was.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from shared.merge.diff import Hunk, hunks, longest_increasing
from shared.merge.values import Budget, Side, content_key, same
from shared.merge.words import words_of

Key = Any  # stands for one element in all three lists
NEAR = 8  # elements among which the one is looked for that an edited one was
FIRST = 2_000  # letters by which texts are compared
KINDS = (Mapping, str)


class Aligned(NamedTuple):
    """The keys of each list's elements, in the list's order."""

    base: list[Key]
    mine: list[Key]
    stored: list[Key]
    by_id: bool  # whether an element's id tells it from all others, as text too


def align(base: list[Any], mine: list[Any], stored: list[Any], budget: Budget) -> Aligned:
    """The same key for the same element, in whichever of the lists it stands."""
    was, left, right = _ids(base), _ids(mine), _ids(stored)
    if was is not None and left is not None and right is not None:
        return Aligned(
            was, left, right, by_id=len({str(key[1]) for key in {*was, *left, *right}}) == len({*was, *left, *right})
        )
    ours, theirs = _origins(base, mine, budget), _origins(base, stored, budget)
    twins = _twins(
        [(i, mine[i]) for i, key in enumerate(ours) if key is None],
        [(i, stored[i]) for i, key in enumerate(theirs) if key is None],
        budget,
    )
    keys_of_mine = [("mine", i) if key is None else ("base", key) for i, key in enumerate(ours)]
    keys_of_stored = [("stored", i) if key is None else ("base", key) for i, key in enumerate(theirs)]
    for i, j in twins:
        keys_of_stored[j] = keys_of_mine[i]
    return Aligned([("base", i) for i in range(len(base))], keys_of_mine, keys_of_stored, by_id=False)


def _ids(side: list[Any]) -> list[Key] | None:
    """The elements' ids, if all have one of their own. 1 and "1" are two ids, and so are 1 and true."""
    if not all(isinstance(element, Mapping) and isinstance(element.get("id"), str | int) for element in side):
        return None
    found = [(type(element["id"]).__name__, element["id"]) for element in side]
    return found if len(set(found)) == len(found) else None


def _origins(base: list[Any], side: list[Any], budget: Budget) -> list[int | None]:
    """For each element of a side, the position in the base that it had; None if it is new."""
    was, now = [content_key(element) for element in base], [content_key(element) for element in side]
    origins: list[int | None] = []
    gaps: list[tuple[range, range]] = []  # of the base, and of the side
    at = 0
    for hunk in [*hunks(was, now, budget), Hunk(len(base), len(base), [], len(side))]:
        origins += range(at, hunk.start)
        gaps.append((range(hunk.start, hunk.end), range(len(origins), len(origins) + len(hunk.new))))
        origins += [None] * len(hunk.new)
        at = hunk.end
    _find_moved(was, now, origins)
    known = set(origins)
    for before, after in gaps:
        old = [i for i in before if i not in known]
        new = [i for i in after if origins[i] is None]
        for i, j in _pairs([base[i] for i in old], [side[i] for i in new], budget):
            origins[new[i]] = old[j]
    _find_moved_and_edited(base, side, origins, budget)
    return origins


def _find_moved(was: list[Key], now: list[Key], origins: list[int | None]) -> None:
    """An element that is gone here and stands there as it was has been moved."""
    known = set(origins)
    gone: dict[Key, list[int]] = {}
    for i in range(len(was) - 1, -1, -1):
        if i not in known:
            gone.setdefault(was[i], []).append(i)
    for position, key in enumerate(now):
        if origins[position] is None and gone.get(key):
            origins[position] = gone[key].pop()


def _find_moved_and_edited(base: list[Any], side: list[Any], origins: list[int | None], budget: Budget) -> None:
    """An element that is gone here, and one that was probably made from it stands there."""
    known = set(origins)
    gone = deque(i for i in range(len(base)) if i not in known)  # taken out near its beginning
    for position, origin in enumerate(origins):
        if origin is None:
            made_from = (i for i in islice(gone, NEAR) if _is_edited(base[i], side[position], budget))
            if (found := next(made_from, None)) is not None:
                origins[position] = found
                gone.remove(found)


def _pairs(olds: Sequence[Any], news: Sequence[Any], budget: Budget) -> list[tuple[int, int]]:
    """(new, old): each new element with the first old one near it that it was probably made from, in order."""
    found, first = [], 0
    for i, new in enumerate(news):
        for j in range(first, min(len(olds), first + NEAR)):
            if _is_edited(olds[j], new, budget):
                found.append((i, j))
                first = j + 1
                break
    return found


def _is_edited(old: Any, new: Any, budget: Budget) -> bool:
    """Whether the one was made from the other: half of its fields, or of its words, are there, or all and more."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        budget.spend(len(old) + len(new))
        if old.get("id") != new.get("id"):
            return False
        kept = sum(1 for name, value in old.items() if value not in ("", None) and same(value, new.get(name)))
        told = sum(1 for value in old.values() if value not in ("", None))
        return kept * 2 >= told or ("name" in old and bool(old["name"]) and same(old["name"], new.get("name")))
    if isinstance(old, str) and isinstance(new, str):
        was, now = (set(words_of(text[:FIRST])) for text in (old, new))
        common, most = len(was & now), max(len(was), len(now))
        return budget.spend(len(was) + len(now)) and most > 1 and (2 * common >= most or 0 < common == len(was))
    return False


def _twins(mine: list[tuple[int, Any]], stored: list[tuple[int, Any]], budget: Budget) -> list[tuple[int, int]]:
    """New elements that both sides have: the same content, or one side's with more in it; each once, in order.

    More fields, or more words: a row that one put back, and that stands as another wrote on in it, is one row.
    """
    by_content: dict[Key, list[int]] = {}
    for j, element in reversed(stored):
        by_content.setdefault(content_key(element), []).append(j)
    found, left = [], []
    for i, element in mine:
        if waiting := by_content.get(content_key(element)):
            found.append((i, waiting.pop()))
        else:
            left.append((i, element))
    taken = {j for _, j in found}
    others = {kind: [(j, other) for j, other in stored if j not in taken and isinstance(other, kind)] for kind in KINDS}
    for i, element in left:
        for kind in KINDS:
            near = others[kind][:NEAR] if isinstance(element, kind) else []
            budget.spend(sum(min(len(other), FIRST) for _, other in near))
            if more := [pair for pair in near if _adds_to(element, pair[1]) or _adds_to(pair[1], element)]:
                found.append((i, more[0][0]))
                others[kind].remove(more[0])
    return found


def _adds_to(more: Any, less: Any) -> bool:
    if isinstance(less, str):
        return bool(less) and set(words_of(less[:FIRST])) <= set(words_of(more[:FIRST])) and len(less) <= len(more)
    return all(name in more and same(value, more[name]) for name, value in less.items())


def order(base: list[Key], mine: list[Key], stored: list[Key], stands: Side) -> tuple[list[Key], bool]:
    """All keys of mine and stored, as both ordered them, and whether both moved one element to different places.

    What mine put in or moved stands behind the element that it follows there, and behind what was put in there before.
    """
    ours, theirs = _moved(base, mine), _moved(base, stored)
    both = ours & theirs if _common(mine, stored) != _common(stored, mine) else set()
    leaving = ours - theirs if stands == "stored" else ours
    staying = [key for key in stored if key not in leaving]
    placed, known = set(staying), {*base, *mine}
    behind: dict[Key, list[Key]] = {}
    last: Key = None
    for key in mine:
        if key in placed:
            last = key
        else:
            behind.setdefault(last, []).append(key)
    result: list[Key] = []
    waiting = behind.get(None, [])
    for key in staying:
        if key in known:
            result += waiting
            waiting = behind.get(key, [])
        result.append(key)
    return result + waiting, bool(both)


def _common(side: list[Key], other: list[Key]) -> list[Key]:
    there = set(other)
    return [key for key in side if key in there]


def _moved(base: list[Key], side: list[Key]) -> set[Key]:
    """The fewest elements whose moving made the side's order of the base's."""
    position = {key: i for i, key in enumerate(base)}
    kept = [key for key in side if key in position]
    stayed = {kept[i] for i in longest_increasing([position[key] for key in kept])}
    return set(kept) - stayed
