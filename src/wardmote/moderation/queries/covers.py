"""Reads of covers: what is covered, until when, and what the reporters of a case have proven."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from wardmote.communities.policy import Action
from wardmote.communities.queries import current_policy
from wardmote.moderation.models import Case, CaseText, Cover, Decision, Report
from wardmote.moderation.policy import CaseState
from wardmote.moderation.policy.covers import CALLS_A_THREAT, CoverCause, TrackRecord, likely_threat

REPORTERS_ASKED = 20
REPORTS_ASKED = 200
"""So many reporters of a case, and so many of each one's newest reports, are looked at."""


@dataclass(frozen=True, slots=True)
class CoverView:
    """A cover that counts now. The clause is the one that screening found the text close to, "" where it covered
    nothing."""

    cause: CoverCause
    since: datetime
    until: datetime
    clause_key: str = ""
    clause_title: str = ""


def cover_of_case(*, community_id: int, case_id: int) -> CoverView | None:
    """The cover over what an undecided case is about."""
    open_covers = Cover.objects.filter(community_id=community_id, case_id=case_id, ended_at=None)
    cover = open_covers.exclude(case__state=CaseState.DECIDED.value).first()
    if cover is None:
        return None
    return CoverView(CoverCause(cover.cause), cover.covered_at, cover.until, *clause_of_cover(cover))


def clause_of_cover(cover: Cover) -> tuple[str, str]:
    """Key and title of the clause that screening found a text close to, as the policy in force has it; "" where
    people covered it."""
    if cover.cause != CoverCause.SCREENING:
        return "", ""
    texts = CaseText.objects.filter(case_id=cover.case_id, community_id=cover.community_id, item_id=cover.item_id)
    text = texts.select_related("screening").first()
    screening = (text.screening if text else None) or cover.case.screening
    policy = current_policy(community_id=cover.community_id)
    if screening is None or policy is None:
        return "", ""
    # A policy published since may cover nothing of it: then the clause that sent it to people.
    clause = likely_threat(screening.scores, policy.drafts()) or policy.clause(screening.clause_key)
    return (clause.key, clause.title) if clause else ("", "")


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
