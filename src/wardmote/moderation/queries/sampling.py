"""The random audit as moderators judge it, and what it guarantees."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from wardmote.detect.statistics.recall_guarantee import Bin, Guarantee, NoGuarantee, guarantee, reliability, thinned
from wardmote.kernel.urn import Urn
from wardmote.moderation.models import Sample, SampledPost, SamplingPlan
from wardmote.moderation.policy.sampling import drawn_by_lot
from wardmote.moderation.policy.texts import hash_text
from wardmote.network.models import Post, PostVersion


@dataclass(frozen=True, slots=True)
class ToSample:
    """A post that somebody is to judge, and nothing that was said of it. `left`: posts of its week not judged yet."""

    sampled_id: int
    text: str
    content_hash: str
    begins: date
    last: date
    drawn: int
    left: int


@dataclass(frozen=True, slots=True)
class SampleView:
    """One week. `gone`: posts that were deleted before anybody judged them; `left`: those still to be judged."""

    sample_id: int
    begins: date
    last: date
    population: int
    left_out: int
    drawn: int
    judged: int
    gone: int
    left: int
    seed: str

    @property
    def whole(self) -> bool:
        """Whether it counts: nothing that could be judged is left."""
        return self.left == 0


@dataclass(frozen=True, slots=True)
class Sampled:
    """A judged post in one category: its stored score, whether it breaks the rule, its chance of being drawn."""

    score: float
    broke: bool
    chance: float


@dataclass(frozen=True, slots=True)
class CategoryGuarantee:
    """What the audits say of one category: posts that count, the guarantee, and scores against judgements."""

    category: str
    posts: int
    found: Guarantee | NoGuarantee
    bins: tuple[Bin, ...]


def posts_a_week(*, community_id: int) -> int:
    """How many posts the community has drawn each week; 0: none."""
    plan = SamplingPlan.objects.filter(community_id=community_id).first()
    return plan.posts_a_week if plan else 0


def next_to_judge(*, community_id: int, member_id: int) -> ToSample | None:
    """The post to judge next: the oldest week first, none of this moderator's own.

    Each moderator has an order of their own, so that two who judge at once seldom have the same post.
    """
    rows, texts = _open(community_id)
    others = [row for row in rows if row.pk in texts and row.author_id != member_id]
    if not others:
        return None
    sample = min((row.sample for row in others), key=lambda sample: sample.begins)
    (chosen,) = drawn_by_lot(str(member_id), [row.pk for row in others if row.sample_id == sample.pk], 1)
    left = sum(row.pk in texts for row in rows if row.sample_id == sample.pk)
    return ToSample(
        chosen,
        texts[chosen],
        hash_text(texts[chosen]),
        sample.begins,
        sample.begins + timedelta(days=6),
        sample.drawn,
        left,
    )


def samples(*, community_id: int) -> list[SampleView]:
    """Every draw, the newest first."""
    rows, texts = _open(community_id)
    unjudged = Counter(row.sample_id for row in rows)
    left = Counter(row.sample_id for row in rows if row.pk in texts)
    return [
        SampleView(
            sample_id=sample.pk,
            begins=sample.begins,
            last=sample.begins + timedelta(days=6),
            population=sample.population,
            left_out=sample.left_out,
            drawn=sample.drawn,
            judged=sample.drawn - unjudged[sample.pk],
            gone=unjudged[sample.pk] - left[sample.pk],
            left=left[sample.pk],
            seed=sample.seed,
        )
        for sample in Sample.objects.filter(community_id=community_id).order_by("-begins")
    ]


def sampled(*, community_id: int, screener: str) -> dict[str, list[Sampled]]:
    """The judged posts of every week that is whole, by category, with the scores this version had given them.

    A post says something of the categories that were asked about when it was judged. Posts that another version of the
    detectors scored are left out: which version that was does not depend on what they say.
    """
    whole = [view.sample_id for view in samples(community_id=community_id) if view.whole]
    rows = SampledPost.objects.filter(sample__in=whole, judged_at__isnull=False, screening__screener=screener)
    found: dict[str, list[Sampled]] = {}
    for scores, asked, broke, drawn, population in (
        rows.order_by("sample__begins", "place")
        .values_list("screening__scores", "asked", "broke", "sample__drawn", "sample__population")
        .iterator()
    ):
        for category in asked:
            if category in scores:
                judged = Sampled(float(scores[category]), category in broke, drawn / population)
                found.setdefault(category, []).append(judged)
    return found


def guarantees(*, community_id: int, screener: str) -> list[CategoryGuarantee]:
    """What is guaranteed of each category that was asked about, in the order of their names."""
    return [
        _guarantee_of(category, rows)
        for category, rows in sorted(sampled(community_id=community_id, screener=screener).items())
    ]


def _guarantee_of(category: str, rows: list[Sampled]) -> CategoryGuarantee:
    scores, broke = thinned([row.score for row in rows], [row.broke for row in rows], [row.chance for row in rows])
    return CategoryGuarantee(category, len(scores), guarantee(scores, broke), reliability(scores, broke))


def _open(community_id: int) -> tuple[list[SampledPost], dict[int, str]]:
    """The drawn posts that nobody has judged, and the texts of those of them that are still there."""
    waiting = SampledPost.objects.filter(sample__community_id=community_id, judged_at=None).select_related("sample")
    rows = list(waiting)
    return rows, _texts(rows)


def _texts(rows: Iterable[SampledPost]) -> dict[int, str]:
    """The texts as they were drawn, by the rows' ids: none of a post that was deleted since."""
    wanted = {Urn.parse(row.subject).id: row for row in rows}
    found: dict[int, str] = {}
    for post_id, text in Post.objects.filter(pk__in=wanted, deleted_at=None).values_list("pk", "text"):
        row = wanted[post_id]
        if hash_text(text) == row.content_hash:
            found[row.pk] = text
    edited = [post_id for post_id, row in wanted.items() if row.pk not in found]
    former = PostVersion.objects.filter(post__in=edited, post__deleted_at=None)
    for post_id, text in former.values_list("post_id", "text"):
        if hash_text(text) == wanted[post_id].content_hash:
            found[wanted[post_id].pk] = text
    return found
