"""The random audit: the owner plans it, moderators judge what was drawn without knowing what anybody said of it."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from wardmote.communities.queries import current_policy
from wardmote.journeys.steps.permission import moderator, owner
from wardmote.moderation import operations as moderation
from wardmote.moderation.policy import NOT_COVERED


def plan(*, community_id: int, member_id: int, posts_a_week: int, now: datetime) -> None:
    """The owner says how many posts are drawn each week; 0 ends it."""
    with transaction.atomic(durable=True):
        owner(community_id=community_id, member_id=member_id, now=now, lock=True)
        moderation.plan_sampling(community_id=community_id, member_id=member_id, posts_a_week=posts_a_week, now=now)


def categories(community_id: int) -> dict[str, str]:
    """What a judge is asked about: each category that a clause in force names, and that clause's number and title."""
    policy = current_policy(community_id=community_id)
    found: dict[str, str] = {}
    for clause in policy.clauses if policy else ():
        if clause.category and clause.category != NOT_COVERED:
            found.setdefault(clause.category, f"{clause.key} {clause.title}")
    return found


def judge(
    *, community_id: int, member_id: int, sampled_id: int, broke: Collection[str], seen: str, now: datetime
) -> None:
    """A moderator says which rules a drawn post breaks; none of them where `broke` is empty.

    `seen` is what their sheet carried (`sample_seen`): Changed where the text or the questions are others by now.
    """
    with transaction.atomic(durable=True):
        moderator(community_id=community_id, member_id=member_id, now=now, lock=True)
        moderation.judge_sampled(
            community_id=community_id,
            member_id=member_id,
            sampled_id=sampled_id,
            asked=categories(community_id),
            broke=broke,
            seen=seen,
            now=now,
        )
