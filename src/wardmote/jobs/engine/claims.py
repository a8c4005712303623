"""Who holds which job. Every write names the holder and the attempt, so a worker that was given up for dead and comes
back cannot touch a job that another has taken over."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet

from wardmote.jobs.models import Job
from wardmote.jobs.policy import KEEP_DONE, MAX_ATTEMPTS, State, retry_delay


@dataclass(frozen=True, slots=True)
class Claim:
    """One attempt at one job by one worker."""

    job_id: int
    name: str
    args: tuple[Any, ...]
    holder: str
    attempt: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt ended; `error` is empty when it did what it should."""

    claim: Claim
    error: str = ""


def claim(*, holder: str, limit: int, now: datetime, lease: timedelta) -> list[Claim]:
    """Take up to `limit` jobs that are due, oldest first. No two workers are given the same one."""
    due = Job.objects.filter(state=State.READY.value, run_at__lte=now).order_by("run_at", "id")
    # A look costs no lock: an idle worker must not stand in the writers' line.
    if limit < 1 or not due.exists():
        return []
    with transaction.atomic():
        jobs = list(due.select_for_update(skip_locked=True)[:limit])
        Job.objects.filter(pk__in=[job.pk for job in jobs]).update(
            state=State.RUNNING.value, claimed_by=holder, lease_until=now + lease, attempts=F("attempts") + 1
        )
    return [Claim(job.pk, job.name, tuple(job.args), holder, job.attempts + 1) for job in jobs]


def renew(claims: Iterable[Claim], *, now: datetime, lease: timedelta) -> None:
    """Say that these are still being worked on."""
    claims = list(claims)
    if claims:
        _held(claims).update(lease_until=now + lease)


def settle(outcomes: Sequence[Outcome], *, now: datetime) -> None:
    """Write down how attempts ended, in one transaction."""
    if not outcomes:
        return
    done = [outcome.claim for outcome in outcomes if not outcome.error]
    with transaction.atomic():
        if done:
            _held(done).update(state=State.DONE.value, finished_at=now, lease_until=None, claimed_by="", last_error="")
        for outcome in outcomes:
            if outcome.error:
                _settle_failure(_held([outcome.claim]), attempt=outcome.claim.attempt, error=outcome.error, now=now)


def release(claims: Iterable[Claim], *, now: datetime) -> None:
    """Give back what was claimed and never begun; it does not count as an attempt."""
    claims = list(claims)
    if claims:
        _held(claims).update(
            state=State.READY.value, run_at=now, lease_until=None, claimed_by="", attempts=F("attempts") - 1
        )


def reap(*, now: datetime) -> int:
    """Give back the jobs of workers that are gone, so that the next one finishes them; gives how many.

    A job that was running each time its worker died is failed for good after the last attempt: it may be the killer.
    """
    lost = Job.objects.filter(state=State.RUNNING.value, lease_until__lt=now)
    if not lost.exists():
        return 0
    with transaction.atomic():
        jobs = list(lost.select_for_update(skip_locked=True))
        for job in jobs:
            same = Job.objects.filter(pk=job.pk)
            error = f"the worker {job.claimed_by} was lost"
            if job.attempts >= MAX_ATTEMPTS:
                _settle_failure(same, attempt=job.attempts, error=error, now=now)
            else:
                same.update(state=State.READY.value, run_at=now, lease_until=None, claimed_by="", last_error=error)
    return len(jobs)


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
        job.update(state=State.FAILED.value, finished_at=now, lease_until=None, claimed_by="", last_error=error)
    else:
        job.update(
            state=State.READY.value,
            run_at=now + retry_delay(attempt),
            lease_until=None,
            claimed_by="",
            last_error=error,
        )
