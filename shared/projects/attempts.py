"""Which of a client's saves without an answer was stored: what it typed since goes on from that one.

The document tells it (`last_saves`), unless another writer's save took that place: then it is looked for in
what is stored.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from typing import Any

from shared.drafts import without_clocks
from shared.merge import merge, same
from shared.merge.differences import leaf_differences
from shared.merge.words import words_of
from shared.projects.home import Home

WRITER = 8  # characters that all save ids of one writer begin with


def newest_stored(
    home: Home, base: Mapping[str, Any], attempts: Iterable[Mapping[str, Any]], save_ids: Sequence[str] = ()
) -> Mapping[str, Any]:
    """The newest of the saves without an answer that is in what is stored, or the base: what mine goes on from.

    Compared with the old base, the client's own words would be another writer's, and stand there twice.
    """
    newest = list(attempts)[::-1]
    for save_id, attempt in zip(save_ids[::-1], newest, strict=False):
        if save_id in home.last_saves:
            return attempt
    writers = {save_id[:WRITER] for save_id in save_ids if save_id}
    if writers & {save_id[:WRITER] for save_id in home.last_saves}:  # stored was an earlier one
        return base
    was, now = without_clocks(base), without_clocks(home.current)
    for attempt in newest:
        sent = without_clocks(attempt)
        if _changes_nothing(was, sent, now) or _is_in(was, sent, now):
            return attempt
    return base


def _changes_nothing(was: Mapping[str, Any], sent: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Whether merging it once more leaves all as it is."""
    merged, reports = merge(was, sent, now)
    return not reports and same(merged, now)


def _is_in(was: Mapping[str, Any], sent: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Whether all words that it put into a field came there, and all that it took out went, whoever wrote there too.

    All: rows of a list are alike but for a word or two, and another's new row is no sign of this one.
    """
    any_new = False
    for path in leaf_differences(was, sent):
        before, put, found = (_words_at(state, path) for state in (was, sent, now))
        if not (put - before <= found - before and before - put <= before - found):
            return False
        any_new = any_new or bool(put - before)
    return any_new


def _words_at(state: Any, path: tuple[str, ...]) -> Counter[str]:
    value = reduce(lambda inner, name: inner.get(name) if isinstance(inner, Mapping) else None, path, state)
    if value is None:
        return Counter()
    text = value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)
    return Counter(words_of(text))
