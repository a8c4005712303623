"""One case, with everything a moderator needs to decide it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from wardmote.communities.models import Clause
from wardmote.communities.queries import current_policy
from wardmote.kernel.urn import Urn
from wardmote.moderation.models import (
    Case,
    CaseText,
    Decision,
    Item,
    OutsidePost,
    OutsideReport,
    Screening,
    VisitorReport,
)
from wardmote.moderation.policy import MARK_FROM, MARKS, CaseState, Lane, ReportReason, Route, Source
from wardmote.moderation.policy.outside import is_url
from wardmote.moderation.policy.texts import hash_text
from wardmote.moderation.queries.decisions import DecisionView, view
from wardmote.moderation.queries.endings import BESIDE
from wardmote.moderation.queries.outside import OutsidePostView, outside_post_at
from wardmote.moderation.queries.screening_rule import categories_by_key, rule_of_screening
from wardmote.moderation.queries.seen import case_seen
from wardmote.moderation.queries.state import present_text
from wardmote.moderation.queries.timeline import AnyReport, TimelineRow, reports_of, timeline
from wardmote.network import queries as network


@dataclass(frozen=True, slots=True)
class ItemView:
    """What is judged. `changed_since`: the post reads differently now, or is gone.

    `outside`: the post at its platform, as last told, where it is not one of ours.
    """

    subject: str
    text: str
    taken_at: datetime
    content_hash: str
    author_id: int | None
    author_handle: str
    path: str
    changed_since: bool
    outside: OutsidePostView | None = None


@dataclass(frozen=True, slots=True)
class SpanView:
    """Characters [start, end) of the item's text that carried a score; `strength` is how they are underlined."""

    start: int
    end: int
    category: str
    weight: float
    strength: str


@dataclass(frozen=True, slots=True)
class ListedView:
    """A list that the text matched when it was screened; `percent`: how alike, 100 for the same words."""

    name: str
    percent: int


"""A member's, somebody's on another platform, or a visitor's."""


@dataclass(frozen=True, slots=True)
class ReportView:
    """One report, without its reporter; `outside`: somebody on the post's own platform made it.

    `visitor`: somebody without an account did, whose address is "confirmed", or who gave none ("unaddressed").
    """

    reason: ReportReason
    comment: str
    filed_at: datetime
    outside: bool = False
    visitor: str = ""


