"""Carrying out: what a subject looks like follows from the decisions about it that stand.

Deciding and reversing call the same function, so that an undo cannot forget a part.
"""

from datetime import datetime

from wardmote.communities import operations as communities
from wardmote.communities.policy import Action
from wardmote.kernel.urn import Urn
from wardmote.moderation.models import Decision
from wardmote.moderation.operations import webhooks
from wardmote.moderation.policy import Standing, is_url, judgement_from, suspension_from
from wardmote.network import operations as network


def carry_out(*, community_id: int, decision: Decision, actor: Urn, now: datetime) -> None:
    """Bring content and account to what the standing decisions say, after `decision` was made or reversed."""
    if is_url(decision.case.subject):
        # The post is somebody else's: its platform carries out what it is told.
        webhooks.announce(decision, now=now)
        return
    subject = Urn.parse(decision.case.subject)
    judgement = judgement_from(_standing(community_id, case__subject=str(subject)))
    if subject.kind == "post":
        network.judge_post(
            community_id=community_id,
            post_id=subject.id,
            judgement=judgement,
            actor=actor,
            reason=decision.urn,
            now=now,
        )
    elif subject.kind == "profile":
        network.judge_profile(
            community_id=community_id,
            member_id=subject.id,
            judgement=judgement,
            actor=actor,
            reason=decision.urn,
            now=now,
        )
    author_id = decision.case.item.author_id
    if decision.action == Action.SUSPEND and author_id is not None:
        communities.suspend_member(
            community_id=community_id,
            member_id=author_id,
            until=suspension_from(_standing(community_id, case__item__author_id=author_id), now=now),
            actor=actor,
            reason=decision.urn,
            now=now,
        )


def _standing(community_id: int, **about: object) -> list[Standing]:
    rows = Decision.objects.filter(community_id=community_id, reversed_at=None, **about).select_related("clause")
    return [Standing(Action(d.action), d.clause.title if d.clause else "", d.until) for d in rows.order_by("pk")]
