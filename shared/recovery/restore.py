"""What a backup changes where it belongs: it is merged in, takes the place of what is there, or becomes a save."""

import copy
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from shared.call import Call
from shared.drafts import ABOUT_ITSELF, draft_of, without_clocks
from shared.firestore.batch import Batch
from shared.firestore.commit import is_there
from shared.merge import merge
from shared.merge.conflicts import replaced_paths
from shared.projects.add_merge import Merge, add_merge
from shared.projects.home import Home, caller_at, conflict_save, with_new_conflicts, write
from shared.recovery.backup import Backup
from shared.recovery.decide import Action
from shared.recovery.quarantine import digest, name_of
from shared.recovery.sources import state_at
from shared.schemas.conflict import NEW_AT_ONCE


def restore(batch: Batch, backup: Backup, home: Home, action: Action) -> Merge:
    """Add what the backup changes there. What of it could not be read stays as it is stored: it is not deleted."""
    base = backup.base
    if base is None or action != "merge":
        base = backup.without_unreadable(copy.deepcopy(state_at(home)))
    was, mine = in_terms_of(home, base), in_terms_of(home, backup.state)
    if action == "overwrite":
        return _overwrite(batch, home, was, mine)
    return add_merge(batch, home, was, mine, "stored", backup.facts.get("timestamp"), _save_id(home.call, backup))


def _overwrite(batch: Batch, home: Home, base: Mapping[str, Any], mine: Mapping[str, Any]) -> Merge:
    """The backup's state replaces what is there, which becomes a save: each value that is gone is an open conflict."""
    before = without_clocks(home.current)
    state, _ = merge(base, mine, before)
    paths = _words(replaced_paths(before, state))
    kept = conflict_save(home, home.current, "Before a restore", "before-restore") if before else None
    write(batch, home, state, kept, paths, home.author)
    return Merge(state, with_new_conflicts(home, kept, paths, home.author), kept=kept)


def keep_as_save(batch: Batch, backup: Backup, home: Home, tell: bool) -> Merge:
    """The backup's state becomes a save, once, and each value that is not in what is stored an open conflict."""
    mine, before = in_terms_of(home, backup.state), without_clocks(home.current)
    kept = conflict_save(home, mine, "") | {"id": _save_id(home.call, backup), "name": name_of(backup)}
    if is_there(home.saves.document(kept["id"])):  # it has been told of
        return Merge(before, home.conflicts, kept=kept)
    paths = _words(replaced_paths(mine, before)) if tell else []
    author = caller_at(home.call, backup.facts.get("timestamp"))
    write(batch, home, before, kept, paths, author)
    return Merge(before, with_new_conflicts(home, kept, paths, author), kept=kept)


def _words(paths: Iterable[str]) -> list[str]:
    """Those of the paths where somebody's words are, as many as one write may open."""
    return list(islice((path for path in paths if path.split(".")[0] not in ABOUT_ITSELF), NEW_AT_ONCE))


def _save_id(call: Call, backup: Backup) -> str:
    """The id of the save that the state would become: the same for the same backup of the same person."""
    return digest([call.caller.uid, backup.state])


def in_terms_of(home: Home, state: Mapping[str, Any]) -> Mapping[str, Any]:
    return state if home.in_project else draft_of(home.tool, state)
