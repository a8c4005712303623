"""Who holds which job. Every write names the holder and the attempt, so a worker that was given up for dead and comes
back cannot touch a job that another has taken over."""

import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet

from wardmote.jobs.models import Job
from wardmote.jobs.policy import KEEP_DONE, MAX_ATTEMPTS, State, retry_delay

AHEAD = timedelta(seconds=5)
"""How far the clocks of two machines may be apart before one of them was set."""
_AT_ONCE = 200
_FREE: dict[str, Any] = {"lease_until": None, "claimed_by": "", "begun_at": None}
"""A job that nobody holds."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One attempt at one job by one worker."""

    job_id: int
    name: str
    args: tuple[Any, ...] = field(hash=False)
    holder: str
    attempt: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt ended; `error` is empty when it did what it should."""

    claim: Claim
    error: str = ""


def claim(
    *,
    holder: str,
    limit: int,
    now: datetime,
    lease: timedelta,
    only: Collection[str] = (),
    full: Collection[str] = (),
    room: Callable[[str], int] | None = None,
) -> list[Claim]:
    """Take up to `limit` jobs that are due, oldest first. No two workers are given the same one.

    Where kinds are named in `only`, none of another. None of the kinds that are `full`, and of each other kind as many
    as there is `room` for.
    """
    due = Job.objects.filter(state=State.READY.value, run_at__lte=now).order_by("run_at", "id")
    if only:
        due = due.filter(name__in=list(only))
    if full:
        due = due.exclude(name__in=list(full))
    # A look costs no lock: an idle worker must not wait in the writers' line.
    if limit < 1 or not due.exists():
        return []
    with transaction.atomic():
        jobs = _within(room, list(due.select_for_update(skip_locked=True)[:limit]))
        Job.objects.filter(pk__in=[job.pk for job in jobs]).update(
            state=State.RUNNING.value, claimed_by=holder, lease_until=now + lease, attempts=F("attempts") + 1
        )
    return [Claim(job.pk, job.name, tuple(job.args), holder, job.attempts + 1) for job in jobs]


def _within(room: Callable[[str], int] | None, jobs: list[Job]) -> list[Job]:
    if room is None:
        return jobs
    left: dict[str, int] = {}
    taken = []
    for job in jobs:
        left[job.name] = left.get(job.name, room(job.name)) - 1
        if left[job.name] >= 0:
            taken.append(job)
    return taken


def renew(claims: Iterable[Claim], *, now: datetime, lease: timedelta) -> None:
    """Say that these are still being worked on."""
    claims = list(claims)
    if claims:
        _held(claims).update(lease_until=now + lease)


def note_begun(claims: Mapping[Claim, datetime]) -> None:
    """Write down since when these are being carried out, for whoever looks after what takes long."""
    for claim, begun_at in claims.items():
        _held([claim]).filter(begun_at=None).update(begun_at=begun_at)


def settle(outcomes: Sequence[Outcome], *, now: datetime) -> None:
    """Write down how attempts ended, in one transaction."""
    if not outcomes:
        return
    done = [outcome.claim for outcome in outcomes if not outcome.error]
    with transaction.atomic():
        if done:
            _held(done).update(
                state=State.DONE.value, finished_at=now, lease_until=None, claimed_by="", begun_at=None, last_error=""
            )
        for outcome in outcomes:
            if outcome.error:
                _settle_failure(_held([outcome.claim]), attempt=outcome.claim.attempt, error=outcome.error, now=now)


def release(claims: Iterable[Claim], *, now: datetime) -> None:
    """Give back what was claimed and never begun; it does not count as an attempt."""
    claims = list(claims)
    if claims:
        _held(claims).update(
            state=State.READY.value,
            run_at=now,
            **_FREE,
            attempts=F("attempts") - 1,
        )


class Reaper:
    """Gives back the jobs of workers that are gone, so that the next one finishes them.

    A lease counts as run out once nobody has renewed it for as long as it lasts by this process's own steady clock:
    the date in it was written by somebody's clock, and clocks are set back and forth. A worker that lives would be
    robbed of what it is at, and what it sends would be sent twice.
    """

    def __init__(self, lease: timedelta, seconds: Callable[[], float] = time.monotonic) -> None:
        self._lease, self._seconds = lease.total_seconds(), seconds
        self._seen: dict[tuple[int, int, datetime | None], float] = {}

    def reap(self, *, now: datetime) -> int:
        """Look at all leases; gives how many jobs were given back.

        A job that was running each time its worker died is failed for good after the last attempt: it may be the
        killer.
        """
        running = Job.objects.filter(state=State.RUNNING.value).values_list("pk", "attempts", "lease_until")
        moment = self._seconds()
        self._seen = {lease: self._seen.get(lease, moment) for lease in running}
        lost = [lease for lease, since in self._seen.items() if moment - since >= self._lease]
        if not lost:
            return 0
        same = Q()
        for pk, attempts, until in lost:
            same |= Q(pk=pk, attempts=attempts, lease_until=until)
        with transaction.atomic():
            jobs = list(
                Job.objects.filter(same, state=State.RUNNING.value).select_for_update(skip_locked=True)[:_AT_ONCE]
            )
            for job in jobs:
                _give_back(job, now=now)
        return len(jobs)


def _give_back(job: Job, *, now: datetime) -> None:
    same = Job.objects.filter(pk=job.pk)
    error = f"the worker {job.claimed_by} was lost"
    if job.attempts >= MAX_ATTEMPTS:
        _settle_failure(same, attempt=job.attempts, error=error, now=now)
    else:
        same.update(state=State.READY.value, run_at=now, **_FREE, last_error=error)


def pull_back(*, now: datetime) -> int:
    """Let jobs that were put for "now" by a clock that has been set back since then run now; gives how many."""
    ahead = Job.objects.filter(state=State.READY.value, run_at__gt=now + AHEAD, created_at=F("run_at"))
    return ahead.update(run_at=now) if ahead.exists() else 0


def discard_done(*, now: datetime, limit: int = 1000) -> int:
    """Remove some jobs that were done long ago; gives how many. Failed ones stay until somebody has looked."""
    old = Job.objects.filter(state=State.DONE.value, finished_at__lt=now - KEEP_DONE).order_by("id")
    ids = list(old.values_list("pk", flat=True)[:limit])
    if ids:
        Job.objects.filter(pk__in=ids).delete()
    return len(ids)


def _held(claims: Sequence[Claim]) -> QuerySet[Job]:
    """The jobs among these that are still held under the same attempt."""
    same = Q()
    for attempt in {claim.attempt for claim in claims}:
        same |= Q(pk__in=[claim.job_id for claim in claims if claim.attempt == attempt], attempts=attempt)
    return Job.objects.filter(same, state=State.RUNNING.value, claimed_by=claims[0].holder)


def _settle_failure(job: QuerySet[Job], *, attempt: int, error: str, now: datetime) -> None:
    if attempt >= MAX_ATTEMPTS:
        job.update(
            state=State.FAILED.value, finished_at=now, lease_until=None, claimed_by="", begun_at=None, last_error=error
        )
    else:
        job.update(
            state=State.READY.value,
            run_at=now + retry_delay(attempt),
            **_FREE,
            last_error=error,
        )
