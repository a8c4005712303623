"""Background handlers that cross domains."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from wardmote.hosting import operations as hosting
from wardmote.jobs import operations as jobs
from wardmote.jobs.policy import MOST_TRIES, describe, pause
from wardmote.journeys.hosts.asks import answer_host_for_decision, open_cases_for_notice
from wardmote.journeys.hosts.recheck import recheck_item
from wardmote.journeys.moderators import second_thoughts
from wardmote.journeys.moderators.away import find_judge, find_judges
from wardmote.journeys.owners.agreements import end_offer as end_agreement_offer
from wardmote.journeys.owners.ownership import end as end_ownership_offer
from wardmote.journeys.owners.rules import tell_of_policy
from wardmote.journeys.steps import deliver as hand_over
from wardmote.journeys.steps import new_key, receipts, second_opinion
from wardmote.journeys.steps.cover import end_cover
from wardmote.outside.chat import Resting, Unreachable
from wardmote.outside.delivery import NotDelivered
from wardmote.outside.guard import FetchError

__all__ = [
    "answer_host_for_decision",
    "ask_second_opinion",
    "deliver_acceptance",
    "deliver_answer",
    "deliver_key",
    "deliver_notice",
    "deliver_policy",
    "end_agreement_offer",
    "end_cover",
    "end_ownership_offer",
    "find_judge",
    "find_judges",
    "hand_receipt",
    "host_clock",
    "open_cases_for_notice",
    "recheck_item",
    "tell_of_decision",
    "tell_of_policy",
]

OPINION_TRIES = 6
"""Asked again after at least 1, 2, 4, 8 and 16 minutes; an opinion that comes later than that has been overtaken."""
log = logging.getLogger(__name__)


def host_clock(clock_id: int, *, now: datetime) -> None:
    """A clock of the host's desk has run out, or was moved meanwhile; the desk looks. Nothing is suspended here."""
    with transaction.atomic(durable=True):
        hosting.see_clock(clock_id=clock_id, now=now)


def tell_of_decision(community_id: int, decision_id: int, *, now: datetime) -> None:
    """The time to take a decision back is over: author, reporters and host hear of it. Harmless to repeat."""
    with transaction.atomic(durable=True):
        second_thoughts.tell_of_decision(community_id=community_id, decision_id=decision_id, now=now)


def deliver_notice(notice_id: int, tries: int = 0, *, now: datetime) -> None:
    """Bring a letter to a customer elsewhere."""
    _patiently("journeys.deliver_notice", hand_over.deliver_notice, notice_id, tries=tries, now=now)


def deliver_answer(answer_id: int, tries: int = 0, *, now: datetime) -> None:
    """Bring an answer to a host elsewhere."""
    _patiently("journeys.deliver_answer", hand_over.deliver_answer, answer_id, tries=tries, now=now)


def deliver_policy(customer_id: int, number: int, tries: int = 0, *, now: datetime) -> None:
    """Bring a version of the policy to a customer elsewhere."""
    _patiently("journeys.deliver_policy", hand_over.deliver_policy, customer_id, number, tries=tries, now=now)


def deliver_acceptance(policy_id: int, tries: int = 0, *, now: datetime) -> None:
    """Bring an acceptance to a host elsewhere."""
    _patiently("journeys.deliver_acceptance", hand_over.deliver_acceptance, policy_id, tries=tries, now=now)


def deliver_key(to: str, row_id: int, statement: str, tries: int = 0, *, now: datetime) -> None:
    """Tell somebody elsewhere by which key ours will be followed."""
    _patiently("journeys.deliver_key", new_key.deliver_key, to, row_id, statement, tries=tries, now=now)


def hand_receipt(kind: str, row_id: int, tries: int = 0, *, now: datetime) -> None:
    """Give the other side the receipt of an entry, once it has its place in the log."""

    def hand(kind: str, row_id: int, *, now: datetime) -> None:
        if not receipts.hand_receipt(kind, row_id, now=now):
            _again("journeys.hand_receipt", kind, row_id, tries=tries, longest=timedelta(minutes=1), now=now)

    _patiently("journeys.hand_receipt", hand, kind, row_id, tries=tries, now=now)


def ask_second_opinion(case_id: int, tries: int = 0, *, now: datetime) -> None:
    """Ask a language model about a case. It is only advice: where nobody answers, the case goes without."""
    try:
        second_opinion.ask(case_id, now=now)
    except (Unreachable, Resting) as error:
        if tries + 1 >= OPINION_TRIES:
            log.warning("case %s goes without a second opinion: %s", case_id, describe(error))
            return
        rest = error.seconds if isinstance(error, Resting) else 0.0
        wait = max(timedelta(minutes=2**tries), timedelta(seconds=rest))
        jobs.put(second_opinion.JOB, case_id, tries + 1, now=now, run_at=now + wait)


def _patiently(name: str, deliver: Callable[..., None], *args: int | str, tries: int, now: datetime) -> None:
    """The other side may be down for days; after that the job fails, for somebody to look at."""
    try:
        deliver(*args, now=now)
    except (FetchError, NotDelivered) as error:
        if tries >= MOST_TRIES:
            raise
        log.warning("%s %s was not taken at attempt %s: %s", name, args, tries + 1, describe(error))
        _again(name, *args, tries=tries, longest=timedelta(hours=1), now=now)


def _again(name: str, *args: int | str, tries: int, longest: timedelta, now: datetime) -> None:
    jobs.put(name, *args, tries + 1, now=now, run_at=now + pause(tries + 1, longest=longest))
