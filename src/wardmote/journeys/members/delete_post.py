"""A member deletes a post of theirs."""

from datetime import datetime

from django.db import transaction

from wardmote.communities.queries import standing_of_member
from wardmote.network import operations as network


def delete_post(*, community_id: int, member_id: int, post_id: int, now: datetime) -> None:
    """Also for the suspended: taking back one's words is always allowed. A case keeps its own snapshot."""
    standing_of_member(community_id=community_id, member_id=member_id)
    with transaction.atomic(durable=True):
        network.delete_post(community_id=community_id, author_id=member_id, post_id=post_id, now=now)
