"""Who may begin a journey: the one place where a member's standing is checked before they write."""

from datetime import datetime

from wardmote.communities.queries import Standing, standing_of_member
from wardmote.kernel.clock import to_rfc3339
from wardmote.kernel.errors import Refused


def writer(*, community_id: int, member_id: int, now: datetime) -> Standing:
    """A member who may write here now: not suspended, and having accepted the policy in force."""
    standing = standing_of_member(community_id=community_id, member_id=member_id)
    if standing.suspended(now) and standing.suspended_until is not None:
        until = to_rfc3339(standing.suspended_until)[:16].replace("T", " ")
        raise Refused(f"Your account is suspended until {until} UTC. You can read and appeal meanwhile.")
    if not standing.accepted_policy:
        raise Refused("The community has a new policy. Please read and accept it before you write.")
    return standing


def moderator(*, community_id: int, member_id: int, now: datetime) -> Standing:
    """A moderator or the owner of this community, who may act now."""
    standing = writer(community_id=community_id, member_id=member_id, now=now)
    if not standing.moderates:
        raise Refused("Only this community's moderators can do this.")
    return standing


def owner(*, community_id: int, member_id: int, now: datetime) -> Standing:
    """The owner of this community, who may act now."""
    standing = writer(community_id=community_id, member_id=member_id, now=now)
    if not standing.is_owner:
        raise Refused("Only this community's owner can do this.")
    return standing
