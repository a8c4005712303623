"""What outside platforms tell of, and how they are told."""

from datetime import timedelta
from enum import StrEnum


class EventKind(StrEnum):
    """What an outside platform tells of."""

    POST = "post"
    EDIT = "edit"
    DELETE = "delete"
    REPORT = "report"


class DeliveryState(StrEnum):
    """A webhook's message waits, was taken by the platform, or was given up."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


OUTSIDE_TEXT_LIMIT = 50_000
"""Characters of an outside post: as many as the detectors read."""
_WAITS = (10, 60, 300, 1_800, 7_200, 18_000, 43_200, 86_400, 86_400)
"""Seconds to the next try of a webhook, after the first, second … failure: three days in all."""


def next_try(attempts: int) -> timedelta | None:
    """How long to wait after `attempts` failed tries of a webhook; None: give up."""
    return timedelta(seconds=_WAITS[attempts - 1]) if attempts <= len(_WAITS) else None


def is_url(subject: str) -> bool:
    """Whether a subject is somebody else's, by its URL, and not a URN of ours."""
    return not subject.startswith("urn:")
