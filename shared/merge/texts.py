"""Two people's edits of one text, word by word and edit by edit.

Not chunk against chunk, as diff3 does: a word of the base stays unless a side took it out, and what a side put in
stands where it was put in. "Sunblades" and "Sunblade of Dawn" (from "Sunblade") give "Sunblades of Dawn".
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from shared.merge.diff import Hunk, hunks
from shared.merge.insertions import Alone, both, extended
from shared.merge.values import Budget, Side
from shared.merge.words import UNSPACED, Unit, Words, joined, split

_CODE = re.compile(r"[\d_/:@#.\\-]")  # in an id, a number, an address, but hardly in a word
_QUANTITY = re.compile(r"\s*[+-]?\d")  # "50 gp", "1d8 + 1", "15 (natural armor)"
SHORT = 40  # letters


class MergedText(NamedTuple):
    """The text; whether both replaced the same, so that one had to stand; whether an edit stands against a deletion."""

    text: str
    conflict: bool = False
    edit_kept: bool = False


def merge_texts(base: str, mine: str, stored: str, stands: Side, budget: Budget, one_value: bool = False) -> MergedText:
    """The text that both edits make of the base. `one_value`: its words are no text, so it is one side's as it is."""
    if mine == stored or stored == base:
        return MergedText(mine)
    if mine == base:
        return MergedText(stored)
    if not mine or not stored:
        return MergedText(mine or stored, edit_kept=True)
    whole = MergedText(mine if stands == "mine" else stored, conflict=True)
    if one_value or _is_one_value(base, mine, stored):
        return whole
    before, my_words = split(base), split(mine)
    ours = _edits(before, my_words, budget)
    theirs = split(stored)
    if _has_these(before, ours, my_words, theirs, budget):
        return MergedText(stored)
    found = _merged(before, ours, _edits(before, theirs, budget), stands, budget)
    result = split(found.text)
    if _has_these(before, ours, my_words, result, budget):
        return found  # so that a repeated merge changes nothing
    again = _merged(before, ours, _edits(before, result, budget), stands, budget)
    return found if again.text == found.text else whole


def _is_one_value(base: str, mine: str, stored: str) -> bool:
    """Ids, numbers, addresses, choices: weaving these would make a value that nobody chose."""
    texts = [text for text in (base, mine, stored) if text]
    if all(len(text) <= SHORT and _QUANTITY.match(text) for text in texts):
        return True
    if any(re.search(rf"[\s{UNSPACED}]", text) for text in (mine, stored)):
        return False
    return bool(base) or any(_CODE.search(text) for text in (mine, stored))


class _Edits(NamedTuple):
    """What a side did: its hunks, whose new elements are units; the space before each word that it kept, by the word's
    place in the base; and its own places where that is another one than it was."""

    hunks: list[Hunk]
    spaces: dict[int, str]
    respaced: list[int]


def _edits(base: Words, side: Words, budget: Budget) -> _Edits:
    units = list(zip(side.words, side.spaces, strict=True))
    found: list[Hunk] = []
    spaces: dict[int, str] = {}
    respaced, kept, there = [], 0, 0
    for hunk in [*hunks(base.words, side.words, budget), Hunk(len(base.words), len(base.words), [], len(units))]:
        spaces |= zip(range(kept, hunk.start), side.spaces[there : hunk.at], strict=True)
        respaced += [i for i in range(there, hunk.at) if side.spaces[i] != base.spaces[kept + i - there]]
        found.append(hunk._replace(new=units[hunk.at : hunk.at + len(hunk.new)]))
        kept, there = hunk.end, hunk.at + len(hunk.new)
    return _Edits(found[:-1], spaces, respaced)


