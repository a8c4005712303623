"""Reports by visitors: kept until their address is confirmed, then filed like a member's."""

from datetime import datetime

from django.db import IntegrityError, transaction

from wardmote.kernel.errors import Conflict
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.urn import Urn
from wardmote.moderation.models import Case, Item, UnconfirmedReport, VisitorReport
from wardmote.moderation.operations.cases import boxes_of
from wardmote.moderation.policy import CaseState, ReportReason
from wardmote.moderation.policy.texts import hash_text
from wardmote.moderation.policy.visitors import KEEP_UNCONFIRMED
from wardmote.record import operations as record


@transaction.atomic
def keep_unconfirmed(
    *,
    community_id: int,
    subject: Urn,
    content_hash: str,
    reason: ReportReason,
    comment: str,
    name: str,
    address: str,
    mailbox: str,
    language: str,
    mail_at: datetime,
    now: datetime,
) -> int:
    """Keep what a visitor filled in until its address is confirmed; gives its id."""
    return UnconfirmedReport.objects.create(
        community_id=community_id,
        subject=str(subject),
        content_hash=content_hash,
        reason=reason.value,
        comment=comment,
        name=name,
        address=address,
        mailbox=mailbox,
        language=language,
        made_at=now,
        mail_at=mail_at,
    ).pk


@transaction.atomic
def drop_unconfirmed(*, community_id: int, report_id: int) -> bool:
    """Throw an unconfirmed report away; False where another was faster."""
    dropped, _rows = UnconfirmedReport.objects.filter(community_id=community_id, pk=report_id).delete()
    return dropped == 1


def drop_unconfirmed_from(*, community_id: int, address: str) -> list[int]:
    """The same with all that wait for this address here; gives their ids."""
    waiting = UnconfirmedReport.objects.filter(community_id=community_id, address__iexact=address)
    dropped = list(waiting.values_list("pk", flat=True))
    waiting.filter(pk__in=dropped).delete()
    return dropped


def clear_unconfirmed(*, now: datetime) -> int:
    """Throw away what nobody has confirmed in time; gives how many."""
    dropped, _rows = UnconfirmedReport.objects.filter(made_at__lte=now - KEEP_UNCONFIRMED).delete()
    return dropped


@transaction.atomic
def file_visitor_report(
    *,
    community_id: int,
    report_id: int,
    case: Case,
    contact_id: int | None,
    text: str,
    reason: ReportReason,
    comment: str,
    now: datetime,
) -> VisitorReport:
    """Add a visitor's report of `text`, one of its case's, to the case; Conflict where this contact has one in it.

    The record names who reported by their contact, or, where nobody answers for it, by the report itself.
    """
    try:
        with transaction.atomic():
            report = VisitorReport.objects.create(
                id=report_id,
                community_id=community_id,
                case=case,
                item=Item.objects.get(community_id=community_id, subject=case.subject, content_hash=hash_text(text)),
                contact_id=contact_id,
                reason=reason.value,
                comment=comment,
                filed_at=now,
            )
    except IntegrityError:
        raise Conflict(_("You have reported this already; a moderator will look at it.")) from None
    actor = reporter_urn(report_id=report_id, contact_id=contact_id)
    record.append(
        now=now,
        actor=actor,
        verb="report.filed",
        subject=report.urn,
        community=Urn("community", community_id),
        facts={
            "case": str(case.urn),
            "item": case.subject,
            "content_hash": report.item.content_hash,
            "reason": reason.value,
        },
        content={"comment": comment},
        about=actor,
    )
    return report


def box_counts(*, community_id: int, subject: Urn, mailbox: str) -> bool:
    """Whether a report from this mail box counts in the open case about it already, under whatever address."""
    case = Case.objects.filter(community_id=community_id, subject=str(subject)).exclude(state=CaseState.DECIDED.value)
    return any(mailbox in boxes_of(each) for each in case)


def reporter_urn(*, report_id: int, contact_id: int | None) -> Urn:
    """How the record names who filed a visitor's report."""
    return Urn("visitor_report", report_id) if contact_id is None else Urn("contact", contact_id)


def erase_words_of_contact(*, community_id: int, contact_id: int) -> int:
    """Empty what a contact wrote in their reports; gives how many."""
    reports = VisitorReport.objects.filter(community_id=community_id, contact_id=contact_id)
    return reports.update(comment="")
