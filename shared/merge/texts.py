"""Two people's edits of one text, word by word and edit by edit.

Not chunk against chunk, as diff3 does: a word of the base stays unless a side took it out, and what a side put in stands
where it was put in. "Sunblades" and "Sunblade of Dawn" (from "Sunblade") give "Sunblades of Dawn".
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from shared.merge.diff import Hunk, hunks
from shared.merge.values import Budget, Side

# Scripts without spaces count each letter as a word; what joins letters or emoji belongs to them.
_UNSPACED = "\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff"
_JOINING = "\u0300-\u036f\u200d\ufe0e\ufe0f"
_TOKEN = re.compile(rf"\s+|[{_UNSPACED}]|(?:[^\W{_UNSPACED}]|[{_JOINING}])+|[^\w\s][{_JOINING}\U0001f3fb-\U0001f3ff]*")
_WORD = re.compile(rf"[^\W{_UNSPACED}]")
_CODE = re.compile(r"[\d_/:@#.\\-]")  # in an id, a number, an address, but hardly in a word
_QUANTITY = re.compile(r"\s*[+-]?\d")  # "50 gp", "1d8 + 1", "15 (natural armor)"
SHORT = 40  # letters


class MergedText(NamedTuple):
    """The text; whether both replaced the same, so that one had to stand; whether an edit stands against a deletion."""

    text: str
    conflict: bool = False
    edit_kept: bool = False


def tokens(text: str) -> list[str]:
    """The words of a text, with all that stands between them: joined, they are the text."""
    return _TOKEN.findall(text)


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
    words = tokens(base)
    ours = _changes(words, tokens(mine), budget)
    found = _merged(words, ours, _changes(words, tokens(stored), budget), stands)
    again = _merged(words, ours, _changes(words, tokens(found.text), budget), stands)
    return found if again.text == found.text else whole  # a repeated merge must change nothing


def _is_one_value(base: str, mine: str, stored: str) -> bool:
    """Ids, numbers, addresses, choices: weaving these would make a value that nobody chose."""
    texts = [text for text in (base, mine, stored) if text]
    if all(len(text) <= SHORT and _QUANTITY.match(text) for text in texts):
        return True
    if any(re.search(rf"[\s{_UNSPACED}]", text) for text in (mine, stored)):
        return False
    return bool(base) or any(_CODE.search(text) for text in (mine, stored))


def _changes(base: list[str], side: list[str], budget: Budget) -> list[Hunk]:
    """The hunks of a text; two words replaced with but a space between them are one."""
    found: list[Hunk] = []
    for hunk in hunks(base, side, budget):
        last = found[-1] if found else None
        if last and last.end + 1 == hunk.start and base[last.end].isspace() and _replaces(last) and _replaces(hunk):
            found[-1] = Hunk(last.start, hunk.end, [*last.new, base[last.end], *hunk.new])
        else:
            found.append(hunk)
    return found


def _replaces(hunk: Hunk) -> bool:
    return hunk.start < hunk.end and len(hunk.new) > 0


def _merged(base: list[str], ours: list[Hunk], theirs: list[Hunk], stands: Side) -> MergedText:
    text: list[str] = []
    at, conflict, edit_kept = 0, False, False
    for start, end, mine, stored in _groups(ours, theirs):
        _append(text, base[at:start])
        at = end
        if not mine or not stored:
            for piece in _pieces(base, start, end, mine or stored):
                _append(text, piece)
            continue
        views = {"mine": _view(base, start, end, mine), "stored": _view(base, start, end, stored)}
        if any(hunk.new for hunk in mine) != any(hunk.new for hunk in stored):  # one side only deleted
            edit_kept = True
            _append(text, views["mine" if any(hunk.new for hunk in mine) else "stored"])
        elif not any(hunk.new for hunk in mine):
            gone = {i for hunk in (*mine, *stored) for i in range(hunk.start, hunk.end)}
            _append(text, [base[i] for i in range(start, end) if i not in gone])
        elif (longer := _extended(views["stored"], views["mine"])) is not None:
            _append(text, longer)
        elif start == end:
            _append(text, views["stored"])
            _append(text, views["mine"])
        else:
            conflict = True
            _append(text, views[stands])
    _append(text, base[at:])
    return MergedText("".join(text), conflict, edit_kept)


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


def _pieces(base: list[str], start: int, end: int, edits: list[Hunk]) -> list[Sequence[str]]:
    """What stands in the span of the base after these edits."""
    found: list[Sequence[str]] = []
    for hunk in edits:
        found += [base[start : hunk.start], hunk.new]
        start = hunk.end
    return [*found, base[start:end]]


def _view(base: list[str], start: int, end: int, edits: list[Hunk]) -> list[str]:
    return [token for piece in _pieces(base, start, end, edits) for token in piece]


def _extended(one: list[str], other: list[str]) -> list[str] | None:
    """The longer of the two, where it is the shorter with something added at one place."""
    shorter, longer = sorted((one, other), key=len)
    most = len(shorter)
    first = next((i for i in range(most) if shorter[i] != longer[i]), most)
    last = next((i for i in range(most - first) if shorter[-1 - i] != longer[-1 - i]), most - first)
    return longer if first + last == most or _holds(longer, shorter) else None


def _holds(longer: list[str], shorter: list[str]) -> bool:
    """Whether the one stands in the other. As texts of one letter a word, so that the search is linear."""
    letters: dict[str, str] = {}
    for token in (*shorter, *longer):
        letters.setdefault(token, chr(0x10000 + len(letters) % 0xF0000))
    return "".join(map(letters.__getitem__, shorter)) in "".join(map(letters.__getitem__, longer))


def _append(text: list[str], more: Sequence[str]) -> None:
    """Add to the text; where two words would grow together, one space stands between them."""
    if text and more and _WORD.match(text[-1][-1]) and _WORD.match(more[0]):
        text.append(" ")
    text += more
