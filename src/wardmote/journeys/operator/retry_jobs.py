"""The host's staff give failed background work another try."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from wardmote.jobs import operations as jobs
from wardmote.kernel.urn import SYSTEM
from wardmote.notices import operations as notices


def retry_jobs(*, job_ids: Sequence[int] | None = None, now: datetime) -> int:
    """Put the failed jobs named, or all, back among those that wait; gives how many."""
    with transaction.atomic(durable=True):
        return jobs.retry(job_ids=job_ids, now=now)


def retry_notices(*, now: datetime) -> int:
    """Send out every letter again that could not be delivered by mail; gives how many."""
    with transaction.atomic(durable=True):
        return notices.retry_mail(community_id=None, actor=SYSTEM, now=now)
