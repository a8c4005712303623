"""Background handlers that cross domains."""

from datetime import datetime

from django.db import transaction

from wardmote.hosting import operations as hosting
from wardmote.journeys.hand_over import deliver_acceptance, deliver_answer, deliver_notice, deliver_policy
from wardmote.journeys.host_asks import answer_host_for_decision, open_cases_for_notice
from wardmote.journeys.host_recheck import look_at_item
from wardmote.journeys.receipts import hand_receipt

__all__ = [
    "answer_host_for_decision",
    "deliver_acceptance",
    "deliver_answer",
    "deliver_notice",
    "deliver_policy",
    "hand_receipt",
    "host_clock",
    "look_at_item",
    "open_cases_for_notice",
]


def host_clock(clock_id: int, *, now: datetime) -> None:
    """A clock of the host's desk has run out, or was moved meanwhile; the desk looks. Nothing is suspended here."""
    with transaction.atomic(durable=True):
        hosting.see_clock(clock_id=clock_id, now=now)
