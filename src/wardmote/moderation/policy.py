"""Pure rules of judgement: where a text goes, what ranks first, which actions exist, who may decide, how long things last."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from wardmote.communities.policy import Action, ClauseDraft, Severity
from wardmote.kernel.errors import Invalid, Refused

CLAIM_TIME = timedelta(minutes=15)
APPEAL_WINDOW = timedelta(days=183)
REASON_LIMIT = 2000
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


class Source(StrEnum):
    """What opened a case."""

    REPORT = "report"
    SCREENING = "screening"


class Lane(StrEnum):
    """The skill a case asks for; threats to people are looked at before everything else."""

    THREAT = "threat"
    GENERAL = "general"


class ReportReason(StrEnum):
    """What a member may report something as."""

    THREAT = "threat"
    INCITEMENT = "incitement"
    HARASSMENT = "harassment"
    IDENTITY_ATTACK = "identity_attack"
    SPAM = "spam"
    OTHER = "other"


class AppealState(StrEnum):
    """An appeal waits, or ended one way or the other."""

    OPEN = "open"
    UPHELD = "upheld"
    REVERSED = "reversed"


REASON_CATEGORY: Mapping[ReportReason, str] = {
    ReportReason.THREAT: "violence.threat",
    ReportReason.INCITEMENT: "violence.incitement",
    ReportReason.HARASSMENT: "harassment",
    ReportReason.IDENTITY_ATTACK: "identity_attack",
    ReportReason.SPAM: "spam",
    ReportReason.OTHER: "other",
}


@dataclass(frozen=True, slots=True)
class Routing:
    """Where screening sends a text, and which clause and score made it so."""

    route: Route
    clause_key: str = ""
    category: str = ""
    score: float = 0.0


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
    return max(ranked, key=lambda r: r[:3])[3] if ranked else Routing(Route.PUBLISH)


def lane_of(category: str) -> Lane:
    """Violence goes to the threat lane."""
    return Lane.THREAT if category.startswith("violence.") else Lane.GENERAL


def priority_of(*, severity: Severity, score: float, reports: int, held: bool) -> int:
    """A case's rank, higher first: severity counts most, then that its author waits, then the reports, then the score.

    0 to 4,999; it grows as reports join.
    """
    return severity * 1000 + held * 500 + min(reports, 20) * 20 + round(score * 99)


def check_decision(action: Action, *, has_clause: bool, reason: str, days: int | None) -> None:
    """Refuse a decision that could not be explained to the author."""
    if action is Action.NONE:
        if days is not None:
            raise Invalid("No action has no end.", field="days")
    elif not has_clause:
        raise Invalid("Choose the clause that was broken.", field="clause")
    if action is Action.SUSPEND and days not in SUSPENSIONS:
        raise Invalid(f"A suspension lasts {', '.join(map(str, SUSPENSIONS))} days.", field="days")
    if action is not Action.SUSPEND and days is not None:
        raise Invalid("Only a suspension has a length.", field="days")
    if action is not Action.NONE and not reason.strip():
        raise Invalid("Say in a sentence why; the author reads it.", field="reason")
    if len(reason) > REASON_LIMIT:
        raise Invalid(f"The reason has {len(reason):,} characters; the most is {REASON_LIMIT:,}.", field="reason")


def check_impartial(*, member_id: int, author_id: int | None, reporter_ids: Iterable[int], decided_by: int | None) -> None:
    """Nobody judges their own post, a thing they reported, or an appeal against themselves."""
    if author_id == member_id:
        raise Refused("You wrote this; somebody else must decide it.")
    if member_id in set(reporter_ids):
        raise Refused("You reported this; somebody else must decide it.")
    if decided_by == member_id:
        raise Refused("You decided this; a different moderator must hear the appeal.")


def may_appeal(*, action: Action, decided_at: datetime, now: datetime) -> bool:
    """Every measure can be appealed for six months."""
    return action is not Action.NONE and now < decided_at + APPEAL_WINDOW
