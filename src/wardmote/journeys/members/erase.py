"""A member wishes everything they wrote to be erased."""

from datetime import datetime

from django.db import transaction

from wardmote.communities import operations as communities
from wardmote.communities.queries import standing_of_member
from wardmote.journeys.owners import ownership
from wardmote.kernel.urn import Urn
from wardmote.moderation import operations as moderation
from wardmote.network import operations as network
from wardmote.notices import operations as notices
from wardmote.record import operations as record


def erase_member(*, community_id: int, member_id: int, now: datetime) -> None:
    """Erase a member's posts, profile, snapshots, letters, and what the record keeps beside its leaves.

    The record's leaves hold only salted commitments: they stay, and every proof stays true. Refused while a case about
    the member is undecided: erasing would destroy its evidence.
    """
    standing = standing_of_member(community_id=community_id, member_id=member_id)
    with transaction.atomic(durable=True):
        # What the member is storing at this moment is waited for: an appeal, a post.
        communities.hold_standings(community_id=community_id, member_ids=[member_id])
        # While they still have a name: whoever made them an offer reads it.
        ownership.leave(community_id, member_id, now=now)
        # The things before their snapshots: a report under way is waited for, and its case then refuses all of this.
        network.erase_posts(community_id=community_id, author_id=member_id, now=now)
        network.erase_profile(community_id=community_id, member_id=member_id)
        moderation.erase_items(community_id=community_id, member_id=member_id, now=now)
        communities.forget_sent(community_id=community_id, holder=standing.urn)
        notices.erase_notices(community_id=community_id, person_id=standing.person_id)
        record.erase(now=now, about=standing.urn, actor=standing.urn, community=Urn("community", community_id))