def _has_these(base: Words, ours: _Edits, mine: Words, other: Words, budget: Budget) -> bool:
    """Whether all that mine put in and took out is so in the other text, too."""
    later, first = hunks(mine.words, other.words, budget), 0
    if any(mine.spaces[i] != other.spaces[j] for i, j in _places(ours.respaced, later)):
        return False
    put_in = [set(change.new) for change in later]
    budget.spend(sum(map(len, put_in)))
    for hunk in ours.hunks:
        start, end, gone = hunk.at, hunk.at + len(hunk.new), set(base.words[hunk.start : hunk.end])
        budget.spend(len(gone))
        while first < len(later) and later[first].end < start:
            first += 1
        for i in range(first, len(later)):
            change = later[i]
            if change.start > end:
                break
            budget.spend(min(len(gone), len(put_in[i])))  # of two sets, Python looks for the fewer in the other
            if max(change.start, start) < min(change.end, end) or not gone.isdisjoint(put_in[i]):
                return False
    return True


def _places(positions: list[int], later: list[Hunk]) -> Iterator[tuple[int, int]]:
    """Each of the positions with the one that the word has after these hunks, as far as it stayed."""
    next_one, moved = 0, 0
    for position in positions:
        while next_one < len(later) and later[next_one].end <= position:
            hunk = later[next_one]
            moved += len(hunk.new) - (hunk.end - hunk.start)
            next_one += 1
        if next_one == len(later) or position < later[next_one].start:
            yield position, position + moved


def _merged(base: Words, ours: _Edits, theirs: _Edits, stands: Side, budget: Budget) -> MergedText:
    units = [_kept(base, i, ours, theirs) for i in range(len(base.words))]
    text: list[Unit] = []
    at, conflict, edit_kept = 0, False, False
    before = Alone("", 0, 0, [])
    for start, end, mine, stored in _groups(ours.hunks, theirs.hunks):
        text += units[at:start]
        at = end
        views = {"mine": _view(units, start, end, mine), "stored": _view(units, start, end, stored)}
        adding = {side for side, edits in (("mine", mine), ("stored", stored)) if any(hunk.new for hunk in edits)}
        if not mine or not stored:
            alone = Alone(side := "mine" if mine else "stored", start, end, views[side])
            text += alone.beside(before)
            before = alone
        elif len(adding) == 1:  # the other side only deleted
            edit_kept = True
            text += views[adding.pop()]
        elif not adding:
            gone = {i for hunk in (*mine, *stored) for i in range(hunk.start, hunk.end)}
            text += [units[i] for i in range(start, end) if i not in gone]
        elif (longer := extended(views["stored"], views["mine"])) is not None:
            text += longer
        elif start == end:
            text += both(views["stored"], views["mine"], budget)
        else:
            conflict = True
            text += views[stands]
    return MergedText(joined(text + units[at:]), conflict, edit_kept)


def _kept(base: Words, i: int, ours: _Edits, theirs: _Edits) -> Unit:
    """A word of the base with the space that stands before it now."""
    was = base.spaces[i]
    mine = ours.spaces.get(i, was)
    return base.words[i], theirs.spaces.get(i, was) if mine == was else mine


def _groups(ours: list[Hunk], theirs: list[Hunk]) -> list[tuple[int, int, list[Hunk], list[Hunk]]]:
    """The hunks of both sides in order, those together that overlap, or insert at one place; with their span."""
    marked = [(hunk, "mine") for hunk in ours] + [(hunk, "stored") for hunk in theirs]
    marked.sort(key=lambda found: (found[0].start, found[0].end > found[0].start))
    groups: list[tuple[int, int, list[Hunk], list[Hunk]]] = []
    for hunk, side in marked:
        start, end, mine, stored = groups[-1] if groups else (-1, -1, [], [])
        if not (hunk.start < end or (hunk.start == hunk.end == start == end)):
            start, end, mine, stored = hunk.start, hunk.end, [], []
            groups.append((start, end, mine, stored))
        (mine if side == "mine" else stored).append(hunk)
        groups[-1] = (start, max(end, hunk.end), mine, stored)
    return groups


def _view(units: list[Unit], start: int, end: int, edits: list[Hunk]) -> list[Unit]:
    """What stands in the span of the base after these edits."""
    found: list[Unit] = []
    for hunk in edits:
        found += [*units[start : hunk.start], *hunk.new]
        start = hunk.end
    return found + units[start:end]
