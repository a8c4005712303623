"""How a decision came to hold no more. Pure.

Said wherever somebody reads that a decision was undone: only what an appeal reversed is called reversed.
"""

from enum import StrEnum

from wardmote.moderation.policy import AppealState


class Ending(StrEnum):
    """What ended a decision. Not stored: it follows from what is."""

    TAKEN_BACK = "taken_back"
    CORRECTED = "corrected"
    REVERSED = "reversed"
    LIFTED = "lifted"


def ending(*, undone: bool, taken_back: bool, corrected: bool, appeal: str) -> Ending | None:
    """None while it holds. `undone`: it counts no more; `corrected`: another took its place; `appeal`: the state of
    the appeal against it, "" for none. What is undone in no other way is a removal that the owner lifted.
    """
    if not undone:
        return None
    if taken_back:
        return Ending.TAKEN_BACK
    if corrected:
        return Ending.CORRECTED
    return Ending.REVERSED if appeal == AppealState.REVERSED else Ending.LIFTED
