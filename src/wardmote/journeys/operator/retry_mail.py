"""Letters that were given up are sent out once more: the mail server is back, or the mailbox."""

from datetime import datetime

from django.db import transaction

from wardmote.journeys.steps.permission import moderator
from wardmote.kernel.urn import Urn
from wardmote.notices import operations as notices


def retry_mail(*, community_id: int, member_id: int, now: datetime) -> int:
    """A moderator has all of the community's tried again; gives how many."""
    moderator(community_id=community_id, member_id=member_id, now=now)
    with transaction.atomic(durable=True):
        moderator(community_id=community_id, member_id=member_id, now=now, lock=True)
        return notices.retry_mail(community_id=community_id, actor=Urn("member", member_id), now=now)
