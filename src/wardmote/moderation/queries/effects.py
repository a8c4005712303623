"""What a draft of the rules would have done to what was screened of late, from the scores that are stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from wardmote.communities.policy import ClauseDraft
from wardmote.kernel.urn import Urn
from wardmote.moderation.models import Screening
from wardmote.moderation.policy import Route, Routing, route

MOST_POSTS = 5_000
"""The newest posts that an effect rests on: about a second of work."""
_EXAMPLES = 6
_POST = "urn:wardmote:post:"


@dataclass(frozen=True, slots=True)
class ClauseEffect:
    """How many posts reach a clause's two scores: (queued only, held), by the rules in force and by the draft."""

    key: str
    before: tuple[int, int]
    after: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Example:
    """A post that the draft would have sent elsewhere."""

    post_id: int
    before: Route
    after: Route
    clause_key: str
    category: str
    score: float


@dataclass(frozen=True, slots=True)
class Effect:
    """Rests on `posts`; `all_of_them` says whether there were no more. Totals are (queued, held)."""

    posts: int
    all_of_them: bool
    before: tuple[int, int]
    after: tuple[int, int]
    clauses: tuple[ClauseEffect, ...]
    examples: tuple[Example, ...]


def effect(
    *, community_id: int, before: Sequence[ClauseDraft], after: Sequence[ClauseDraft], since: datetime
) -> Effect:
    """Both versions applied to the newest posts since then; each counts once, with its last scores.

    What lists of known content hold is not counted: they hold it by either version.
    """
    rows = Screening.objects.filter(
        community_id=community_id, subject__startswith=_POST, screened_at__gte=since
    ).order_by("-pk")
    scores: dict[str, dict[str, float]] = {}
    read = 0
    for subject, said in rows.values_list("subject", "scores")[: MOST_POSTS + 1]:
        read += 1
        if said and read <= MOST_POSTS:
            scores.setdefault(subject, said)
    routes = [(subject, route(said, before), route(said, after)) for subject, said in scores.items()]
    moved = [found for found in routes if found[1].route is not found[2].route]
    keys = dict.fromkeys(clause.key for clause in (*after, *before))
    old, new = {c.key: c for c in before}, {c.key: c for c in after}
    said = list(scores.values())
    return Effect(
        posts=len(scores),
        all_of_them=read <= MOST_POSTS,
        before=_total([was for _subject, was, _will in routes]),
        after=_total([will for _subject, _was, will in routes]),
        clauses=tuple(ClauseEffect(key, _reached(old.get(key), said), _reached(new.get(key), said)) for key in keys),
        examples=_examples(moved),
    )


def _total(routes: Sequence[Routing]) -> tuple[int, int]:
    return sum(r.route is Route.QUEUE for r in routes), sum(r.route is Route.HOLD for r in routes)


def _reached(clause: ClauseDraft | None, said: Sequence[dict[str, float]]) -> tuple[int, int]:
    return (0, 0) if clause is None else _total([route(scores, [clause]) for scores in said])


def _examples(moved: Sequence[tuple[str, Routing, Routing]]) -> tuple[Example, ...]:
    """A few of each way, newest first: one after the other, so that no way fills the list alone."""
    ways: dict[tuple[Route, Route], list[Example]] = {}
    for subject, was, will in moved:
        told = will if will.route is not Route.PUBLISH else was
        example = Example(
            Urn.parse(subject).id, was.route, will.route, told.clause_key, told.category, round(told.score, 3)
        )
        ways.setdefault((was.route, will.route), []).append(example)
    turns = [found for turn in range(_EXAMPLES) for way in ways.values() for found in way[turn : turn + 1]]
    return tuple(turns[:_EXAMPLES])
