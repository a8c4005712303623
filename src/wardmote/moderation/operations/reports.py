"""Reports: a member's word, kept apart from the case it opens or joins."""

from datetime import datetime

from django.db import IntegrityError, transaction

from wardmote.kernel.clock import to_rfc3339
from wardmote.kernel.errors import Conflict, Refused
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.urn import Urn
from wardmote.moderation.models import Case, Item, Report
from wardmote.moderation.policy import ReportReason
from wardmote.moderation.policy.texts import hash_text
from wardmote.record import operations as record


@transaction.atomic
def file_report(
    *,
    community_id: int,
    case: Case,
    reporter_id: int,
    text: str,
    reason: ReportReason,
    comment: str,
    filed_at: datetime | None = None,
    now: datetime,
) -> int:
    """Add a report of `text`, one of its case's, to the case; Conflict when this member has reported it already.

    `filed_at` dates an imported one.
    """
    if case.item.author_id == reporter_id:
        raise Refused(_("This is your own; you can edit or delete it."))
    try:
        with transaction.atomic():
            report = Report.objects.create(
                community_id=community_id,
                case=case,
                item=Item.objects.get(community_id=community_id, subject=case.subject, content_hash=hash_text(text)),
                reporter_id=reporter_id,
                reason=reason.value,
                comment=comment,
                filed_at=filed_at or now,
            )
    except IntegrityError:
        raise Conflict(_("You have reported this already; a moderator will look at it.")) from None
    reporter = Urn("member", reporter_id)
    record.append(
        now=now,
        actor=reporter,
        verb="report.filed",
        subject=report.urn,
        community=Urn("community", community_id),
        facts={
            "case": str(case.urn),
            "item": case.subject,
            "content_hash": report.item.content_hash,
            "reason": reason.value,
            **({"filed_at": to_rfc3339(filed_at)} if filed_at else {}),
        },
        content={"comment": comment},
        about=reporter,
    )
    return report.pk