@dataclass(frozen=True, slots=True)
class TextView:
    """One text of a case, with what was said of it. `likeliest`: the category and score that screening gave it most;
    `pointed`: those by which it sent the text to people, None where it did not;
    `is_newest`: it is what is judged unless the sheet names another. `came_at`: since when the case is about it.
    """

    number: int
    text: str
    content_hash: str
    came_at: datetime
    spans: tuple[SpanView, ...]
    likeliest: tuple[str, float] | None
    pointed: tuple[str, float] | None
    reports: tuple[ReportView, ...]
    is_newest: bool


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as one moderator sees it."""

    case_id: int
    urn: Urn
    state: CaseState
    lane: Lane
    category: str
    source: Source
    held: bool
    priority: int
    opened_at: datetime
    claimed_by_me: bool
    claimed_by_other: bool
    claim_expires_at: datetime | None
    item: ItemView
    spans: tuple[SpanView, ...]
    scores: tuple[tuple[str, float], ...]
    screener: str
    lists: tuple[ListedView, ...]
    reports: tuple[ReportView, ...]
    decisions: tuple[DecisionView, ...]
    earlier: tuple[DecisionView, ...]
    suggested_clause_id: int | None
    timeline: tuple[TimelineRow, ...]
    texts: tuple[TextView, ...]
    seen: str
    pointed: tuple[str, float] | None = None

    @property
    def newest_hash(self) -> str:
        """The hash of what is there now, or was there last."""
        return next((text.content_hash for text in self.texts if text.is_newest), self.item.content_hash)

    def text_of(self, content_hash: str) -> TextView | None:
        """The text of that hash, where the case is about it."""
        return next((text for text in self.texts if text.content_hash == content_hash), None)


def item_view(item: Item) -> ItemView:
    """The snapshot, and whether what is there now is still the same."""
    is_outside = is_url(item.subject)
    outside = outside_post_at(community_id=item.community_id, url=item.subject) if is_outside else None
    author = network.profile(community_id=item.community_id, member_id=item.author_id) if item.author_id else None
    return ItemView(
        subject=item.subject,
        text=item.text,
        taken_at=item.taken_at,
        content_hash=item.content_hash,
        author_id=item.author_id,
        author_handle=author.handle if author else "",
        path=item.context.get("path", ""),
        changed_since=present_text(community_id=item.community_id, subject=item.subject) != item.text,
        outside=outside,
    )


def spans_of(screening: Screening | None, *, category: str) -> tuple[SpanView, ...]:
    """The strongest words of a stored screening that carried this category; none where it scores too low to mean much.

    From two thirds of the heaviest weight on they are underlined twice, from a third on once; lighter ones are not.
    """
    if screening is None:
        return ()
    # Of a category that scores low, words are underlined only where it brought the text here.
    brought_here = screening.route != Route.PUBLISH and _named(screening, category)
    if screening.scores.get(category, 0.0) < MARK_FROM and not brought_here:
        return ()
    heavy = sorted((s for s in screening.spans if s["category"] == category), key=lambda s: -s["weight"])[:MARKS]
    heaviest = heavy[0]["weight"] if heavy else 0.0
    views = [
        SpanView(s["start"], s["end"], category, s["weight"], "double" if s["weight"] > heaviest * 0.66 else "solid")
        for s in heavy
        if s["weight"] > max(heaviest, 0.0) * 0.33
    ]
    return tuple(sorted(views, key=lambda s: (s.start, s.end)))


def _named(screening: Screening, category: str) -> bool:
    """Whether it was the clause of this category that sent the text to people."""
    return max(screening.scores, key=lambda name: screening.scores[name], default="") == category


def case(*, community_id: int, case_id: int, member_id: int) -> CaseView | None:
    """One case of this community; None for any other."""
    row = Case.objects.select_related("item", "screening").filter(community_id=community_id, pk=case_id).first()
    if row is None:
        return None
    decisions = Decision.objects.filter(community_id=community_id).select_related("clause", "item", *BESIDE)
    item = item_view(row.item)
    by_author = _by_author(row.item, item.outside)
    earlier = decisions.filter(by_author).exclude(case=row).order_by("-pk")[:10] if by_author else ()
    mine = list(decisions.filter(case=row).order_by("pk"))
    claimed = row.state == CaseState.CLAIMED
    said = _screening_of(row)
    reports = sorted(reports_of(row), key=lambda r: r.filed_at)
    cited = _cited(row, said)
    return CaseView(
        case_id=row.pk,
        urn=row.urn,
        state=CaseState(row.state),
        lane=Lane(row.lane),
        category=row.category,
        source=Source(row.source),
        held=row.held,
        priority=row.priority,
        opened_at=row.opened_at,
        claimed_by_me=claimed and row.claimed_by_id == member_id,
        claimed_by_other=claimed and row.claimed_by_id != member_id,
        claim_expires_at=row.claim_expires_at,
        item=item,
        spans=spans_of(said, category=cited),
        scores=tuple(sorted(said.scores.items(), key=lambda s: -s[1])) if said else (),
        screener=said.screener if said else "",
        lists=tuple(ListedView(each["name"], round(each["alike"] * 100)) for each in (said.lists if said else ())),
        reports=tuple(_report(r) for r in reports),
        decisions=tuple(view(d, member_id=member_id) for d in mine),
        earlier=tuple(view(d, member_id=member_id) for d in earlier),
        suggested_clause_id=_suggested_clause(row),
        timeline=timeline(row, mine),
        texts=_texts(row, reports),
        seen=case_seen(row).encode(),
        pointed=rule_of_screening(said, categories_by_key(community_id)),
    )


def _screening_of(case: Case) -> Screening | None:
    """What was said of the text that is shown; of one from before texts were kept apart, what brought the case here."""
    text = CaseText.objects.select_related("screening").filter(case=case, item=case.item).first()
    return (text.screening if text else None) or case.screening


def _cited(case: Case, said: Screening | None) -> str:
    """The category in question: of the decision that holds, of the clause that screening named, or as reported."""
    for decision in reversed(case.decisions.all()):
        if decision.clause is not None and decision.reversed_at is None:
            return decision.clause.category
    if said is not None and said.clause_key:
        clause = Clause.objects.filter(policy__community_id=case.community_id, key=said.clause_key)
        named = clause.order_by("-policy__number").values_list("category", flat=True).first()
        if named is not None:
            return named
    return case.category


def _report(report: AnyReport) -> ReportView:
    visitor = ""
    if isinstance(report, VisitorReport):
        visitor = "unaddressed" if report.contact_id is None else "confirmed"
    outside = isinstance(report, OutsideReport)
    return ReportView(ReportReason(report.reason), report.comment, report.filed_at, outside, visitor)


def _texts(case: Case, reports: list[AnyReport]) -> tuple[TextView, ...]:
    """Every text that was reported or screened in this case, the oldest first, each with its reports."""
    kept = CaseText.objects.filter(case=case).select_related("item", "screening").order_by("came_at", "pk")
    rows = [(t.item.text, t.item.content_hash, t.came_at, t.screening, t.item_id) for t in kept]
    decided = case.state == CaseState.DECIDED
    categories = categories_by_key(case.community_id)
    # What is written after the decision is no part of the case.
    present = None if decided else present_text(community_id=case.community_id, subject=case.subject)
    newest = case.item.content_hash if present is None else hash_text(present)
    if present is not None and all(content_hash != newest for _, content_hash, *_ in rows):
        # Written before edits joined their case.
        rows.append((present, newest, case.opened_at, None, 0))
    return tuple(
        TextView(
            number=number,
            text=text,
            content_hash=content_hash,
            came_at=came_at,
            spans=spans_of(said, category=_cited(case, said)),
            likeliest=max(said.scores.items(), key=lambda score: score[1]) if said and said.scores else None,
            pointed=rule_of_screening(said, categories),
            reports=tuple(_report(r) for r in reports if r.item_id == item_id),
            is_newest=content_hash == newest,
        )
        for number, (text, content_hash, came_at, said, item_id) in enumerate(rows, 1)
    )


def _by_author(item: Item, outside: OutsidePostView | None) -> Q | None:
    """What else the same person wrote: a member here, or somebody on a platform whose id it told."""
    if item.author_id:
        return Q(case__item__author_id=item.author_id)
    if outside is None or not outside.author:
        return None
    theirs = OutsidePost.objects.filter(community_id=item.community_id, source=outside.source, author=outside.author)
    return Q(case__subject__in=theirs.values("url"))


def _suggested_clause(case: Case) -> int | None:
    policy = current_policy(community_id=case.community_id)
    named = case.screening.clause_key if case.screening else ""
    for clause in policy.clauses if policy else ():
        if clause.key == named or (not named and clause.category == case.category):
            return clause.id
    return None
