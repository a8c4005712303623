"""What members may see of moderation: their own measures, holds and reports. Never who decided, never who reported."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from wardmote.communities.models import Clause
from wardmote.communities.policy import Action
from wardmote.detect.lists.despair import speaks_of_ending_it
from wardmote.kernel.urn import Urn
from wardmote.moderation.models import Appeal, Case, Decision, Report, Screening
from wardmote.moderation.policy import APPEAL_WINDOW, SELF_HARM, SELF_HARM_AT, CaseState, ReportReason
from wardmote.moderation.policy.decisions import may_appeal
from wardmote.moderation.policy.endings import Ending
from wardmote.moderation.policy.outside import is_url
from wardmote.moderation.policy.texts import hash_text
from wardmote.moderation.queries.cases import SpanView, spans_of
from wardmote.moderation.queries.decisions import screening_of
from wardmote.moderation.queries.endings import BESIDE, ending_of
from wardmote.moderation.queries.state import fate_of, origin_of
from wardmote.network import queries as network
from wardmote.notices.policy import Fate


@dataclass(frozen=True, slots=True)
class HoldView:
    """Why a text of one's own waits."""

    since: datetime
    clause_key: str
    clause_title: str


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """One measure against the reader. `was_told`: they may know of it; not so where it was taken back before that."""

    decision_id: int
    action: Action
    clause_title: str
    decided_at: datetime
    reversed_at: datetime | None
    path: str
    ending: Ending | None = None
    was_told: bool = True


@dataclass(frozen=True, slots=True)
class MeasureView:
    """A measure with its reasons and what the author can do about it."""

    decision_id: int
    action: Action
    clause_key: str
    clause_title: str
    clause_text: str
    reason: str
    until: datetime | None
    decided_at: datetime
    origin: str
    text: str
    spans: tuple[SpanView, ...]
    path: str
    fate: Fate
    may_appeal: bool
    appeal_until: datetime
    appeal: str
    appeal_text: str
    appeal_filed_at: datetime | None
    outcome_reason: str
    reversed_at: datetime | None
    is_account: bool
    ending: Ending | None


@dataclass(frozen=True, slots=True)
class MyReport:
    """A report of one's own and what became of it; `outcome` is "", "acted" or "no_action".

    `text` is what was reported, "" where it was erased; `path` where it is, "" where it is gone. The action and clause
    are those of the decision, `ending` what undid it.
    """

    report_id: int
    reason: ReportReason
    filed_at: datetime
    state: CaseState
    outcome: str
    text: str
    path: str
    action: Action | None
    clause_key: str
    clause_title: str
    ending: Ending | None = None


def holding(*, community_id: int, subject: str, member_id: int) -> HoldView | None:
    """The undecided case for which a text of this member waits."""
    case = (
        Case.objects.filter(community_id=community_id, subject=subject, held=True, item__author_id=member_id)
        .exclude(state=CaseState.DECIDED.value)
        .select_related("screening")
        .first()
    )
    if case is None:
        return None
    key = case.screening.clause_key if case.screening else ""
    clause = Clause.objects.filter(policy__community_id=community_id, key=key).order_by("-policy__number").first()
    return HoldView(case.opened_at, key, clause.title if clause else "")


HELP_TIME = timedelta(days=3)
"""So long after they wrote it, an author sees the help lines at their post."""


def in_need_of_help(*, community_id: int, texts: Mapping[str, str]) -> set[str]:
    """Those of somebody's own things, subject -> text, at which they should meet the help lines."""
    found = {subject for subject, text in texts.items() if speaks_of_ending_it(text)}
    scored = Screening.objects.filter(community_id=community_id, subject__in=[s for s in texts if s not in found])
    for subject, content_hash, scores in scored.values_list("subject", "content_hash", "scores"):
        if scores.get(SELF_HARM, 0.0) >= SELF_HARM_AT and content_hash == hash_text(texts[subject]):
            found.add(subject)
    return found


def measures_of(*, community_id: int, member_id: int) -> list[MeasureRow]:
    """Every measure against this member, newest first."""
    rows = (
        Decision.objects.filter(community_id=community_id, case__item__author_id=member_id)
        .exclude(action=Action.NONE.value)
        .select_related("clause", "item", *BESIDE)
    )
    return [
        MeasureRow(
            d.pk,
            Action(d.action),
            d.clause.title if d.clause else "",
            d.decided_at,
            d.reversed_at,
            d.item.context.get("path", ""),
            ending_of(d),
            d.taken_back_at is None or d.told_at is not None,
        )
        for d in rows.order_by("-pk")
    ]


def standing_measure(*, community_id: int, subject: str, member_id: int) -> int | None:
    """The decision behind what one's own post or profile looks like now, for a link to its reasons."""
    return (
        Decision.objects.filter(
            community_id=community_id, case__subject=subject, case__item__author_id=member_id, reversed_at=None
        )
        .exclude(action=Action.NONE.value)
        .order_by("-pk")
        .values_list("pk", flat=True)
        .first()
    )


