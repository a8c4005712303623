"""The random audit: how many posts are drawn, the draw itself, and what people find."""

import secrets
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction

from wardmote.communities.models import Community
from wardmote.jobs import operations as jobs
from wardmote.kernel.errors import Conflict, Invalid, NotFound, Refused
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.urn import SYSTEM, Urn
from wardmote.moderation.models import Sample, SampledPost, SamplingPlan, Screening
from wardmote.moderation.policy.sampling import SAMPLE_LIMIT, drawn_by_lot, sample_seen, start_of, week_of
from wardmote.moderation.policy.seen import Change, Changed
from wardmote.moderation.policy.texts import hash_text
from wardmote.network.models import Post
from wardmote.record import operations as record

JOB = "moderation.draw_audit"
WEEK = timedelta(days=7)
AFTER = timedelta(minutes=5)
"""The draw comes so long after the week's end, when what was written in its last second is stored."""


@transaction.atomic
def plan_sampling(*, community_id: int, member_id: int, posts_a_week: int, now: datetime) -> None:
    """Draw so many posts of every week from now on, 0 for none. The week that runs is the first."""
    if not 0 <= posts_a_week <= SAMPLE_LIMIT:
        raise Invalid(
            _("Draw 0 to %(limit)s posts a week.") % {"limit": SAMPLE_LIMIT},
            field="posts_a_week",
        )
    # The community's row keeps two who plan at once apart, also before there is a plan.
    Community.objects.select_for_update(no_key=True).get(pk=community_id)
    plan = SamplingPlan.objects.filter(community_id=community_id).first()
    if (plan.posts_a_week if plan else 0) == posts_a_week:
        return
    if plan is None:
        plan = SamplingPlan(community_id=community_id, revision=0)
    plan.posts_a_week, plan.revision, plan.set_at = posts_a_week, plan.revision + 1, now
    plan.save()
    record.append(
        now=now,
        actor=Urn("member", member_id),
        verb="audit.planned",
        subject=Urn("community", community_id),
        community=Urn("community", community_id),
        facts={"posts_a_week": posts_a_week},
    )
    if posts_a_week:
        _ask_again(plan, now=now)


@transaction.atomic
def draw_sample(*, community_id: int, revision: int, now: datetime) -> None:
    """Draw every week that is over since the plan or the last draw, and ask for the next. Harmless to repeat."""
    plan = SamplingPlan.objects.select_for_update().filter(community_id=community_id, revision=revision).first()
    if plan is None or not plan.posts_a_week:
        return
    newest = Sample.objects.filter(community_id=community_id).order_by("-begins").first()
    begins = max(week_of(plan.set_at), newest.begins + WEEK) if newest else week_of(plan.set_at)
    if begins >= week_of(now):
        return
    # More than one where nobody worked through what was due for longer than a week.
    while begins < week_of(now):
        _draw(plan, begins, now=now)
        begins += WEEK
    _ask_again(plan, now=now)


def _draw(plan: SamplingPlan, begins: date, *, now: datetime) -> None:
    posts, left_out = _posts_of_week(plan.community_id, start_of(begins))
    seed = secrets.token_hex(16)
    drawn = drawn_by_lot(seed, posts, plan.posts_a_week)
    sample = Sample.objects.create(
        community_id=plan.community_id,
        begins=begins,
        seed=seed,
        population=len(posts),
        left_out=left_out,
        drawn=len(drawn),
        drawn_at=now,
    )
    SampledPost.objects.bulk_create(_drawn(sample, drawn))
    record.append(
        now=now,
        actor=SYSTEM,
        verb="audit.drawn",
        subject=sample.urn,
        community=Urn("community", plan.community_id),
        facts={
            "week": begins.isoformat(),
            "seed": seed,
            "population": len(posts),
            "left_out": left_out,
            "drawn": len(drawn),
        },
    )


def _ask_again(plan: SamplingPlan, *, now: datetime) -> None:
    jobs.put(JOB, plan.community_id, plan.revision, now=now, run_at=start_of(week_of(now) + WEEK) + AFTER)


def _posts_of_week(community_id: int, begins: datetime) -> tuple[list[int], int]:
    """The ids of the posts of a week, held and removed ones too; and how many are gone: deleted or locked away.

    What its author deletes disappears for everyone, for a judge of the sample too.
    """
    written = Post.objects.filter(community_id=community_id, created_at__gte=begins, created_at__lt=begins + WEEK)
    there = written.filter(deleted_at=None).exclude(text="")
    found = list(there.values_list("pk", flat=True).iterator())
    return found, written.count() - len(found)


def _drawn(sample: Sample, post_ids: Sequence[int]) -> list[SampledPost]:
    posts = Post.objects.filter(community_id=sample.community_id).in_bulk(post_ids)
    said = Screening.objects.filter(
        community_id=sample.community_id, subject__in=[str(post.urn) for post in posts.values()]
    )
    # The newest of the same text stays.
    newest = {(row.subject, row.content_hash): row for row in said.order_by("pk")}
    rows = []
    for place, post_id in enumerate(post_ids, 1):
        post = posts[post_id]
        subject, digest = str(post.urn), hash_text(post.text)
        rows.append(
            SampledPost(
                sample=sample,
                subject=subject,
                author_id=post.author_id,
                screening=newest.get((subject, digest)),
                content_hash=digest,
                place=place,
            )
        )
    return rows


@transaction.atomic
def judge_sampled(
    *,
    community_id: int,
    member_id: int,
    sampled_id: int,
    asked: Collection[str],
    broke: Collection[str],
    seen: str,
    now: datetime,
) -> None:
    """Say which of the categories `asked` about a drawn post breaks. Refused for its author; Conflict once said.

    `seen` is what the judge was shown; Changed where the text or the questions are others.
    """
    row = (
        SampledPost.objects.select_for_update(of=("self",))
        .select_related("sample")
        .filter(sample__community_id=community_id, pk=sampled_id)
        .first()
    )
    if row is None:
        raise NotFound(_("There is no such post to judge here."))
    if row.judged_at is not None:
        raise Conflict(_("Somebody has judged this post already."))
    if row.author_id == member_id:
        raise Refused(_("You wrote this; somebody else must judge it."))
    if seen != sample_seen(row.content_hash, asked):
        raise Changed([Change.CLAUSES] if seen.startswith(row.content_hash) else ())
    if not set(broke) <= set(asked):
        raise Invalid(_("Choose among the rules in force."), field="broke")
    row.asked, row.broke = sorted(set(asked)), sorted(set(broke))
    row.judged_by_id, row.judged_at = member_id, now
    row.save(update_fields=["asked", "broke", "judged_by", "judged_at"])
    record.append(
        now=now,
        actor=Urn("member", member_id),
        verb="audit.judged",
        # Of the draw, not of the post: the post's own history is read by whoever decides a case about it.
        subject=row.sample.urn,
        community=Urn("community", community_id),
        facts={"place": row.place, "broke": " ".join(row.broke) or "none"},
    )
