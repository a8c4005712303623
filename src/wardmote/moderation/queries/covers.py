"""Reads of covers: what is covered, until when, and what the reporters of a case have proven."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from wardmote.communities.policy import Action
from wardmote.moderation.models import Case, Cover, Decision, Report
from wardmote.moderation.policy import CaseState
from wardmote.moderation.policy.covers import CALLS_A_THREAT, CoverCause, TrackRecord

REPORTERS_ASKED = 20
REPORTS_ASKED = 200
"""So many reporters of a case, and so many of each one's newest reports, are looked at."""


@dataclass(frozen=True, slots=True)
class CoverView:
    """A cover that counts now."""

    cause: CoverCause
    since: datetime
    until: datetime


def cover_of_case(*, community_id: int, case_id: int) -> CoverView | None:
    """The cover over what an undecided case is about."""
    open_covers = Cover.objects.filter(community_id=community_id, case_id=case_id, ended_at=None)
    cover = open_covers.exclude(case__state=CaseState.DECIDED.value).first()
    return CoverView(CoverCause(cover.cause), cover.covered_at, cover.until) if cover else None


def cover_of_own(*, community_id: int, subject: str, member_id: int) -> CoverView | None:
    """The same of something that this member wrote."""
    cases = Case.objects.filter(community_id=community_id, subject=subject, item__author_id=member_id)
    case_id = cases.exclude(state=CaseState.DECIDED.value).values_list("pk", flat=True).first()
    return cover_of_case(community_id=community_id, case_id=case_id) if case_id else None


def records_of_reporters(*, community_id: int, case_id: int) -> list[TrackRecord]:
    """What became of the other reports of those who call a threat what this case is about."""
    reports = Report.objects.filter(
        community_id=community_id, case_id=case_id, reason__in=[reason.value for reason in CALLS_A_THREAT]
    )
    reporters = reports.order_by("pk").values_list("reporter_id", flat=True)[:REPORTERS_ASKED]
    if len(reporters) < 2:
        return []
    return [_record(community_id, reporter_id, case_id) for reporter_id in reporters]


def _record(community_id: int, reporter_id: int, case_id: int) -> TrackRecord:
    theirs = Report.objects.filter(
        community_id=community_id, reporter_id=reporter_id, case__state=CaseState.DECIDED.value
    ).exclude(case_id=case_id)
    newest = theirs.order_by("-pk").values_list("case_id", "case__item__author_id")[:REPORTS_ASKED]
    authors = dict(newest)
    found: defaultdict[int, bool] = defaultdict(bool)
    decisions = Decision.objects.filter(community_id=community_id, case_id__in=list(authors))
    for case, action, reversed_at in decisions.values_list("case_id", "action", "reversed_at"):
        found[case] |= action != Action.NONE and reversed_at is None
    upheld = {case: authors[case] for case, is_upheld in found.items() if is_upheld}
    return TrackRecord(upheld, refused=len(found) - len(upheld))
