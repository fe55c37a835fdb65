"""Three-way merge: what two sides made of a state, from what both had seen. Pure functions; there is no other merge.

    merged, reports = merge(base, mine, stored, stands="mine")

Maps merge field by field (states.py), lists by their elements (lists.py), texts by their words (texts.py).
"""

from shared.merge.states import CONFLICT, EDIT_KEPT, merge
from shared.merge.values import MISSING, same

__all__ = ["CONFLICT", "EDIT_KEPT", "MISSING", "merge", "same"]
