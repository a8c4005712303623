"""Moderators: the owner asks, the member says yes or no; the owner dismisses, and a moderator steps down."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from wardmote.communities import operations as communities
from wardmote.communities.operations import appointments
from wardmote.communities.policy import InvitationState, Role
from wardmote.communities.queries import community, standing_of_member
from wardmote.communities.queries.desk import owner_member
from wardmote.journeys.moderators import away
from wardmote.journeys.owners import ownership
from wardmote.journeys.steps.office import tell
from wardmote.journeys.steps.permission import member, owner
from wardmote.kernel.errors import Invalid, NotFound, Refused
from wardmote.kernel.handles import clean_handle
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.i18n import too_long
from wardmote.kernel.texts import is_blank
from wardmote.kernel.urn import Urn
from wardmote.moderation import operations as moderation
from wardmote.moderation.policy import REASON_LIMIT
from wardmote.network.queries import profile, profile_by_handle
from wardmote.notices.policy import Kind, Letter, office


def invite(*, community_id: int, member_id: int, handle: str, now: datetime) -> int:
    """The owner asks the member of that handle to moderate; gives the invitation's id."""
    found = profile_by_handle(community_id=community_id, handle=clean_handle(handle.strip().removeprefix("@")))
    if found is None:
        raise Invalid(_("There is no such member here."), field="handle")
    with transaction.atomic(durable=True):
        communities.hold_standings(community_id=community_id, member_ids=[member_id, found.member_id])
        owner(community_id=community_id, member_id=member_id, now=now, lock=True)
        if standing_of_member(community_id=community_id, member_id=found.member_id).suspended(now):
            raise Refused(_("This member is suspended."))
        invitation = appointments.invite_moderator(
            community_id=community_id, member_id=found.member_id, actor=Urn("member", member_id), now=now
        )
        title = community(community_id).title
        tell(
            community_id,
            found.member_id,
            kind=Kind.INVITATION,
            about=invitation.urn,
            write=lambda: office.invitation(community=title),
            path=f"/invitations/{invitation.pk}",
            now=now,
        )
    return invitation.pk


def withdraw(*, community_id: int, member_id: int, invitation_id: int, now: datetime) -> None:
    """The owner takes an invitation back that nobody has answered."""
    with transaction.atomic(durable=True):
        owner(community_id=community_id, member_id=member_id, now=now, lock=True)
        appointments.close_invitation(
            community_id=community_id,
            invitation_id=invitation_id,
            member_id=None,
            state=InvitationState.WITHDRAWN,
            actor=Urn("member", member_id),
            now=now,
        )


def answer(*, community_id: int, member_id: int, invitation_id: int, accepts: bool, now: datetime) -> None:
    """The invited member says yes, and moderates from then on, or no. The owner is told."""
    me = Urn("member", member_id)
    with transaction.atomic(durable=True):
        if accepts:
            member(community_id=community_id, member_id=member_id, now=now, lock=True)
        appointments.close_invitation(
            community_id=community_id,
            invitation_id=invitation_id,
            member_id=member_id,
            state=InvitationState.ACCEPTED if accepts else InvitationState.DECLINED,
            actor=me,
            now=now,
        )
        if accepts:
            communities.set_role(community_id=community_id, member_id=member_id, role=Role.MODERATOR, actor=me, now=now)
        title, handle = community(community_id).title, _handle(community_id, member_id)
        _tell_owner(
            community_id,
            about=Urn("invitation", invitation_id),
            write=lambda: office.invitation_answered(community=title, handle=handle, accepted=accepts),
            now=now,
        )


def dismiss(*, community_id: int, member_id: int, moderator_id: int, reason: str, now: datetime) -> None:
    """The owner ends somebody's moderating, and says why; what they hold goes back into the queue."""
    if is_blank(reason):
        raise Invalid(_("Say in a sentence why; the moderator reads it."), field="reason")
    if len(reason) > REASON_LIMIT:
        raise Invalid(too_long(len(reason), REASON_LIMIT), field="reason")
    actor = Urn("member", member_id)
    with transaction.atomic(durable=True):
        communities.hold_standings(community_id=community_id, member_ids=[member_id, moderator_id])
        owner(community_id=community_id, member_id=member_id, now=now, lock=True)
        _end(community_id, moderator_id, actor=actor, now=now)
        ownership.void(community_id, member_id=moderator_id, actor=actor, now=now)
        title = community(community_id).title
        tell(
            community_id,
            moderator_id,
            kind=Kind.OFFICE,
            about=Urn("member", moderator_id),
            write=lambda: office.dismissed(community=title, reason=reason.strip()),
            path="/notices",
            now=now,
        )


def step_down(*, community_id: int, member_id: int, now: datetime) -> None:
    """A moderator becomes a member again, whatever their standing; the owner is told."""
    me = Urn("member", member_id)
    with transaction.atomic(durable=True):
        communities.hold_standings(community_id=community_id, member_ids=[member_id])
        _end(community_id, member_id, actor=me, now=now)
        title, handle = community(community_id).title, _handle(community_id, member_id)
        _tell_owner(
            community_id,
            about=me,
            write=lambda: office.stepped_down(community=title, handle=handle),
            now=now,
        )


def _end(community_id: int, member_id: int, *, actor: Urn, now: datetime) -> None:
    if standing_of_member(community_id=community_id, member_id=member_id).role is not Role.MODERATOR:
        raise NotFound(_("This member does not moderate."))
    communities.set_role(community_id=community_id, member_id=member_id, role=Role.MEMBER, actor=actor, now=now)
    moderation.release_claims(community_id=community_id, member_id=member_id, actor=actor, now=now)
    away.look_again(community_id, now=now)


def _handle(community_id: int, member_id: int) -> str:
    found = profile(community_id=community_id, member_id=member_id)
    return found.handle if found else ""


def _tell_owner(community_id: int, *, about: Urn, write: Callable[[], Letter], now: datetime) -> None:
    owner_id = owner_member(community_id=community_id)
    if owner_id is not None:
        tell(community_id, owner_id, kind=Kind.OFFICE, about=about, write=write, path="/owner/moderators", now=now)
