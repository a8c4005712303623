"""Posts of a platform, the locked lane and the random audit, forged in the tables: named."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import F
from tests.known import ILLEGAL, bring_in
from tests.moderation_api.conftest import Ask
from tests.moderation_api.test_events import tell, told
from tests.record.forging import Forgery, unseen
from tests.scenario import PLAIN, Town, run_jobs

from wardmote.config.tables import compare
from wardmote.journeys.moderators import sampling
from wardmote.journeys.steps.screening import Locked
from wardmote.moderation import queries
from wardmote.moderation.models import Item, OutsideReport, QuarantinedCase, Sample, SampledPost, SamplingPlan
from wardmote.moderation.models import OutsidePost as Post
from wardmote.moderation.policy.sampling import sample_seen

DAY = timedelta(days=1)
GONE = {"text": "", "author": "", "deleted_at": datetime(2026, 11, 22, tzinfo=UTC)}


def test_forged_posts_of_a_platform_are_named(town: Town, ask: Ask, platform_key: str) -> None:
    """What a platform told, edited, reported and deleted is no difference; another text, or a deletion, is named."""
    tell(ask, platform_key, told(1), told(2, post="p2", text=PLAIN), told(3, "edit", post="p2", text="Edited."))
    tell(ask, platform_key, told(4, "report", post="p2", text="", reporter="carol", reason="threat", comment="It is."))
    tell(ask, platform_key, told(5, post="p3", text=PLAIN), told(6, "delete", post="p3"))
    forgeries: list[Forgery] = [
        ("another text", lambda: Post.objects.filter(text="Edited.").update(text="Worse."), "text is not"),
        ("deleted by nobody", lambda: Post.objects.filter(text="Edited.").update(**GONE), "deleted_at is not"),
        ("not deleted", lambda: Post.objects.update(deleted_at=None), "deleted_at is not"),
        ("another address", lambda: Post.objects.filter(text="Edited.").update(url="https://x.example"), "url is not"),
        ("told earlier", lambda: Post.objects.update(told_at=F("told_at") - DAY), "told_at is not"),
        ("its kept text", lambda: Item.objects.filter(text="Edited.").update(text="", erased_at=town.now), "text is"),
        ("a report's words", lambda: OutsideReport.objects.update(comment=""), "comment is not"),
        ("a report's day", lambda: OutsideReport.objects.update(filed_at=F("filed_at") - DAY), "filed_at is not"),
    ]

    assert compare().differences == []
    assert unseen(forgeries) == []


def test_forged_locked_cases_and_audits_are_named(town: Town) -> None:
    """A locked case deleted, emptied or marked mistaken is named, and a draw, judgement or plan that was changed."""
    bring_in(town, ILLEGAL)
    for text in (PLAIN, "One.", "Two."):
        town.post("bob", text)
    with pytest.raises(Locked):
        town.post("bob", ILLEGAL)
    sampling.plan(community_id=town.plaza, member_id=town.members["alice"], posts_a_week=2, now=town.now)
    town.now = datetime(2026, 11, 23, 0, 5, tzinfo=UTC)
    run_jobs(town.now)
    post = queries.next_to_judge(community_id=town.plaza, member_id=town.members["dave"])
    assert post is not None
    sampling.judge(
        community_id=town.plaza,
        member_id=town.members["dave"],
        sampled_id=post.sampled_id,
        broke=["violence.threat"],
        seen=sample_seen(post.content_hash, sampling.categories(town.plaza)),
        now=town.now,
    )
    judged = SampledPost.objects.exclude(judged_at=None)
    unjudged = SampledPost.objects.filter(judged_at=None)
    mistaken = {"state": "mistaken", "decided_at": town.now, "decided_by": town.members["alice"]}
    forgeries: list[Forgery] = [
        ("a locked case deleted", QuarantinedCase.objects.all().delete, "(locked_case.opened) tells of row"),
        ("marked mistaken", lambda: QuarantinedCase.objects.update(**mistaken), "outcome is not"),
        ("emptied", lambda: QuarantinedCase.objects.update(text="", erased_at=town.now), "emptied is not"),
        ("a judgement", lambda: judged.update(broke=[]), "judged is not"),
        ("a judge", lambda: judged.update(judged_by=town.members["erin"]), "judged is not"),
        (
            "an invented judgement",
            lambda: SampledPost.objects.filter(judged_at=None).update(broke=["x"]),
            "findings is",
        ),
        ("a drawn post deleted", unjudged.delete, "places is not"),
        ("another draw", lambda: Sample.objects.update(population=99), "population is not"),
        ("another lot", lambda: SampledPost.objects.filter(place=1).update(place=3), "lot is not"),
        ("another plan", lambda: SamplingPlan.objects.update(posts_a_week=1), "posts_a_week is not"),
        ("no plan", SamplingPlan.objects.all().delete, "(audit.planned) tells of row"),
    ]

    assert compare().differences == []
    assert unseen(forgeries) == []
