"""Looks at items are planned; the looking itself is a job, outside any transaction."""

from datetime import datetime

from wardmote.hosting.models import Case, Item
from wardmote.hosting.policy.items import SERIES
from wardmote.hosting.policy.kinds import ItemStatus
from wardmote.jobs import operations as jobs


def plan_check(item: Item, *, now: datetime, run_at: datetime | None = None) -> None:
    """One look."""
    jobs.put("journeys.look_at_item", item.pk, now=now, run_at=run_at)


def plan_series(item: Item, *, now: datetime) -> None:
    """As many looks, over as long, as a verdict needs."""
    for after in SERIES:
        plan_check(item, now=now, run_at=now + after)


def plan_checks(case: Case, *, series: bool, now: datetime) -> None:
    """One look at every item that is not withdrawn, or a series."""
    for item in Item.objects.filter(case=case).exclude(status=ItemStatus.WITHDRAWN.value):
        if series:
            plan_series(item, now=now)
        else:
            plan_check(item, now=now)
