"""What is waiting, running, done or given up."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max

from wardmote.jobs.models import Job
from wardmote.jobs.policy import LONG, State


@dataclass(frozen=True, slots=True)
class JobRow:
    """One job as a person may look at it."""

    job_id: int
    name: str
    args: tuple[object, ...]
    state: State
    attempts: int
    run_at: datetime
    created_at: datetime
    finished_at: datetime | None
    last_error: str
    begun_at: datetime | None = None
    """Since when it is being done, where that takes a while."""


def jobs(*, state: State | None = None, limit: int = 50) -> list[JobRow]:
    """The newest jobs, of one state or of all."""
    rows = Job.objects.order_by("-id")
    if state is not None:
        rows = rows.filter(state=state.value)
    return [_row(job) for job in rows[:limit]]


def _row(job: Job) -> JobRow:
    return JobRow(
        job_id=job.pk,
        name=job.name,
        args=tuple(job.args),
        state=State(job.state),
        attempts=job.attempts,
        run_at=job.run_at,
        created_at=job.created_at,
        finished_at=job.finished_at,
        last_error=job.last_error,
        begun_at=job.begun_at,
    )


def long_running(*, now: datetime, longer_than: timedelta = LONG) -> list[JobRow]:
    """Jobs that a worker that lives is at for longer than anything should take, the longest first."""
    rows = Job.objects.filter(state=State.RUNNING.value, begun_at__lt=now - longer_than, lease_until__gt=now)
    return [_row(job) for job in rows.order_by("begun_at")[:50]]


def counts() -> dict[State, int]:
    """How many jobs are in each state; every state is there."""
    found = Counter({row["state"]: row["n"] for row in Job.objects.values("state").annotate(n=Count("pk")).order_by()})
    return {state: found[state.value] for state in State}


def newest_put() -> datetime | None:
    """When the job that was put last was put, by the clock of then."""
    return Job.objects.aggregate(at=Max("created_at"))["at"]  # type: ignore[no-any-return]


def oldest_due(*, now: datetime) -> datetime | None:
    """Since when the job has been due that waits longest."""
    return (
        Job.objects.filter(state=State.READY.value, run_at__lte=now)
        .order_by("run_at")
        .values_list("run_at", flat=True)
        .first()
    )
