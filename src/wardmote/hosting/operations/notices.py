"""Letters are issued, and taken by the other side. A clock starts when a letter is delivered, not when written."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction

from wardmote.hosting.models import Case, Item, Notice, Proposal
from wardmote.hosting.operations.clocks import start_clock
from wardmote.hosting.operations.items import set_status
from wardmote.hosting.operations.stages import move_case, record_case
from wardmote.hosting.policy.documents import NoticeDocument, digest
from wardmote.hosting.policy.facts import NoticeFacts
from wardmote.hosting.policy.kinds import ClockName, ItemStatus, NoticeKind, Stage
from wardmote.hosting.policy.ladder import check_step, may_step
from wardmote.hosting.policy.notices import BRINGS, Letter, NoticeDraft, check_hours, names_breach, write
from wardmote.hosting.queries.facts import facts_of
from wardmote.hosting.queries.particulars import particulars_of
from wardmote.kernel.clock import to_rfc3339
from wardmote.kernel.errors import Conflict, NotFound, Refused
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.ids import new_id
from wardmote.kernel.urn import SYSTEM, Urn
from wardmote.record import operations as record


@transaction.atomic
def issue_notice(
    *, case: Case, draft: NoticeDraft, staff: Urn, proposal: Proposal | None = None, now: datetime
) -> Notice:
    """Write a letter, if the step that it brings about may be taken. The case must be locked.

    Raises Refused for the step, Invalid for what the letter lacks.
    """
    urn = Urn("host_notice", new_id())
    _check_effect(case, draft.kind, urn, now=now)
    particulars = particulars_of(case, kind=draft.kind, hours=draft.hours)
    letter = write(draft, particulars)
    hours = check_hours(draft.kind, particulars.hours)
    document = NoticeDocument(
        notice=urn,
        case=case.urn,
        community=case.customer.slug,
        kind=draft.kind,
        issued_at=now,
        policy_number=particulars.policy_number,
        policy_hash=particulars.policy_hash,
        hours=hours,
        subject=letter.subject,
        body=letter.body,
        effect=draft.effect.strip(),
        clauses=particulars.clauses,
        items=particulars.items,
    ).encode()
    notice = Notice.objects.create(
        id=urn.id,
        case=case,
        kind=draft.kind.value,
        proposal=proposal,
        subject=letter.subject,
        body=letter.body,
        hours=hours,
        document=document.decode(),
        hash=digest(document),
        issued_at=now,
        issued_by_id=staff.id,
    )
    record.append(
        now=now,
        actor=staff,
        verb="host_notice.issued",
        subject=urn,
        community=case.customer.community_urn,
        facts={"case": str(case.urn), "kind": draft.kind.value, "hash": notice.hash, "hours": hours},
    )
    return notice


def preview_notice(*, case: Case, draft: NoticeDraft, now: datetime) -> Letter:
    """The letter as it would be issued now, where it would be; the case must be locked.

    Raises what `issue_notice` would.
    """
    _check_effect(case, draft.kind, Urn("host_notice", new_id()), now=now)
    return write(draft, particulars_of(case, kind=draft.kind, hours=draft.hours))


def _check_effect(case: Case, kind: NoticeKind, urn: Urn, *, now: datetime) -> None:
    """Refuse a letter whose step could not be taken if it were delivered at this moment."""
    facts = facts_of(case)
    if facts.stage.final and kind is not NoticeKind.TERMINATION:
        raise Refused(_("This case is over."))
    to = BRINGS.get(kind)
    if to is None:
        if kind is NoticeKind.REMINDER and not facts.delivered(NoticeKind.NOTICE):
            raise Refused(_("There is nothing to remind of: no notice was delivered."))
        return
    arrived = NoticeFacts(urn, kind, now, names_breach(kind))
    check_step(replace(facts, notices=(*facts.notices, arrived)), to, now)


@transaction.atomic
def mark_delivered(*, case: Case, notice_id: int, proof: str, now: datetime) -> Notice:
    """The other side has taken the letter: its clock starts, and its step is taken if it may still be.

    Harmless to repeat. The case must be locked.
    """
    notice = Notice.objects.filter(case=case, pk=notice_id).first()
    if notice is None:
        raise NotFound(_("There is no such notice."))
    if notice.delivered_at is not None:
        return notice
    notice.delivered_at, notice.deadline, notice.proof = now, now + timedelta(hours=notice.hours), proof
    entry = record.append(
        now=now,
        actor=SYSTEM,
        verb="host_notice.delivered",
        subject=notice.urn,
        community=case.customer.community_urn,
        facts={
            "case": str(case.urn),
            "kind": notice.kind,
            "hash": notice.hash,
            "deadline": to_rfc3339(notice.deadline),
            "proof": proof,
        },
    )
    notice.entry_id = entry.pk
    notice.save(update_fields=["delivered_at", "deadline", "proof", "entry_id"])
    _take_effect(case, notice, now=now)
    return notice


def _take_effect(case: Case, notice: Notice, *, now: datetime) -> None:
    kind = NoticeKind(notice.kind)
    to = BRINGS.get(kind)
    if to is None:
        return
    if not may_step(facts_of(case), to, now):
        # The letter was under way while the case moved on: it was delivered, and changes nothing more.
        record_case(
            case, verb="host_case.overtaken", actor=SYSTEM, facts={"notice": str(notice.urn), "to": to.value}, now=now
        )
        return
    if kind is NoticeKind.NOTICE:
        for item in Item.objects.filter(case=case, status=ItemStatus.REPORTED.value):
            item.case = case
            set_status(item, ItemStatus.NOTIFIED, actor=SYSTEM, facts={"notice": str(notice.urn)}, now=now)
            start_clock(case=case, item=item, name=ClockName.CURE, length=timedelta(hours=notice.hours), now=now)
        move_case(case=case, to=Stage.NOTIFIED, actor=SYSTEM, now=now)
        return
    move_case(case=case, to=to, actor=SYSTEM, hours=notice.hours, now=now)


def notice_of(case: Case, urn: Urn) -> Notice:
    """The delivered letter of that name; Conflict for one that was never delivered."""
    notice = Notice.objects.filter(case=case, pk=urn.id).first() if urn.kind == "host_notice" else None
    if notice is None:
        raise NotFound(_("There is no such notice."))
    if notice.delivered_at is None:
        raise Conflict(_("This notice is not delivered yet."))
    return notice
