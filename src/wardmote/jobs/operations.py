"""Writes of jobs by those who want work done: put, and try again what was given up."""

import json
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from wardmote.jobs import engine
from wardmote.jobs.models import Job
from wardmote.jobs.policy import State

Json = None | bool | int | float | str | Sequence["Json"] | dict[str, "Json"]


def put(name: str, *args: Json, now: datetime, run_at: datetime | None = None) -> int:
    """Ask for work after this transaction, or from `run_at` on; gives the job's id.

    `args` are ids and other plain values, never content: a job outlives what it speaks of, and an erasure does not
    look into jobs. When the transaction is rolled back there is no job.

    A job that is done again, because its worker died before saying that it was done, finds what it put: it gets the id
    of that, and nothing is put a second time. What one attempt puts several times, for different moments, is as many.
    """
    asker = engine.who_asks()
    job = Job(name=name, args=list(args), run_at=run_at or now, created_at=now)
    if asker is not None:
        job.asked_by, what = asker.job_id, json.dumps([name, job.args])
        number, asker.put[what] = asker.put[what], asker.put[what] + 1
        before = Job.objects.filter(asked_by=asker.job_id, name=name, args=job.args).order_by("pk")[number : number + 1]
        for same in before:
            return same.pk
    job.save(force_insert=True)
    transaction.on_commit(engine.wake)
    return job.pk


@transaction.atomic
def retry(*, job_ids: Sequence[int] | None = None, now: datetime) -> int:
    """Give failed jobs (those named, or all) a fresh set of attempts; gives how many."""
    failed = Job.objects.filter(state=State.FAILED.value)
    if job_ids is not None:
        failed = failed.filter(pk__in=job_ids)
    changed = failed.update(state=State.READY.value, run_at=now, attempts=0, finished_at=None)
    transaction.on_commit(engine.wake)
    return changed
