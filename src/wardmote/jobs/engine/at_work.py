"""Which job a thread is at: what is put meanwhile is put by that job."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass(slots=True)
class AtWork:
    """One attempt at a job: the job's id, and how often it has put each thing so far."""

    job_id: int
    put: Counter[str] = field(default_factory=Counter)


_job: ContextVar[AtWork | None] = ContextVar("job", default=None)


@contextmanager
def at_work(job_id: int) -> Iterator[None]:
    """This thread is at that job."""
    token = _job.set(AtWork(job_id))
    try:
        yield
    finally:
        _job.reset(token)


def who_asks() -> AtWork | None:
    """The attempt that this thread is at; None outside of a job."""
    return _job.get()
