"""Carrying out: what a subject looks like follows from the decisions about it, if not reversed, and from what is held.

Deciding and reversing call the same function, so that an undo cannot forget a part; nothing else sets a visibility.
"""

from datetime import datetime

from wardmote.communities import operations as communities
from wardmote.communities.policy import Action
from wardmote.kernel.urn import Urn
from wardmote.moderation.models import Decision
from wardmote.moderation.operations import webhooks
from wardmote.moderation.policy.decisions import suspension_from
from wardmote.moderation.policy.outside import is_url
from wardmote.moderation.queries.state import judgement_of, standing
from wardmote.network import operations as network


def carry_out(*, community_id: int, decision: Decision, actor: Urn, now: datetime) -> None:
    """Bring content and account to what the standing decisions say, after `decision` was made or reversed."""
    if is_url(decision.case.subject):
        # The post is somebody else's: its platform carries out what it is told.
        webhooks.announce(decision, now=now)
        return
    settle(community_id=community_id, subject=decision.case.subject, actor=actor, reason=decision.urn, now=now)
    author_id = decision.item.author_id
    if decision.action == Action.SUSPEND and author_id is not None:
        communities.suspend_member(
            community_id=community_id,
            member_id=author_id,
            until=suspension_from(standing(community_id, case__item__author_id=author_id), now=now),
            actor=actor,
            reason=decision.urn,
            now=now,
        )


def settle(*, community_id: int, subject: str, actor: Urn, reason: Urn, now: datetime) -> None:
    """Bring a post or a profile of ours to what its decisions and holds say. `reason` names what made us look."""
    urn = Urn.parse(subject)
    if urn.kind not in ("post", "profile"):
        return
    judgement = judgement_of(community_id=community_id, subject=subject)
    if urn.kind == "post":
        network.judge_post(
            community_id=community_id, post_id=urn.id, judgement=judgement, actor=actor, reason=reason, now=now
        )
    else:
        network.judge_profile(
            community_id=community_id, member_id=urn.id, judgement=judgement, actor=actor, reason=reason, now=now
        )
