"""A backlog of any size for the Plaza: seeded variations of what people say and report, brought in by the journeys."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import TypeVar

from wardmote.communities.queries import community_by_slug
from wardmote.config.demo.load import load
from wardmote.config.demo.variations import names, variations
from wardmote.journeys.platforms.import_posts import ForeignPost, Outcome, import_posts
from wardmote.journeys.platforms.import_reports import ForeignReport, import_reports
from wardmote.kernel.errors import Refused
from wardmote.moderation.policy import ReportReason
from wardmote.record.engine import sequence

SEED = 26_000
SOURCE = "the backlog of the demonstration"
SPAN = timedelta(days=7)
"""Posts and reports are spread over so much time before now."""
_BATCH = 200
_Item = TypeVar("_Item")


def load_backlog(reports: int, *, now: datetime, progress: Callable[[str, int, int], None]) -> list[Outcome]:
    """Fill the demonstration with posts and so many reports about them; gives what became of each report.

    Makes the demonstration first where the database is empty. `progress` is told what is being done, how much of it
    is done, and how much there is. Safe to repeat: what is there already stays as it is.
    """
    load(now)
    plaza = community_by_slug("plaza")
    if plaza is None or plaza.domain != "plaza.localhost":
        raise Refused("This database has communities of its own; a backlog is for a demonstration.")
    posts = make_posts(reports * 2 // 3 + 1, now=now)
    _in_batches(
        "posts", posts, progress, lambda some: import_posts(community_id=plaza.id, source=SOURCE, posts=some, now=now)
    )
    filed = make_reports(reports, posts, now=now)
    done = _in_batches(
        "reports",
        filed,
        progress,
        lambda some: import_reports(community_id=plaza.id, source=SOURCE, reports=some, now=now),
    )
    # So that the first backup has a checkpoint to be held against.
    while sequence(now):
        pass
    return done


def make_posts(number: int, *, now: datetime, seed: int = SEED) -> list[ForeignPost]:
    """Posts of some hundred authors, oldest first; the same for the same seed but for their dates."""
    chance = Random(seed)  # noqa: S311 - a demonstration is repeatable, not secret
    authors = names(max(number // 40, 10), chance)
    return [
        ForeignPost(
            id=f"{seed}-{place}-{said.reason or 'ordinary'}",
            author=chance.choice(authors),
            text=said.text,
            created_at=now - SPAN * (1 - place / number),
        )
        for place, said in enumerate(variations(number, chance))
    ]


def make_reports(number: int, posts: Sequence[ForeignPost], *, now: datetime, seed: int = SEED) -> list[ForeignReport]:
    """Reports, oldest first: three in four about what broke a rule, a few posts drawing many, nobody twice on one."""
    chance = Random(seed + 1)  # noqa: S311 - as above
    reporters = names(max(number // 25, 30), chance)
    bad = [post for post in posts if not post.id.endswith("-ordinary")] or list(posts)
    pairs: dict[tuple[str, str], ForeignPost] = {}
    while len(pairs) < number:
        some = bad if chance.random() < 0.75 else posts
        # The square leans to the first of the list: a few posts are reported by many.
        post = some[int(len(some) * chance.random() ** 2)]
        reporter = chance.choice(reporters)
        if reporter != post.author:
            pairs.setdefault((post.id, reporter), post)
    return sorted(
        (
            ForeignReport(
                item=post.id,
                reporter=reporter,
                reason=_reason(post, chance),
                created_at=post.created_at + (now - post.created_at) * chance.random(),
            )
            for (_, reporter), post in pairs.items()
        ),
        key=lambda report: report.created_at,
    )


def _reason(post: ForeignPost, chance: Random) -> ReportReason:
    named = post.id.rpartition("-")[2]
    # One in eight mistakes what they see, and ordinary posts are reported for anything.
    if named == "ordinary" or chance.random() < 0.125:
        return chance.choice([reason for reason in ReportReason if reason is not ReportReason.CHILD_ABUSE])
    return ReportReason(named)


def _in_batches(
    what: str,
    items: Sequence[_Item],
    progress: Callable[[str, int, int], None],
    bring_in: Callable[[Sequence[_Item]], list[Outcome]],
) -> list[Outcome]:
    outcomes: list[Outcome] = []
    for start in range(0, len(items), _BATCH):
        outcomes += bring_in(items[start : start + _BATCH])
        progress(what, len(outcomes), len(items))
    return outcomes
