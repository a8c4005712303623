"""Who may begin a journey: the one place where a member's standing is checked before they write.

With `lock` it is checked inside the journey's transaction and stays so until that is stored. What takes time, such as
screening, runs before the transaction: whoever is to be refused is refused before it, and asked again in it.
"""

from datetime import datetime

from wardmote.communities import operations as communities
from wardmote.communities.policy import CommunityState
from wardmote.communities.queries import Standing, StateView, standing_of_member, state_of
from wardmote.kernel import i18n
from wardmote.kernel.errors import NotAccepted, Refused
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.urn import Urn
from wardmote.people.queries import is_host_staff


def writer(*, community_id: int, member_id: int, now: datetime, lock: bool = False) -> Standing:
    """A member who may write here now: not suspended, having accepted the policy in force, in an active community."""
    standing = _in_good_standing(community_id=community_id, member_id=member_id, now=now, lock=lock)
    check_active(community_id=community_id, now=now)
    return standing


def check_active(*, community_id: int, now: datetime, lock: bool = False) -> None:
    """Refuse to take in anything new where the host has stopped the community."""
    if lock:
        communities.hold_standings(community_id=community_id, member_ids=())
    state = state_of(community_id)
    if state.stops_writing(now):
        raise Refused(_stopped(state))


def member(*, community_id: int, member_id: int, now: datetime, lock: bool = False) -> Standing:
    """A member who is not suspended and has accepted the policy, also while the host has stopped the community."""
    return _in_good_standing(community_id=community_id, member_id=member_id, now=now, lock=lock)


def moderator(*, community_id: int, member_id: int, now: datetime, lock: bool = False) -> Standing:
    """A moderator or the owner of this community, who may act now, also while the host has stopped the community:
    deciding what the host asks about is the way back."""
    standing = _in_good_standing(community_id=community_id, member_id=member_id, now=now, lock=lock)
    if not standing.moderates:
        raise Refused(_("Only this community's moderators can do this."))
    return standing


def owner(*, community_id: int, member_id: int, now: datetime, lock: bool = False) -> Standing:
    """The owner of this community, who may act now, also while the host has stopped it."""
    standing = _in_good_standing(community_id=community_id, member_id=member_id, now=now, lock=lock)
    if not standing.is_owner:
        raise Refused(_("Only this community's owner can do this."))
    return standing


def spokesperson(*, community_id: int, member_id: int) -> Standing:
    """The owner as the one who speaks to the host, whatever their own standing: an answer is never shut out."""
    standing = standing_of_member(community_id=community_id, member_id=member_id)
    if not standing.is_owner:
        raise Refused(_("Only this community's owner answers its host."))
    return standing


def host_staff(person_id: int) -> Urn:
    """Somebody of the host's staff, as the record names them."""
    if not is_host_staff(person_id=person_id):
        raise Refused(_("Only the host's staff can do this."))
    return Urn("person", person_id)


def _in_good_standing(*, community_id: int, member_id: int, now: datetime, lock: bool) -> Standing:
    if lock:
        communities.hold_standings(community_id=community_id, member_ids=[member_id])
    standing = standing_of_member(community_id=community_id, member_id=member_id)
    if standing.suspended(now) and standing.suspended_until is not None:
        until = i18n.moment(standing.suspended_until)
        raise Refused(
            _("Your account is suspended until %(until)s. You can read and appeal meanwhile.") % {"until": until}
        )
    if not standing.accepted_policy:
        raise NotAccepted(_("The community has a new policy. Please read and accept it before you write."))
    return standing


def _stopped(state: StateView) -> str:
    if state.state is CommunityState.RESTRICTED and state.until is not None:
        return _("The host has restricted this community until %(until)s: nothing new is published.") % {
            "until": i18n.moment(state.until)
        }
    return _("The host has suspended this community. You can read, delete, appeal and take your posts with you.")
