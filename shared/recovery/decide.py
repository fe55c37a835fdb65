"""What becomes of a backup: a pure decision. docs/recovery.md is the table of all its cases, and the test reads it."""

from dataclasses import dataclass
from typing import Literal

Answer = Literal["exact", "matched", "new", "session", "default", "other_user"]
Action = Literal["none", "replace", "merge", "overwrite", "keep_as_save", "create"]
Draft = Literal["none", "same", "another"]
Seen = Literal["same", "base", "newer", "older"]


@dataclass(frozen=True)
class Facts:
    """All that the decision depends on."""

    whose: Literal["own", "other"]  # another user's backup is never used
    work: bool  # the state holds more than an untouched form
    unsaved: bool  # it differs from its base, and from what is stored where it belongs
    project: Literal["there", "gone", "unknown", "none"]  # its own; gone: or not the caller's to save; none: a draft
    match: bool  # another project has the work's name
    draft: Draft  # what the session holds in this tool
    fits: bool  # what would come of it is not larger than a document may be
    seen: Seen  # what is stored is as the backup saw it / it has a base / it is newer / older, or of no known age


BY_AGE: dict[Seen, Action] = {"same": "replace", "base": "merge", "newer": "overwrite", "older": "keep_as_save"}


def decide(facts: Facts) -> tuple[Answer, Action]:
    """Where the person goes on, and what is done with the backup's state there.

    replace: it replaces what it was based on. merge: by three ways. overwrite: it replaces what is there, which becomes
    a save first. keep_as_save: it becomes a save, and what is there stays. create: it becomes a project.
    """
    if facts.whose == "other":
        return "other_user", "none"
    lost = facts.work and facts.unsaved
    if facts.project == "there":
        return "exact", (BY_AGE[facts.seen] if facts.fits else "keep_as_save") if lost else "none"
    if not lost:
        return "default" if facts.draft == "none" else "session", "none"
    if facts.project == "none":
        if facts.draft == "another" or not facts.fits:
            return "new", "create"
        return "session", "replace" if facts.draft == "none" else BY_AGE[facts.seen]
    if facts.match:
        return "matched", "overwrite" if facts.seen == "newer" and facts.fits else "keep_as_save"
    return "new", "create"


SAID = {
    "none": "There is nothing in it that is not stored already.",
    "replace": "What was not stored yet is back.",
    "merge": "What was not stored yet is back, merged with what was saved meanwhile.",
    "overwrite": "It is newer than what was stored, and is back; what it replaces is kept as a save.",
    "keep_as_save": "What is stored is newer, or this is too large or of no known age: it is kept as a save.",
}


def why(answer: Answer, action: Action, project_id: str | None, noun: str, unreadable: bool) -> str:
    """The decision as a sentence for people. `project_id` is the backup's: none, or empty where it says nothing."""
    if answer == "other_user":
        return "This is the work of another account: nothing of it was used or kept here. Sign in there to get it back."
    unplaced = (
        "The project that it belongs to is gone, or not yours to save" if project_id else "No project is named in it"
    )
    begun = {
        "exact": "",
        "matched": f"{unplaced}; one of the same name was found. ",
        "new": f"{unplaced}, so the {noun} is a project of its own now."
        if project_id is not None
        else f"Another {noun} is in the session, or this one is too large for it: it is a project of its own now.",
        "session": "",
        "default": "",
    }[answer]
    rest = " What could not be read is kept as a save, too." if unreadable else ""
    return begun + SAID.get(action, "") + rest
