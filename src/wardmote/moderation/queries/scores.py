"""The stored scores of a stretch of time, for those who compare it with another."""

from dataclasses import dataclass
from datetime import datetime

from wardmote.moderation.models import Screening
from wardmote.moderation.policy import Route


@dataclass(frozen=True, slots=True)
class Scored:
    """What one version of the detectors said: one score a text in each category, and whether the text was flagged."""

    screener: str
    scores: dict[str, list[float]]
    flagged: list[bool]


def newest_screener(*, community_id: int) -> str:
    """The version that scored last; empty where nothing was screened."""
    rows = Screening.objects.filter(community_id=community_id).order_by("-pk").values_list("screener", flat=True)
    return rows.first() or ""


def scored(*, community_id: int, screener: str, since: datetime, until: datetime) -> Scored:
    """The texts that this version screened from `since` up to `until`, without it. Texts that say nothing have none."""
    rows = Screening.objects.filter(
        community_id=community_id, screener=screener, screened_at__gte=since, screened_at__lt=until
    ).order_by("pk")
    scores: dict[str, list[float]] = {}
    flagged: list[bool] = []
    for said, route in rows.values_list("scores", "route").iterator():
        if said:
            flagged.append(route != Route.PUBLISH.value)
            for category, score in said.items():
                scores.setdefault(category, []).append(score)
    return Scored(screener, scores, flagged)
