"""The owner removes a member, with a statement of reasons and an appeal, and lets them back in."""

from datetime import datetime

from django.db import transaction

from wardmote.communities import operations as communities
from wardmote.communities.policy import Role
from wardmote.communities.queries import community, standing_of_member
from wardmote.journeys.owners import ownership
from wardmote.journeys.steps.notices import answer_reporters, tell_author
from wardmote.journeys.steps.office import tell
from wardmote.journeys.steps.permission import owner
from wardmote.kernel.errors import NotFound, Refused
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.urn import Urn
from wardmote.moderation import operations as moderation
from wardmote.network.queries import profile
from wardmote.notices.policy import Kind, office


def remove(*, community_id: int, member_id: int, removed_id: int, clause_id: int, reason: str, now: datetime) -> int:
    """The member reads, appeals and takes their posts along, and writes no more; gives the decision's id.

    A moderator is dismissed first: who may hear appeals is settled before somebody is shut out.
    """
    with transaction.atomic(durable=True):
        communities.hold_standings(community_id=community_id, member_ids=[member_id, removed_id])
        owner(community_id=community_id, member_id=member_id, now=now, lock=True)
        role = standing_of_member(community_id=community_id, member_id=removed_id).role
        if role is Role.OWNER:
            raise Refused(_("The owner of a community is not removed."))
        if role is Role.MODERATOR:
            raise Refused(_("This member moderates. Dismiss them as a moderator first."))
        found = profile(community_id=community_id, member_id=removed_id)
        if found is None:
            raise NotFound(_("There is no such member here."))
        decision = moderation.remove_member(
            community_id=community_id,
            member_id=member_id,
            author_id=removed_id,
            handle=found.handle,
            clause_id=clause_id,
            reason=reason,
            now=now,
        )
        moderation.carry_out(community_id=community_id, decision=decision, actor=Urn("member", member_id), now=now)
        ownership.void(community_id, member_id=removed_id, actor=Urn("member", member_id), now=now)
        tell_author(decision, now=now)
        answer_reporters(decision, now=now)
    return decision.pk


def reinstate(*, community_id: int, member_id: int, removed_id: int, reason: str, now: datetime) -> None:
    """The owner lets somebody back in, and says why."""
    actor = Urn("member", member_id)
    with transaction.atomic(durable=True):
        communities.hold_standings(community_id=community_id, member_ids=[member_id, removed_id])
        owner(community_id=community_id, member_id=member_id, now=now, lock=True)
        decisions = moderation.lift_removal(
            community_id=community_id, author_id=removed_id, reason=reason, actor=actor, now=now
        )
        for decision in decisions:
            moderation.carry_out(community_id=community_id, decision=decision, actor=actor, now=now)
        title = community(community_id).title
        tell(
            community_id,
            removed_id,
            kind=Kind.OFFICE,
            about=Urn("member", removed_id),
            write=lambda: office.reinstated(community=title, reason=reason.strip()),
            path="/",
            now=now,
        )
