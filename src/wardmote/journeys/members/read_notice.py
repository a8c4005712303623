"""A person opens a notice."""

from datetime import datetime

from django.db import transaction

from wardmote.notices import operations as notices


def read_notice(*, community_id: int, person_id: int, notice_id: int, now: datetime) -> None:
    """Note the first reading: the best proof of delivery there is."""
    with transaction.atomic(durable=True):
        notices.mark_read(community_id=community_id, person_id=person_id, notice_id=notice_id, now=now)
