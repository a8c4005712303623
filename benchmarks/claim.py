"""`claim`: moderators take the case that ranks first and decide it, from a queue of 26,000."""

import time
from datetime import timedelta
from functools import partial
from random import Random
from typing import TYPE_CHECKING

from benchmarks.contract import About, Size
from benchmarks.figures import Figure, Params, percentile
from benchmarks.load import together
from benchmarks.town import NOW, found, join, make_ready

if TYPE_CHECKING:
    from wardmote.moderation.models import Case, Item

ABOUT = About(
    what="One moderator, and eight at once in the threads of one process, claim the next case and decide it, flat out; "
    "and eight at a pace of sixteen cases a second in all. One top case in twenty is somebody's own, which they may "
    "not take. Claims are timed by themselves; the rate counts claim and decision, with the notices and entries that "
    "follow.",
    aim="Our reference for eight reviewers: 18 ms at the 99th percentile on SQLite, 14 ms on PostgreSQL, and no case "
    "given twice. A hundred million posts a day with one in a hundred reported are 12 cases a second.",
    limit="Eight reviewers without a pause share one interpreter: most of a claim's time is waiting for the others' "
    "Python, not for the index; at a pace that eight people could never keep up, that wait is gone. On SQLite a claim "
    "also waits for a decision's synced commit, and for the next in line.",
    databases=("sqlite", "postgresql"),
)
CASES: dict[Size, int] = {"tiny": 60, "usual": 26_000, "full": 260_000}
DECIDED: dict[Size, int] = {"tiny": 8, "usual": 400, "full": 2_000}
REVIEWERS = (1, 8)
PACE = 16
"""Cases a second of all reviewers together, where they do not work flat out."""
_AIM_MS = {"sqlite": 18, "postgresql": 14}
_CATEGORIES = ("violence.threat", "harassment", "identity_attack", "spam")


def measure(size: Size, database: str) -> list[Figure]:
    """Rate, median and 99th percentile for each number of reviewers, and whether any case was given twice."""
    make_ready()
    community_id = found()
    reviewers = [join(community_id, f"reviewer_{n}", moderates=True) for n in range(max(REVIEWERS))]
    author = join(community_id, "author")
    _fill(community_id, CASES[size], author, reviewers)
    given: list[int] = []
    _review(community_id, reviewers[0], 2, given)
    figures: list[Figure] = []
    for number, pause in ((REVIEWERS[0], 0.0), (REVIEWERS[1], 0.0), (REVIEWERS[1], REVIEWERS[1] / PACE)):
        each = max(DECIDED[size] // number // (2 if pause else 1), 1)
        workers = [partial(_review, community_id, member, each, given, pause) for member in reviewers[:number]]
        measured, seconds = together(workers)
        params: dict[str, str | int] = {
            "cases": CASES[size],
            "reviewers": number,
            "pace": f"{PACE} a second" if pause else "flat out",
            "database": database,
        }
        figures += _figures(measured, seconds, params, database)
    twice = len(given) - len(set(given))
    params = {"cases": CASES[size], "given": len(given), "database": database}
    return [*figures, Figure("claim", "cases given twice", twice, "cases", 0, "lower", params)]


def _figures(measured: list[float], seconds: float, params: Params, database: str) -> list[Figure]:
    rate, aim = len(measured) / seconds, _AIM_MS[database]
    return [
        Figure("claim", "cases claimed and decided", rate, "cases/s", 12, "higher", params),
        Figure("claim", "claim p50", percentile(measured, 0.5) * 1000, "ms", aim, "lower", params),
        Figure("claim", "claim p99", percentile(measured, 0.99) * 1000, "ms", aim, "lower", params),
    ]


def _review(community_id: int, member_id: int, number: int, given: list[int], pause: float = 0.0) -> list[float]:
    """Claim and decide so many cases, one every `pause` seconds; gives the seconds of each claim."""
    from wardmote.communities.policy import Action
    from wardmote.journeys.moderators import review
    from wardmote.kernel import clock
    from wardmote.moderation.queries import sheet_of_case

    measured: list[float] = []
    chance = Random(member_id)  # noqa: S311 - reviewers do not move in step
    due = time.perf_counter() + pause * chance.random()
    for _ in range(number):
        time.sleep(max(due - time.perf_counter(), 0))
        due += pause
        began = time.perf_counter()
        case_id = review.claim_next(community_id=community_id, member_id=member_id, now=clock.now())
        measured.append(time.perf_counter() - began)
        if case_id is None:
            raise RuntimeError("the queue is empty, though cases are left")
        given.append(case_id)
        review.decide(
            community_id=community_id,
            member_id=member_id,
            case_id=case_id,
            action=Action.NONE,
            clause_id=None,
            reason="",
            days=None,
            seen=sheet_of_case(community_id=community_id, case_id=case_id),
            now=clock.now(),
        )
    return measured


def _fill(community_id: int, number: int, author: int, reviewers: list[int]) -> None:
    """Posts and open cases about them, as an import leaves them."""
    from wardmote.moderation.models import Case, Item
    from wardmote.moderation.policy.texts import hash_text
    from wardmote.network.models import Post

    chance = Random(1)  # noqa: S311 - the same queue every time
    posts = [
        Post(
            community_id=community_id,
            author_id=chance.choice(reviewers) if n % 20 == 0 else author,
            text=f"text {n}",
            created_at=NOW,
            fanned_out_at=NOW,
        )
        for n in range(number)
    ]
    items = [
        Item(
            community_id=community_id,
            subject=str(post.urn),
            author_id=post.author_id,
            text=post.text,
            content_hash=hash_text(post.text),
            context={"path": "/"},
            taken_at=NOW,
        )
        for post in posts
    ]
    Post.objects.bulk_create(posts, batch_size=5_000)
    Item.objects.bulk_create(items, batch_size=5_000)
    cases = [_case(n, item, chance) for n, item in enumerate(items)]
    Case.objects.bulk_create(cases, batch_size=5_000)


def _case(n: int, item: "Item", chance: Random) -> "Case":
    from wardmote.moderation.models import Case
    from wardmote.moderation.policy import CaseState, Source, lane_of

    category = chance.choice(_CATEGORIES)
    return Case(
        community_id=item.community_id,
        item=item,
        subject=item.subject,
        lane=lane_of(category).value,
        # What a reviewer wrote ranks among the first, where it is in the way.
        priority=4999 if n % 20 == 0 else chance.randrange(1000, 4999),
        source=Source.REPORT.value,
        category=category,
        state=CaseState.OPEN.value,
        opened_at=NOW + timedelta(seconds=n),
    )
