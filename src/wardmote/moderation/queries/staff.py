"""Reads about who may act against whom."""

from wardmote.communities.models import Membership
from wardmote.communities.policy import Role
from wardmote.moderation.policy.staff import why_not


def role_of(*, community_id: int, member_id: int | None) -> Role | None:
    """What a member is in this community; None for nobody of it."""
    if member_id is None:
        return None
    role = Membership.objects.filter(community_id=community_id, pk=member_id).values_list("role", flat=True).first()
    return Role(role) if role else None


def why_no_account_measure(*, community_id: int, member_id: int, author_id: int | None) -> str:
    """Why this moderator neither warns nor suspends that author, in a sentence; empty where they may."""
    decider = role_of(community_id=community_id, member_id=member_id) or Role.MEMBER
    return why_not(decider=decider, author=role_of(community_id=community_id, member_id=author_id))
