"""What moderators arrange at their own desk: reasons written beforehand."""

from datetime import datetime

from django.db import transaction

from wardmote.journeys.steps.permission import moderator
from wardmote.moderation import operations as moderation


def write_template(*, community_id: int, member_id: int, clause_key: str, title: str, text: str, now: datetime) -> None:
    """Keep a reason for every moderator of the community, or write one anew."""
    with transaction.atomic(durable=True):
        moderator(community_id=community_id, member_id=member_id, now=now, lock=True)
        moderation.write_template(
            community_id=community_id, member_id=member_id, clause_key=clause_key, title=title, text=text, now=now
        )


def remove_template(*, community_id: int, member_id: int, template_id: int, now: datetime) -> None:
    """Keep it no longer."""
    with transaction.atomic(durable=True):
        moderator(community_id=community_id, member_id=member_id, now=now, lock=True)
        moderation.remove_template(community_id=community_id, member_id=member_id, template_id=template_id, now=now)
