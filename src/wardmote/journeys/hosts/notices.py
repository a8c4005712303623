"""The host writes to a customer. The clock starts when the letter is delivered."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from wardmote.hosting import operations as hosting
from wardmote.hosting.policy import Letter, NoticeDraft, NoticeKind
from wardmote.hosting.policy.notices import LIMIT
from wardmote.journeys.steps.deliver import hand_notice
from wardmote.journeys.steps.permission import host_staff
from wardmote.kernel.errors import Refused
from wardmote.kernel.i18n import gettext as _
from wardmote.network.policy import clean_text

BY_STAFF = (NoticeKind.NOTICE, NoticeKind.REMINDER, NoticeKind.WARNING, NoticeKind.RESTRICTION)
"""What one person may send. The other letters go with a proposal and its approvals, or with a reinstatement."""


def preview(*, staff_id: int, case_id: int, draft: NoticeDraft, now: datetime) -> Letter:
    """The letter exactly as it would be read; refused for all that `send` would refuse now."""
    host_staff(staff_id)
    cleaned = _checked(draft)
    with transaction.atomic():
        return hosting.preview_notice(case=hosting.locked_case(case_id), draft=cleaned, now=now)


def send(*, staff_id: int, case_id: int, draft: NoticeDraft, seen: str | None = None, now: datetime) -> int:
    """Issue a letter and hand it over; gives its id. Refused while the step that it brings about is not due."""
    staff = host_staff(staff_id)
    cleaned = _checked(draft)
    with transaction.atomic(durable=True):
        case = hosting.locked_case(case_id, seen=seen)
        notice = hosting.issue_notice(case=case, draft=cleaned, staff=staff, now=now)
        hand_notice(case, notice, now=now)
    return notice.pk


def _checked(draft: NoticeDraft) -> NoticeDraft:
    if draft.kind not in BY_STAFF:
        raise Refused(_("A letter of this kind is not sent by one person alone."))
    return replace(
        draft,
        words=clean_text(draft.words, limit=LIMIT, field="words", required=False),
        effect=clean_text(draft.effect, limit=LIMIT, field="effect", required=False),
        return_conditions=clean_text(draft.return_conditions, limit=LIMIT, field="return_conditions", required=False),
    )
