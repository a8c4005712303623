"""A member follows another, or stops."""

from datetime import datetime

from django.db import transaction

from wardmote.communities.policy import Deed
from wardmote.communities.queries import standing_of_member
from wardmote.journeys.steps import pace
from wardmote.journeys.steps.permission import writer
from wardmote.network import operations as network


def follow(*, community_id: int, member_id: int, handle: str, now: datetime) -> None:
    """Their posts come into the home feed from now on, the newest of the past at once."""
    with transaction.atomic(durable=True):
        writer(community_id=community_id, member_id=member_id, now=now, lock=True)
        pace.count(community_id=community_id, member_id=member_id, deed=Deed.FOLLOW, now=now)
        network.follow(community_id=community_id, follower_id=member_id, handle=handle, now=now)


def unfollow(*, community_id: int, member_id: int, handle: str) -> None:
    """Their posts leave the home feed."""
    standing_of_member(community_id=community_id, member_id=member_id)
    with transaction.atomic(durable=True):
        network.unfollow(community_id=community_id, follower_id=member_id, handle=handle)
