"""Clocks are started, paused, given more time, and ended."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from wardmote.hosting.models import Case, Clock, Item, Outage
from wardmote.hosting.policy.clocks import Clock as Reading
from wardmote.hosting.policy.clocks import check_outage
from wardmote.hosting.policy.kinds import ClockName
from wardmote.jobs import operations as jobs
from wardmote.kernel.clock import to_rfc3339
from wardmote.kernel.errors import Conflict
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.urn import Urn
from wardmote.record import operations as record


def start_clock(*, case: Case, name: ClockName, length: timedelta, item: Item | None = None, now: datetime) -> Clock:
    """A clock begins to run, and a job looks when it runs out. An item's clock is started once."""
    reading = Reading.start(now, length)
    clock = Clock.objects.create(
        case=case,
        item=item,
        name=name.value,
        started_at=reading.started_at,
        length=reading.length,
        ran=reading.ran,
        running_since=reading.running_since,
    )
    _watch(clock, now=now)
    return clock


def end_clocks(clocks: QuerySet[Clock], *, now: datetime) -> None:
    """What they measured is over."""
    clocks.update(ended_at=now)


def pause_clock(clock: Clock, *, now: datetime) -> None:
    """Stand still."""
    clock.store(clock.reading().pause(now))


def resume_clock(clock: Clock, *, now: datetime) -> None:
    """Run on."""
    clock.store(clock.reading().resume(now))
    _watch(clock, now=now)


def credit_clock(clock: Clock, more: timedelta, *, now: datetime) -> None:
    """Give more time."""
    clock.store(clock.reading().credit(more))
    _watch(clock, now=now)


@transaction.atomic
def note_outage(*, started_at: datetime, ended_at: datetime, reason: str, staff: Urn, now: datetime) -> int:
    """Give every customer's running deadline the time back in which we could not be reached; gives the outage's id."""
    check_outage(started_at, ended_at, now)
    if Outage.objects.filter(started_at__lt=ended_at, ended_at__gt=started_at).exists():
        raise Conflict(_("A part of this time was noted as an outage already."))
    outage = Outage.objects.create(
        started_at=started_at, ended_at=ended_at, reason=reason, noted_at=now, noted_by_id=staff.id
    )
    names = [name.value for name in ClockName if name.customers]
    clocks = Clock.objects.select_for_update().filter(ended_at=None, name__in=names, started_at__lt=ended_at)
    for clock in clocks:
        clock.store(clock.reading().credit_outage(started_at, ended_at))
        _watch(clock, now=now)
    record.append(
        now=now,
        actor=staff,
        verb="outage.noted",
        subject=outage.urn,
        community=None,
        facts={
            "started_at": to_rfc3339(started_at),
            "ended_at": to_rfc3339(ended_at),
            "reason": reason,
            "clocks": len(clocks),
        },
    )
    return outage.pk


def _watch(clock: Clock, *, now: datetime) -> None:
    due = clock.reading().due_at
    if due is not None:
        jobs.put("journeys.host_clock", clock.pk, now=now, run_at=max(due, now))