def measure(*, community_id: int, decision_id: int, member_id: int, now: datetime) -> MeasureView | None:
    """The reasons for one measure against this member; None for anybody else's."""
    decision = (
        Decision.objects.filter(community_id=community_id, pk=decision_id, case__item__author_id=member_id)
        .exclude(action=Action.NONE.value)
        .select_related("clause", "item", "case", *BESIDE)
        .first()
    )
    if decision is None:
        return None
    case, appeal = decision.case, getattr(decision, "appeal", None)
    return _measure(decision, case, appeal, now=now)


def measure_elsewhere(*, community_id: int, decision_id: int, now: datetime) -> MeasureView | None:
    """The same for the author of a post on an outside platform; None for what is not about such a post."""
    decision = (
        Decision.objects.filter(community_id=community_id, pk=decision_id)
        .exclude(action=Action.NONE.value)
        .select_related("clause", "item", "case", *BESIDE)
        .first()
    )
    if decision is None or not is_url(decision.case.subject):
        return None
    return _measure(decision, decision.case, getattr(decision, "appeal", None), now=now)


def _measure(decision: Decision, case: Case, appeal: Appeal | None, *, now: datetime) -> MeasureView:
    clause = decision.clause
    action = Action(decision.action)
    fate = fate_of(community_id=decision.community_id, subject=case.subject)
    open_to_appeal = may_appeal(action=action, decided_at=decision.decided_at, now=now)
    return MeasureView(
        decision_id=decision.pk,
        action=action,
        clause_key=clause.key if clause else "",
        clause_title=clause.title if clause else "",
        clause_text=clause.text if clause else "",
        reason=decision.reason,
        until=decision.until,
        decided_at=decision.decided_at,
        origin=origin_of(case).sentence(),
        text=decision.item.text,
        spans=spans_of(screening_of(decision), category=clause.category if clause else ""),
        path="" if fate.is_gone else decision.item.context.get("path", ""),
        fate=fate,
        may_appeal=appeal is None and decision.reversed_at is None and open_to_appeal,
        appeal_until=decision.decided_at + APPEAL_WINDOW,
        appeal=appeal.state if appeal else "",
        appeal_text=appeal.text if appeal else "",
        appeal_filed_at=appeal.filed_at if appeal else None,
        outcome_reason=appeal.outcome_reason if appeal else "",
        reversed_at=decision.reversed_at,
        is_account=action is Action.SUSPEND,
        ending=ending_of(decision),
    )


def my_reports(*, community_id: int, member_id: int) -> list[MyReport]:
    """What this member reported, newest first."""
    reports = Report.objects.filter(community_id=community_id, reporter_id=member_id).select_related("case")
    newest = list(
        reports.select_related("item")
        .prefetch_related("case__decisions__clause", *(f"case__decisions__{each}" for each in BESIDE))
        .order_by("-pk")[:200]
    )
    posts = [Urn.parse(r.item.subject).id for r in newest if _is_post(r.item.subject)]
    there = network.posts_there(community_id=community_id, post_ids=posts)
    return [_my_report(report, there) for report in newest]


def _is_post(subject: str) -> bool:
    return subject.startswith("urn:wardmote:post:")


def _my_report(report: Report, there: Collection[int]) -> MyReport:
    counted = (d for d in report.case.decisions.all() if d.taken_back_at is None and not hasattr(d, "corrected_by"))
    last = max(counted, key=lambda d: d.pk, default=None)
    is_gone = _is_post(report.item.subject) and Urn.parse(report.item.subject).id not in there
    clause = last.clause if last and last.action != Action.NONE else None
    return MyReport(
        report_id=report.pk,
        reason=ReportReason(report.reason),
        filed_at=report.filed_at,
        state=CaseState(report.case.state),
        outcome=_outcome(report.case),
        text=report.item.text,
        path="" if is_gone else report.item.context.get("path", ""),
        action=Action(last.action) if last else None,
        clause_key=clause.key if clause else "",
        clause_title=clause.title if clause else "",
        ending=ending_of(last) if last else None,
    )


def reports_filed(
    *, community_id: int, member_ids: Collection[int], subjects: Collection[str]
) -> set[tuple[int, str, datetime]]:
    """(who, of what, when) of every report that one of these members filed about one of these subjects."""
    reports = Report.objects.filter(
        community_id=community_id, reporter_id__in=member_ids, item__subject__in=subjects
    ).order_by()
    return set(reports.values_list("reporter_id", "item__subject", "filed_at"))


def _outcome(case: Case) -> str:
    actions = {d.action for d in case.decisions.all() if d.taken_back_at is None and not hasattr(d, "corrected_by")}
    return "" if not actions else "no_action" if actions == {Action.NONE.value} else "acted"
