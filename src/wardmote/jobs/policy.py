"""When a job is tried again. Pure."""

from datetime import timedelta
from enum import StrEnum

MAX_ATTEMPTS = 8
LEASE = timedelta(seconds=60)


class State(StrEnum):
    """A job's life: ready, running, then done; or failed for good after the last attempt."""

    READY = "ready"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


def retry_delay(attempts: int) -> timedelta:
    """How long to wait after the `attempts`-th failure: 2 s doubling to at most an hour."""
    return timedelta(seconds=min(2**attempts, 3600))
