"""Which job a thread is at: what it puts meanwhile is that job's, and is put once however often the job is done."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_job: ContextVar[int | None] = ContextVar("job_at_work", default=None)


@contextmanager
def at_work(job_id: int) -> Iterator[None]:
    """What is put in here is put by this job."""
    token = _job.set(job_id)
    try:
        yield
    finally:
        _job.reset(token)


def who_asks() -> int | None:
    """The id of the job that this thread is at; None outside of one."""
    return _job.get()
