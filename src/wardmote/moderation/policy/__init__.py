"""Pure rules of judgement: where a text goes, what ranks first, what follows from a decision, who may make it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from wardmote.communities.policy import ClauseDraft, Severity
from wardmote.detect import categories
from wardmote.detect.lists.despair import speaks_of_ending_it
from wardmote.kernel.urn import Urn
from wardmote.moderation.policy.reports import ReportReason as ReportReason
from wardmote.moderation.policy.reports import Source as Source

if TYPE_CHECKING:
    # The moderation API without a database reads these words too, where the ledger's libraries are not installed.
    from wardmote.ledger import Json

CLAIM_TIME = timedelta(minutes=15)
HANDED_TIME = timedelta(hours=1)
"""How long a case that was handed to somebody is kept for them."""
APPEAL_WINDOW = timedelta(days=183)
REASON_LIMIT = 2000
MARK_FROM = 0.4
"""The score from which the words behind a category are underlined: below it is unlikely, and they explain nothing."""
MARKS = 6
"""Runs of words that are underlined in one text at most."""
SUSPENSIONS = (1, 3, 7, 30)
"""Lengths of a suspension on offer, in days."""


class Route(StrEnum):
    """What screening does with a text."""

    PUBLISH = "publish"
    QUEUE = "queue"
    HOLD = "hold"


class CaseState(StrEnum):
    """A case waits, is in somebody's hands, or is decided."""

    OPEN = "open"
    CLAIMED = "claimed"
    DECIDED = "decided"


class Lane(StrEnum):
    """The skill a case asks for; threats to people are looked at before everything else."""

    THREAT = "threat"
    GENERAL = "general"


class Purpose(StrEnum):
    """What a list of known content is for: a match raises a score, holds the text, or goes to the locked lane."""

    FLAG = "flag"
    HOLD = "hold"
    ILLEGAL = "illegal"


