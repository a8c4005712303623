"""How decisions ended: the one place that reads it off the rows, one by one or to be counted."""

from django.db.models import Q

from wardmote.moderation.models import Appeal, Decision
from wardmote.moderation.policy import AppealState
from wardmote.moderation.policy.endings import Ending, ending

BESIDE = ("appeal", "corrected_by")
"""What of a decision is fetched along (`select_related`) so that its ending costs no further query."""

_UNDONE = Q(reversed_at__isnull=False, taken_back_at__isnull=True)
ENDED = {
    Ending.TAKEN_BACK: Q(taken_back_at__isnull=False),
    Ending.CORRECTED: _UNDONE & Q(corrected_by__isnull=False),
    Ending.REVERSED: _UNDONE & Q(corrected_by__isnull=True, appeal__state=AppealState.REVERSED.value),
    Ending.LIFTED: _UNDONE
    & Q(corrected_by__isnull=True)
    & (Q(appeal__isnull=True) | ~Q(appeal__state=AppealState.REVERSED.value)),
}
"""Each ending as a condition on decisions, for counting."""


def ending_of(decision: Decision) -> Ending | None:
    """How a decision ended; None while it holds."""
    appealed: Appeal | None = getattr(decision, "appeal", None)
    return ending(
        undone=decision.reversed_at is not None,
        taken_back=decision.taken_back_at is not None,
        corrected=hasattr(decision, "corrected_by"),
        appeal=appealed.state if appealed else "",
    )
