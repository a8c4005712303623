"""Interim cover: when a thing is kept from everybody but its author and the moderators until somebody has looked. Pure.

A cover judges nothing. It ends with the decision, by a moderator's hand, or by its clock.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from itertools import combinations

from wardmote.communities.policy import ClauseDraft
from wardmote.moderation.policy import SELF_HARM, Lane, ReportReason, lane_of

COVER_TIME = timedelta(hours=24)
"""How long a cover lasts at most, undecided."""
COVER_SHARE = 0.75
"""How far from a clause's score for the queue to its score for holding a text is covered."""
PROVEN_REPORTS = 3
PROVEN_AUTHORS = 2
PROVEN_SHARE = 0.75
"""A reporter is proven by so many reports that ended in a measure, about so many people, so large a part of all."""
CALLS_A_THREAT = tuple(reason for reason in ReportReason if lane_of(reason.category) is Lane.THREAT)


class CoverCause(StrEnum):
    """Why it was covered. Stored."""

    SCREENING = "screening"
    REPORTERS = "reporters"
    MODERATOR = "moderator"

    @property
    def was_read_before(self) -> bool:
        """Whether others could read the text until it was covered; screening covers it as it comes in."""
        return self is not CoverCause.SCREENING


class CoverEnd(StrEnum):
    """What ended a cover whose case was undecided. Stored."""

    TIME = "time"
    MODERATOR = "moderator"


def cover_at(queue_at: float | None, hold_at: float | None) -> float | None:
    """The score from which a clause of the threat lane covers a text; None where screening never acts on it."""
    if queue_at is None:
        return None
    return queue_at + COVER_SHARE * ((1.0 if hold_at is None else hold_at) - queue_at)


def likely_threat(scores: Mapping[str, float], clauses: Sequence[ClauseDraft]) -> ClauseDraft | None:
    """The clause by which a text with these scores is so likely a threat that nobody should meet it before a person
    has looked; the likeliest where there are several, None where there is none."""
    found = []
    for clause in clauses:
        if clause.category == SELF_HARM:
            continue
        score = scores.get(clause.category)
        least = cover_at(clause.queue_at, clause.hold_at)
        if score is not None and least is not None and lane_of(clause.category) is Lane.THREAT and score >= least:
            found.append((score, clause))
    return max(found, key=lambda each: each[0])[1] if found else None


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """What became of somebody's reports. `upheld`: case -> its author, None for one elsewhere; `refused`: how many
    ended without a measure, or with one that was undone."""

    upheld: Mapping[int, int | None]
    refused: int

    def is_proven(self, *, apart_from: "TrackRecord") -> bool:
        """Whether enough of it was right, what the other one reported too left out."""
        own = {case: author for case, author in self.upheld.items() if case not in apart_from.upheld}
        return (
            len(own) >= PROVEN_REPORTS
            and len(set(own.values())) >= PROVEN_AUTHORS
            and len(own) >= PROVEN_SHARE * (len(own) + self.refused)
        )


def are_enough(records: Sequence[TrackRecord]) -> bool:
    """Whether two of these reporters are proven, each without the other."""
    return any(a.is_proven(apart_from=b) and b.is_proven(apart_from=a) for a, b in combinations(records, 2))
