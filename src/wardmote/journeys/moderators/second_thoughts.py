"""A decision is taken back before the letters leave, or corrected once they have; and the letters leave in time."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from wardmote.communities import operations as communities
from wardmote.communities.policy import Action
from wardmote.jobs import operations as jobs
from wardmote.journeys.steps.notices import answer_reporters, tell_author
from wardmote.journeys.steps.pace import hurried
from wardmote.journeys.steps.permission import moderator
from wardmote.kernel.texts import one_line_end
from wardmote.kernel.urn import Urn
from wardmote.moderation import operations as moderation
from wardmote.moderation import queries
from wardmote.moderation.models import Decision
from wardmote.upstream.queries import host_asks_about


def undo_time() -> timedelta:
    """How long a decision can be taken back, and its letters wait; none for what is brought in from the past."""
    return timedelta(minutes=settings.WARDMOTE_UNDO_MINUTES) if hurried() else timedelta(0)


def tell_of_decision(*, community_id: int, decision_id: int, now: datetime) -> None:
    """Give reasons and answers, once; nothing where the decision was taken back. Inside the caller's transaction."""
    decision = moderation.mark_told(community_id=community_id, decision_id=decision_id, now=now)
    if decision is None:
        return
    tell_author(decision, now=now)
    answer_reporters(decision, now=now)
    _answer_host(community_id, decision.case_id, decision.pk, now=now)


def take_back(*, community_id: int, member_id: int, decision_id: int, seen: str, now: datetime) -> int:
    """Undo one's own decision: what it did is undone, nobody is written to, and the case is in one's hands again.

    `seen` as for `review.decide`. Gives the case's id.
    """
    with transaction.atomic(durable=True):
        author_id = queries.author_of_decision(community_id=community_id, decision_id=decision_id)
        communities.hold_standings(community_id=community_id, member_ids=[i for i in (member_id, author_id) if i])
        moderator(community_id=community_id, member_id=member_id, now=now, lock=True)
        decision = moderation.take_back(
            community_id=community_id,
            member_id=member_id,
            decision_id=decision_id,
            within=undo_time(),
            seen=seen,
            now=now,
        )
        moderation.carry_out(community_id=community_id, decision=decision, actor=Urn("member", member_id), now=now)
    return decision.case_id


def correct(
    *,
    community_id: int,
    member_id: int,
    decision_id: int,
    action: Action,
    clause_id: int | None,
    reason: str,
    days: int | None,
    why: str,
    seen: str,
    judged: str = "",
    now: datetime,
) -> int:
    """Decide anew in place of a decision that was wrong; its author is told what changed and why. Gives the new id.

    `judged` is the hash of the text that breaks the rule, "" for the one that was judged before. The letters leave at
    once: who has read the wrong decision should not wait for the right one.
    """
    with transaction.atomic(durable=True):
        author_id = queries.author_of_decision(community_id=community_id, decision_id=decision_id)
        communities.hold_standings(community_id=community_id, member_ids=[i for i in (member_id, author_id) if i])
        standing = moderator(community_id=community_id, member_id=member_id, now=now, lock=True)
        decision = moderation.correct(
            community_id=community_id,
            member_id=member_id,
            is_owner=standing.is_owner,
            decision_id=decision_id,
            action=action,
            clause_id=clause_id,
            reason=reason,
            days=days,
            why=one_line_end(why),
            seen=seen,
            judged=judged,
            now=now,
        )
        before, actor = decision.corrects, Urn("member", member_id)
        if before is not None:
            moderation.carry_out(community_id=community_id, decision=before, actor=actor, now=now)
        moderation.carry_out(community_id=community_id, decision=decision, actor=actor, now=now)
        tell_author(decision, now=now)
        if before is None or before.told_at is None or _reads_differently(before, decision):
            answer_reporters(decision, now=now)
        _answer_host(community_id, decision.case_id, decision.pk, now=now)
    return decision.pk


def _reads_differently(before: Decision, decision: Decision) -> bool:
    """Whether what reporters were told is not so any more: their answer names the action and the rule."""
    return (before.action, before.clause_id) != (decision.action, decision.clause_id)


def _answer_host(community_id: int, case_id: int, decision_id: int, *, now: datetime) -> None:
    if host_asks_about(community_id=community_id, case_id=case_id):
        jobs.put("journeys.answer_host_for_decision", community_id, decision_id, now=now)
