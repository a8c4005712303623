"""How fast a member may write: asked before a text is screened, counted in the transaction that stores it.

An import and the demonstration bring in what was written over years: they are not held to it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.conf import settings

from wardmote.communities import operations as communities
from wardmote.communities.policy import Deed
from wardmote.communities.queries import check_pace

_counted: ContextVar[bool] = ContextVar("counted", default=True)


@contextmanager
def unhurried() -> Iterator[None]:
    """Nothing in here is counted."""
    token = _counted.set(False)
    try:
        yield
    finally:
        _counted.reset(token)


def hurried() -> bool:
    """Whether this happens now, and is not brought in from the past."""
    return _counted.get()


def check(*, community_id: int, member_id: int, deed: Deed, now: datetime) -> None:
    """TooOften where the member may not do this again yet: before any work is spent on it."""
    if _factor():
        check_pace(community_id=community_id, member_id=member_id, deed=deed, factor=_factor(), now=now)


def count(*, community_id: int, member_id: int, deed: Deed, now: datetime) -> None:
    """Count it, inside the caller's transaction; TooOften where others of the member's were faster meanwhile."""
    if _factor():
        communities.count_deed(community_id=community_id, member_id=member_id, deed=deed, factor=_factor(), now=now)


def _factor() -> int:
    """What the paces are multiplied by; 0: nothing is counted."""
    return int(settings.WARDMOTE_PACE) if _counted.get() else 0
