"""When a job is tried again, and what is kept of its failure. Pure."""

import re
from datetime import timedelta
from enum import StrEnum

MAX_ATTEMPTS = 8
LEASE = timedelta(seconds=60)
KEEP_DONE = timedelta(days=7)
"""How long a finished job is kept to be looked at."""

_ADDRESS = re.compile(r"(?<![^\s<>\"',;:()\[\]])[^\s<>\"',;:()\[\]]+@[^\s<>\"',;:()\[\]]+")
"""It begins where a word does: a server's answer of one long word is read once, not once a letter."""
_LONGEST_ERROR = 500


class State(StrEnum):
    """A job's life: ready, running, then done; or failed for good after the last attempt."""

    READY = "ready"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


def retry_delay(attempts: int) -> timedelta:
    """How long to wait after the `attempts`-th failure: 2 s doubling to at most an hour."""
    return timedelta(seconds=min(2 ** min(attempts, 12), 3600))


def describe(error: BaseException) -> str:
    """One line about a failure. Mail servers repeat addresses in their answers; those belong to `people` alone."""
    line = " ".join(f"{type(error).__name__}: {error}".split())
    return _ADDRESS.sub("<address>", line)[:_LONGEST_ERROR]
