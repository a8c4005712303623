"""Writes of invitations to moderate: made, answered, withdrawn."""

from datetime import datetime

from django.db import IntegrityError, transaction

from wardmote.communities.models import Community, Invitation, Membership
from wardmote.communities.policy import InvitationState, Role
from wardmote.kernel.errors import Conflict, NotFound, Refused
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.urn import Urn
from wardmote.record import operations as record


@transaction.atomic
def invite_moderator(*, community_id: int, member_id: int, actor: Urn, now: datetime) -> Invitation:
    """Ask a member to moderate; Refused for whoever does already, Conflict where they were asked and have not said."""
    member = Membership.objects.select_for_update().filter(community_id=community_id, pk=member_id).first()
    if member is None:
        raise NotFound(_("There is no such member here."))
    if Role(member.role).moderates:
        raise Refused(_("This member moderates already."))
    try:
        with transaction.atomic():
            invitation = Invitation.objects.create(community_id=community_id, membership=member, invited_at=now)
    except IntegrityError:
        raise Conflict(_("This member is invited already and has not answered yet.")) from None
    record.append(
        now=now,
        actor=actor,
        verb="invitation.made",
        subject=invitation.urn,
        community=Urn("community", community_id),
        facts={"member": str(member.urn), "role": Role.MODERATOR.value},
    )
    return invitation


@transaction.atomic
def close_invitation(
    *, community_id: int, invitation_id: int, member_id: int | None, state: InvitationState, actor: Urn, now: datetime
) -> int:
    """Answer or withdraw; gives the invited member. `member_id`: only theirs. Conflict where it is closed already."""
    found = Invitation.objects.select_for_update().filter(community_id=community_id, pk=invitation_id)
    invitation = (found if member_id is None else found.filter(membership_id=member_id)).first()
    if invitation is None:
        raise NotFound(_("There is no such invitation for you."))
    if invitation.state != InvitationState.OPEN:
        raise Conflict(_("This invitation was answered or withdrawn already."))
    invitation.state, invitation.answered_at = state.value, now
    invitation.save(update_fields=["state", "answered_at"])
    record.append(
        now=now,
        actor=actor,
        verb=f"invitation.{state.value}",
        subject=invitation.urn,
        community=Urn("community", community_id),
    )
    return invitation.membership_id


@transaction.atomic
def hand_over(*, community_id: int, member_id: int, stays: Role = Role.MEMBER, actor: Urn, now: datetime) -> int | None:
    """Make a member the owner; gives the member who was it, and is what `stays` says now."""
    community = Community.objects.select_for_update(no_key=True).get(pk=community_id)
    new = Membership.objects.select_for_update().filter(community_id=community_id, pk=member_id).first()
    if new is None:
        raise NotFound(_("There is no such member here."))
    if new.role == Role.OWNER:
        raise Conflict(_("This member owns the community already."))
    old = Membership.objects.select_for_update().filter(community_id=community_id, role=Role.OWNER.value).first()
    changes = [(old, stays)] if old is not None else []
    for member, role in [*changes, (new, Role.OWNER)]:
        member.role = role.value
        member.save(update_fields=["role"])
        record.append(
            now=now,
            actor=actor,
            verb="member.appointed",
            subject=member.urn,
            community=community.urn,
            facts={"role": role.value},
        )
    community.owner_id = new.person_id
    community.save(update_fields=["owner"])
    return old.pk if old is not None else None
