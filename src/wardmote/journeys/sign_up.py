"""Somebody signs up: the handle is kept unseen until the e-mail address is verified, and only then do they join.

Whether an address has a login already is nobody's to learn: both cases keep the handle, do the same work, and mail.
"""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from wardmote.network import operations as network
from wardmote.network.policy import clean_handle


def keep_handle(*, community_id: int, handle: str, holder: str, now: datetime) -> None:
    """Keep a handle for half an hour; Conflict where it is taken or kept for another."""
    with transaction.atomic(durable=True):
        network.reserve_handle(community_id=community_id, handle=clean_handle(handle), holder=holder, now=now)


def rehearse(work: Callable[[], object]) -> None:
    """Do all that a new login costs, and take it back."""
    with transaction.atomic(durable=True):
        work()
        transaction.set_rollback(True)
