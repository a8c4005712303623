"""When a job is tried again, how much of a worker it may take, and what is kept of its failure. Pure."""

import re
from collections.abc import Collection
from datetime import timedelta
from enum import StrEnum

MAX_ATTEMPTS = 8
LEASE = timedelta(seconds=60)
KEEP_DONE = timedelta(days=7)
"""How long a finished job is kept to be looked at."""

OUTSIDE = frozenset(
    {
        "notices.deliver_email",
        "people.send_letter",
        "moderation.deliver_webhook",
        "journeys.ask_second_opinion",
        "journeys.deliver_acceptance",
        "journeys.deliver_answer",
        "journeys.deliver_key",
        "journeys.deliver_notice",
        "journeys.deliver_policy",
        "journeys.hand_receipt",
        "journeys.look_at_item",
    }
)
"""Kinds of job that leave this process: how long they take is in the hands of others."""
LONG = timedelta(minutes=10)
"""Nothing takes so long by rights: whatever leaves the process ends within a few minutes, however it is answered."""
MOST_TRIES = 80
"""What goes to others is tried again, at last once an hour, for three days."""

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


def pause(tries: int, *, longest: timedelta = timedelta(hours=1)) -> timedelta:
    """How long to wait after `tries` failures to reach somebody: 1 s doubling to `longest`."""
    return min(timedelta(seconds=2 ** min(max(tries - 1, 0), 20)), longest)


def may_begin(name: str, running: Collection[str], *, threads: int) -> bool:
    """Whether a worker of so many threads may begin a job of that kind beside those that are `running` (their names).

    No kind takes every thread, and what leaves the process never does: whoever does not answer us, other work goes on.
    A kind that leaves takes half of them at most.
    """
    most = max(threads - 1, 1)
    if name not in OUTSIDE:
        return sum(other == name for other in running) < most
    leaving = sum(other in OUTSIDE for other in running)
    return leaving < most and sum(other == name for other in running) < max(threads // 2, 1)


def describe(error: BaseException) -> str:
    """One line about a failure. Mail servers repeat addresses in their answers; those belong to `people` alone."""
    line = " ".join(f"{type(error).__name__}: {error}".split())
    return _ADDRESS.sub("<address>", line)[:_LONGEST_ERROR]
