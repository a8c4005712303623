"""The host's staff open a case, and lead it where no letter does."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from wardmote.hosting import operations as hosting
from wardmote.hosting.policy import ItemDraft, ItemStatus, Stage
from wardmote.hosting.policy.items import CAPTURE_LIMIT
from wardmote.hosting.policy.ladder import BY_HAND
from wardmote.journeys.steps.permission import host_staff
from wardmote.kernel.errors import Refused
from wardmote.kernel.i18n import gettext as _
from wardmote.network.policy import clean_text

SUMMARY_LIMIT = 300


def open_host_case(
    *,
    staff_id: int,
    customer_id: int,
    summary: str,
    life_threat: bool,
    items: Sequence[ItemDraft],
    now: datetime,
) -> int:
    """A case about posts of a customer's; gives its id. Nothing reaches the customer before a notice is sent."""
    staff = host_staff(staff_id)
    words = clean_text(summary, limit=SUMMARY_LIMIT, field="summary", required=True)
    cleaned = [
        replace(i, capture=clean_text(i.capture, limit=CAPTURE_LIMIT, field="capture", required=True)) for i in items
    ]
    with transaction.atomic(durable=True):
        case = hosting.open_case(
            customer_id=customer_id, summary=words, life_threat=life_threat, items=cleaned, staff=staff, now=now
        )
    return case.pk


def move(*, staff_id: int, case_id: int, to: Stage, reason: str, seen: str | None = None, now: datetime) -> None:
    """Take a step that no letter and no decision of two brings about."""
    staff = host_staff(staff_id)
    if to not in BY_HAND:
        raise Refused(_("A case comes there by a letter, an answer or a decision, not by hand."))
    with transaction.atomic(durable=True):
        case = hosting.locked_case(case_id, seen=seen)
        hosting.move_case(case=case, to=to, actor=staff, reason=hosting.check_reason(reason), now=now)
        if to is Stage.RECHECK:
            hosting.plan_checks(case, series=True, now=now)
            hosting.follow_disputes(case, now=now)


def withdraw_item(
    *, staff_id: int, case_id: int, item_id: int, reason: str, seen: str | None = None, now: datetime
) -> None:
    """Take back what was reported in error."""
    staff = host_staff(staff_id)
    with transaction.atomic(durable=True):
        case = hosting.locked_case(case_id, seen=seen)
        hosting.withdraw_item(case=case, item_id=item_id, reason=reason, staff=staff, now=now)


def settle_item(
    *,
    staff_id: int,
    case_id: int,
    item_id: int,
    status: ItemStatus,
    reason: str,
    seen: str | None = None,
    now: datetime,
) -> None:
    """A person reads what the checks do not say by themselves."""
    staff = host_staff(staff_id)
    with transaction.atomic(durable=True):
        case = hosting.locked_case(case_id, seen=seen)
        hosting.settle_item(case=case, item_id=item_id, status=status, reason=reason, staff=staff, now=now)


def decide_dispute(
    *, staff_id: int, case_id: int, item_id: int, upheld: bool, reason: str, seen: str | None = None, now: datetime
) -> None:
    """Somebody who did not open the case reads what the customer says; upheld, the item is withdrawn."""
    staff = host_staff(staff_id)
    with transaction.atomic(durable=True):
        case = hosting.locked_case(case_id, seen=seen)
        hosting.decide_dispute(case=case, item_id=item_id, upheld=upheld, reason=reason, staff=staff, now=now)


def extend(*, staff_id: int, case_id: int, hours: int, reason: str, seen: str | None = None, now: datetime) -> None:
    """Give the customer more time, once a case."""
    staff = host_staff(staff_id)
    with transaction.atomic(durable=True):
        case = hosting.locked_case(case_id, seen=seen)
        hosting.extend_case(case=case, hours=hours, reason=reason, staff=staff, now=now)


def note_outage(*, staff_id: int, started_at: datetime, ended_at: datetime, reason: str, now: datetime) -> int:
    """We could not be reached: every customer's deadline moves; gives the outage's id."""
    staff = host_staff(staff_id)
    words = clean_text(reason, limit=SUMMARY_LIMIT, field="reason", required=True)
    with transaction.atomic(durable=True):
        return hosting.note_outage(started_at=started_at, ended_at=ended_at, reason=words, staff=staff, now=now)