class QuarantineState(StrEnum):
    """What the owner has found: nothing yet, that it is what the list says, or that the list is mistaken."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    MISTAKEN = "mistaken"


class AppealState(StrEnum):
    """An appeal waits, or ended one way or the other."""

    OPEN = "open"
    UPHELD = "upheld"
    REVERSED = "reversed"


NOT_COVERED = categories.NOT_COVERED.name
"""Stands among the scores, with 1, where no detector reads the text's language. A clause of this category with
`queue_at` sends such texts to people; without one it is only on record, for whoever judges a report."""


SELF_HARM = categories.SELF_HARM.name
SELF_HARM_AT = 0.9
"""From such a score on, or by their words, somebody may be thinking of harming themselves."""


@dataclass(frozen=True, slots=True)
class Routing:
    """Where screening sends a text, and which clause and score made it so."""

    route: Route
    clause_key: str = ""
    category: str = ""
    score: float = 0.0

    @classmethod
    def nothing(cls) -> "Routing":
        """No rule has anything to say."""
        return cls(Route.PUBLISH)


@dataclass(frozen=True, slots=True)
class ListMatch:
    """An entry of a list that a text is, or is like: `alike` is 1 for the same, less for nearly.

    `category` and `score` are what a list to flag or to hold by was given; of an image `alike` is 1 less the share of
    bits that differ.
    """

    list_id: int
    name: str
    purpose: Purpose
    category: str
    score: float | None
    entry_id: int
    alike: float

    @property
    def urn(self) -> Urn:
        return Urn("known_list", self.list_id)


@dataclass(frozen=True, slots=True)
class Screened:
    """What the detectors and the community's lists said of one text, and where that sends it.

    `scores`: category to probability; `spans`: (category, start, end, weight) in characters of the text.
    """

    text: str
    screener: str
    scores: Mapping[str, float]
    spans: tuple[tuple[str, int, int, float], ...]
    routing: Routing
    matches: tuple[ListMatch, ...] = ()

    @property
    def highest(self) -> float:
        """The highest score of any category, 0.0 where there is none."""
        return max((score for category, score in self.scores.items() if category != NOT_COVERED), default=0.0)

    @property
    def despairs(self) -> bool:
        """Whether its author may be thinking of harming themselves: reason to help, never to judge."""
        return self.scores.get(SELF_HARM, 0.0) >= SELF_HARM_AT or speaks_of_ending_it(self.text)

    def as_facts(self) -> "dict[str, Json]":
        """For the record: the scores as they were, never to be recomputed."""
        return {
            "screener": self.screener,
            "scores": dict(self.scores),
            "route": self.routing.route.value,
            "clause": self.routing.clause_key or None,
            **({"lists": [str(match.urn) for match in self.matches]} if self.matches else {}),
        }


def raised(scores: Mapping[str, float], matches: Iterable[ListMatch]) -> dict[str, float]:
    """The scores, with what the matched lists to flag by raise."""
    higher = dict(scores)
    for match in matches:
        if match.score is not None:
            higher[match.category] = max(higher.get(match.category, 0.0), match.score)
    return higher


def held_by_list(routing: Routing, clauses: Iterable[ClauseDraft], matches: Iterable[ListMatch]) -> Routing:
    """`routing`, or holding, where a list to hold by matches: under the strictest clause on the list's category.

    A policy that has no such clause any more does not set the list aside: the text is held under none.
    """
    holding = [match for match in matches if match.purpose is Purpose.HOLD]
    if routing.route is Route.HOLD or not holding:
        return routing
    match = max(holding, key=lambda each: each.alike)
    about = [clause for clause in clauses if clause.category == match.category]
    key = max(about, key=lambda clause: clause.severity).key if about else ""
    return Routing(Route.HOLD, key, match.category, round(match.alike, 4))


def route(scores: Mapping[str, float], clauses: Iterable[ClauseDraft]) -> Routing:
    """The strictest route that any clause asks for; among equals, the clause of the highest severity, then score."""
    ranked: list[tuple[int, int, float, Routing]] = []
    for clause in clauses:
        score = scores.get(clause.category)
        if score is None:
            continue
        if clause.hold_at is not None and score >= clause.hold_at:
            verdict = Routing(Route.HOLD, clause.key, clause.category, score)
        elif clause.queue_at is not None and score >= clause.queue_at:
            verdict = Routing(Route.QUEUE, clause.key, clause.category, score)
        else:
            continue
        ranked.append((int(verdict.route is Route.HOLD), int(clause.severity), score, verdict))
    return max(ranked, key=lambda r: r[:3])[3] if ranked else Routing.nothing()


def lane_of(category: str) -> Lane:
    """Violence goes to the threat lane, and so does somebody who may harm themselves."""
    return Lane.THREAT if categories.is_urgent(category) else Lane.GENERAL


def priority_of(*, severity: Severity, score: float, reports: int, held: bool) -> int:
    """A case's rank, higher first: severity counts most, then that its author waits, then the reports, then the score.

    0 to 4,999; it grows as reports join.
    """
    return severity * 1000 + held * 500 + min(reports, 20) * 20 + round(score * 99)


CERTAIN = 0.9
"""A score from which a second opinion is not asked for: screening has made up its mind, and a person looks anyway."""
_ADVICE = 400
"""How much a machine's opinion may raise a rank: less than that an author waits, and never past a severity."""


def worth_a_second_opinion(routing: Routing, *, priority: int) -> bool:
    """Whether somebody else's opinion could change anything: a person will look, screening is unsure, and the case is
    not yet first of its severity."""
    return routing.route is not Route.PUBLISH and routing.score < CERTAIN and priority % 1000 < 999


def raised_by_opinion(priority: int, probability: float, *, before: float) -> int:
    """A case's rank once a machine finds a clause broken with this probability, where it had found `before` at most.

    It rises within its severity only, so that no machine, and nobody who talks one into something, outranks what a
    clause says; and it never falls.
    """
    rise = max(0, round(_ADVICE * probability) - round(_ADVICE * before))
    return max(priority, min(priority + rise, priority // 1000 * 1000 + 999))


FIRST = 4_999
"""The rank before all others of a lane."""
