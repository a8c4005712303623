"""The random audit as moderators judge it, and what can be promised from it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from wardmote.detect.promises import Bin, NoPromise, Promise, equal_chances, promise, reliability
from wardmote.kernel.urn import Urn
from wardmote.moderation.models import Audit, AuditPlan, AuditPost
from wardmote.moderation.policy.audits import drawn_by_lot
from wardmote.moderation.policy.texts import hash_text
from wardmote.network.models import Post, PostVersion

SEED = 1
"""Of the thinning out of weeks with higher chances; fixed, so that nobody draws until the answer pleases."""


@dataclass(frozen=True, slots=True)
class ToAudit:
    """A post that somebody is to judge, and nothing that was said of it. `left`: posts of its week not judged yet."""

    audited_id: int
    text: str
    begins: date
    last: date
    drawn: int
    left: int


@dataclass(frozen=True, slots=True)
class AuditView:
    """One week. `gone`: posts that were deleted before anybody judged them; `left`: those still to be judged."""

    audit_id: int
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
class Audited:
    """A judged post in one category: its stored score, whether it breaks the rule, its chance of being drawn."""

    score: float
    broke: bool
    chance: float


@dataclass(frozen=True, slots=True)
class CategoryPromise:
    """What the audits say of one category: posts that count, the promise, and scores against judgements."""

    category: str
    posts: int
    found: Promise | NoPromise
    bins: tuple[Bin, ...]


def posts_a_week(*, community_id: int) -> int:
    """How many posts the community has drawn each week; 0: none."""
    plan = AuditPlan.objects.filter(community_id=community_id).first()
    return plan.posts_a_week if plan else 0


def next_to_judge(*, community_id: int, member_id: int) -> ToAudit | None:
    """The post to judge next: the oldest week first, none of this moderator's own.

    Each moderator has an order of their own, so that two who judge at once seldom have the same post.
    """
    unfinished = Audit.objects.filter(community_id=community_id, posts__judged_at=None).distinct()
    for audit in unfinished.order_by("begins"):
        open_rows = list(AuditPost.objects.filter(audit=audit, judged_at=None).order_by("place"))
        texts = _texts(open_rows)
        own = {row.pk for row in open_rows if row.author_id == member_id}
        others = drawn_by_lot(str(member_id), texts.keys() - own, 1)
        if others:
            last = audit.begins + timedelta(days=6)
            return ToAudit(others[0], texts[others[0]], audit.begins, last, audit.drawn, len(texts))
    return None


def audits(*, community_id: int, most: int = 53) -> list[AuditView]:
    """The newest draws first."""
    views = []
    for audit in Audit.objects.filter(community_id=community_id).order_by("-begins")[:most]:
        rows = list(AuditPost.objects.filter(audit=audit, judged_at=None))
        left = len(_texts(rows))
        views.append(
            AuditView(
                audit_id=audit.pk,
                begins=audit.begins,
                last=audit.begins + timedelta(days=6),
                population=audit.population,
                left_out=audit.left_out,
                drawn=audit.drawn,
                judged=audit.drawn - len(rows),
                gone=len(rows) - left,
                left=left,
                seed=audit.seed,
            )
        )
    return views


def audited(*, community_id: int, screener: str) -> dict[str, list[Audited]]:
    """The judged posts of every week that is whole, by category, with the scores this version had given them.

    A post says something of the categories that were asked about when it was judged. Posts that another version of the
    detectors scored are left out: which version that was does not depend on what they say.
    """
    whole = [view.audit_id for view in audits(community_id=community_id, most=10_000) if view.whole]
    rows = (
        AuditPost.objects.filter(audit__in=whole, judged_at__isnull=False, screening__screener=screener)
        .select_related("audit", "screening")
        .order_by("audit__begins", "place")
    )
    found: dict[str, list[Audited]] = {}
    for row in rows.iterator():
        if row.screening is None:
            continue
        scores: Mapping[str, float] = row.screening.scores
        chance = row.audit.drawn / row.audit.population
        for category in row.asked:
            if category in scores:
                judged = Audited(float(scores[category]), category in row.broke, chance)
                found.setdefault(category, []).append(judged)
    return found


def promises(*, community_id: int, screener: str) -> list[CategoryPromise]:
    """What can be promised of each category that was asked about, in the order of their names."""
    return [
        _promised(category, rows)
        for category, rows in sorted(audited(community_id=community_id, screener=screener).items())
    ]


def _promised(category: str, rows: list[Audited]) -> CategoryPromise:
    kept = equal_chances([row.chance for row in rows], SEED).tolist()
    rows = [row for row, keep in zip(rows, kept, strict=True) if keep]
    scores, broke = [row.score for row in rows], [row.broke for row in rows]
    return CategoryPromise(category, len(rows), promise(scores, broke), reliability(scores, broke))


def _texts(rows: Iterable[AuditPost]) -> dict[int, str]:
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
