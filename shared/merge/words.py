"""A text as its words, each with the space before it, and back."""

import re
from typing import NamedTuple

# Scripts without spaces count each letter as a word; what joins letters or emoji belongs to them.
UNSPACED = "\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff"
_JOINING = "\u0300-\u036f\u200d\ufe0e\ufe0f"
_TOKEN = re.compile(rf"[{UNSPACED}]|(?:[^\W{UNSPACED}]|[{_JOINING}])+|[^\w\s][{_JOINING}\U0001f3fb-\U0001f3ff]*")
_WORD = re.compile(rf"[^\W{UNSPACED}]")

Unit = tuple[str, str]  # a word and the space before it


class Words(NamedTuple):
    """A text as its words and signs, each with the space before it. At the end is an empty word."""

    words: list[str]
    spaces: list[str]


def split(text: str) -> Words:
    """The words of a text: with their spaces, joined, they are the text."""
    words, spaces, end = [], [], 0
    for found in _TOKEN.finditer(text):
        words.append(found[0])
        spaces.append(text[end : found.start()])
        end = found.end()
    return Words([*words, ""], [*spaces, text[end:]])


def words_of(text: str) -> list[str]:
    """The words and signs alone."""
    return _TOKEN.findall(text)


def joined(units: list[Unit]) -> str:
    """The text of the units; where two words would grow together, one space stands between them."""
    parts, before = [], ""
    for word, space in units:
        grown = not space and before and word and _WORD.match(before[-1]) and _WORD.match(word)
        parts += [" " if grown else space, word]
        before = word
    return "".join(parts)
