"""Reports by visitors, as their reporters see them, and what is counted of them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from wardmote.communities.policy import Action
from wardmote.kernel.urn import Urn
from wardmote.moderation.models import UnconfirmedReport, VisitorReport
from wardmote.moderation.policy import CaseState, ReportReason
from wardmote.moderation.policy.visitors import (
    KEEP_UNCONFIRMED,
    MAIL_EVERY,
    OF_BOX,
    OF_COMMUNITY,
    OF_CONTACT,
    OF_ITEM,
    OF_ITEM_UNADDRESSED,
)
from wardmote.moderation.queries.state import fate_of
from wardmote.record import queries as record


@dataclass(frozen=True, slots=True)
class UnconfirmedView:
    """A report that waits for its address to be confirmed, as it was filled in."""

    report_id: int
    subject: Urn
    content_hash: str
    reason: ReportReason
    comment: str
    name: str
    address: str
    language: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class VisitorReportView:
    """A visitor's report that was filed, and what became of it.

    `contact_id` is None where nobody answers for it. `path`: where what was reported is, "" where it is gone; its text
    is not here, for whoever holds the link is not asked who they are. `outcome` is "", "acted" or "no_action".
    """

    report_id: int
    contact_id: int | None
    reason: ReportReason
    comment: str
    filed_at: datetime
    subject: str
    path: str
    content_hash: str
    outcome: str
    action: Action | None
    clause_key: str
    clause_title: str


def unconfirmed(*, community_id: int, report_id: int, now: datetime) -> UnconfirmedView | None:
    """A report that waits; None where there is none, or its time is over."""
    row = UnconfirmedReport.objects.filter(
        community_id=community_id, pk=report_id, made_at__gt=now - KEEP_UNCONFIRMED
    ).first()
    if row is None:
        return None
    return UnconfirmedView(
        report_id=row.pk,
        subject=Urn.parse(row.subject),
        content_hash=row.content_hash,
        reason=ReportReason(row.reason),
        comment=row.comment,
        name=row.name,
        address=row.address,
        language=row.language,
        made_at=row.made_at,
    )


def visitor_report(*, community_id: int, report_id: int) -> VisitorReportView | None:
    """A report that was filed; None where there is none."""
    row = (
        VisitorReport.objects.filter(community_id=community_id, pk=report_id)
        .select_related("case", "item")
        .prefetch_related("case__decisions__clause", "case__decisions__corrected_by")
        .first()
    )
    if row is None:
        return None
    counted = [d for d in row.case.decisions.all() if d.taken_back_at is None and not hasattr(d, "corrected_by")]
    told = [d for d in counted if d.told_at is not None]
    decided = row.case.state == CaseState.DECIDED and bool(told)
    last = max(told, key=lambda d: d.pk) if decided else None
    acted = any(d.action != Action.NONE for d in told)
    clause = last.clause if last and last.action != Action.NONE else None
    is_gone = fate_of(community_id=community_id, subject=row.item.subject).is_gone
    return VisitorReportView(
        report_id=row.pk,
        contact_id=row.contact_id,
        reason=ReportReason(row.reason),
        comment=row.comment,
        filed_at=row.filed_at,
        subject=row.item.subject,
        path="" if is_gone else row.item.context.get("path", ""),
        content_hash=row.item.content_hash,
        outcome="" if not decided else "acted" if acted else "no_action",
        action=Action(last.action) if last else None,
        clause_key=clause.key if clause else "",
        clause_title=clause.title if clause else "",
    )


def entry_of_visitor_report(*, community_id: int, report_id: int) -> int | None:
    """The record's entry that says it was filed."""
    if not VisitorReport.objects.filter(community_id=community_id, pk=report_id).exists():
        return None
    entries = record.entries_about(Urn("visitor_report", report_id))
    return next((entry.id for entry in entries if entry.verb == "report.filed"), None)


def sent_before(
    *,
    community_id: int,
    subject: Urn,
    content_hash: str,
    reason: ReportReason,
    comment: str,
    name: str,
    address: str,
    now: datetime,
) -> bool:
    """Whether the very same has just come in: somebody pressed the button twice. Later its mail may have been lost."""
    return UnconfirmedReport.objects.filter(
        community_id=community_id,
        subject=str(subject),
        content_hash=content_hash,
        reason=reason.value,
        comment=comment,
        name=name,
        address__iexact=address,
        made_at__gt=now - MAIL_EVERY,
    ).exists()


def check_quotas(*, community_id: int, subject: Urn, mailbox: str, factor: int, now: datetime) -> None:
    """TooOften where too many reports wait for confirmation: of this box, of this thing, or in this community."""
    waiting = UnconfirmedReport.objects.all()
    here = waiting.filter(community_id=community_id)
    OF_BOX.check(waiting.filter(mailbox=mailbox, mail_at__gt=now - OF_BOX.within).count(), factor=factor)
    OF_ITEM.check(here.filter(subject=str(subject), made_at__gt=now - OF_ITEM.within).count(), factor=factor)
    OF_COMMUNITY.check(here.filter(made_at__gt=now - OF_COMMUNITY.within).count(), factor=factor)


def check_unaddressed(*, community_id: int, subject: Urn, factor: int, now: datetime) -> None:
    """The same for what is filed at once, since nobody answers for it."""
    filed = VisitorReport.objects.filter(community_id=community_id, contact=None)
    of_item = filed.filter(item__subject=str(subject), filed_at__gt=now - OF_ITEM_UNADDRESSED.within)
    OF_ITEM_UNADDRESSED.check(of_item.count(), factor=factor)
    OF_COMMUNITY.check(filed.filter(filed_at__gt=now - OF_COMMUNITY.within).count(), factor=factor)


def check_contact(*, community_id: int, contact_id: int, factor: int, now: datetime) -> None:
    """TooOften where a confirmed address has filed as many as it may."""
    filed = VisitorReport.objects.filter(community_id=community_id, contact_id=contact_id)
    OF_CONTACT.check(filed.filter(filed_at__gt=now - OF_CONTACT.within).count(), factor=factor)


def next_mail_at(*, mailbox: str, now: datetime) -> datetime:
    """When the next mail to this box may leave: three minutes after the one before, whichever community sent it."""
    rows = UnconfirmedReport.objects.filter(mailbox=mailbox).order_by("-mail_at")
    before = rows.values_list("mail_at", flat=True).first()
    return now if before is None else max(now, before + MAIL_EVERY)


def answered_contacts(*, before: datetime, limit: int = 100) -> list[tuple[int, int]]:
    """(community, contact) of those all of whose reports were decided before then, and who are not erased."""
    theirs = VisitorReport.objects.filter(contact=OuterRef("contact"))
    open_still = theirs.exclude(case__state=CaseState.DECIDED.value, case__decided_at__lt=before)
    rows = VisitorReport.objects.filter(~Exists(open_still), contact__isnull=False, contact__erased_at=None)
    return list(
        rows.order_by("community_id", "contact_id").values_list("community_id", "contact_id").distinct()[:limit]
    )
