"""The locked lane: what matched a list of what is illegal. The record knows that, and nothing of what it was."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from wardmote.kernel.errors import Conflict, NotFound
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.urn import SYSTEM, Urn
from wardmote.moderation.models import Case, Item, KnownEntry, KnownList, OutsidePost, QuarantinedCase, Screening
from wardmote.moderation.operations.known import count_matches
from wardmote.moderation.operations.subjects import hold_subject
from wardmote.moderation.policy import CaseState, ListMatch, QuarantineState
from wardmote.moderation.policy.decisions import check_note
from wardmote.moderation.policy.parties import check_impartial
from wardmote.moderation.policy.seen import Change, Changed
from wardmote.moderation.policy.texts import hash_text
from wardmote.record import operations as record


@transaction.atomic
def lock(
    *, community_id: int, match: ListMatch, text: str, author_id: int | None, subject: Urn | str, now: datetime
) -> int:
    """Open a locked case, or count the one that waits for the same text by the same author; gives its id.

    Where this text is in the queue already, it is emptied there: nobody else is to judge it. Other texts of the same
    subject stay as they are, and so does a case that has one: a post does not get rid of what it said by saying worse.
    """
    if subject:
        hold_subject(community_id=community_id, subject=subject)
    count_matches(community_id=community_id, matches=[match], now=now)
    if subject:
        _empty(community_id=community_id, subject=str(subject), content_hash=hash_text(text), now=now)
    same = QuarantinedCase.objects.filter(
        community_id=community_id,
        author_id=author_id,
        subject=str(subject),
        content_hash=hash_text(text),
        state=QuarantineState.WAITING.value,
    )
    waiting = same.select_for_update().first()
    if waiting is not None:
        same.filter(pk=waiting.pk).update(times=F("times") + 1)
        return waiting.pk
    case = QuarantinedCase.objects.create(
        community_id=community_id,
        known_list_id=match.list_id,
        entry=match.entry_id,
        alike=match.alike,
        author_id=author_id,
        subject=str(subject),
        text=text,
        content_hash=hash_text(text),
        state=QuarantineState.WAITING.value,
        opened_at=now,
    )
    record.append(
        now=now,
        actor=SYSTEM,
        verb="locked_case.opened",
        subject=case.urn,
        community=Urn("community", community_id),
        facts={"list": str(match.urn)},
    )
    return case.pk


def _empty(*, community_id: int, subject: str, content_hash: str, now: datetime) -> None:
    about = {"community_id": community_id, "subject": subject}
    emptied = Item.objects.filter(**about, content_hash=content_hash)
    Screening.objects.filter(community_id=community_id, case_texts__item__in=emptied).update(spans=[])
    emptied.update(text="", context={}, erased_at=now)
    for case in Case.objects.select_for_update().filter(**about).exclude(state=CaseState.DECIDED.value):
        _leave_to_judge(case, now=now)
    OutsidePost.objects.filter(community_id=community_id, url=subject).update(text="")


def _leave_to_judge(case: Case, *, now: datetime) -> None:
    """Close a case of which no text is left; one that has another goes on about the newest of them."""
    kept = Item.objects.filter(in_cases__case=case, erased_at=None).order_by("-in_cases__pk").first()
    if kept is not None:
        case.item = kept
        case.save(update_fields=["item"])
        return
    case.state, case.decided_at = CaseState.DECIDED.value, now
    case.claimed_by, case.claim_expires_at = None, None
    case.save(update_fields=["state", "decided_at", "claimed_by", "claim_expires_at"])
    record.append(
        now=now, actor=SYSTEM, verb="case.closed", subject=case.urn, community=Urn("community", case.community_id)
    )


@transaction.atomic
def decide_quarantined(
    *, community_id: int, member_id: int, case_id: int, mistaken: bool, note: str, seen: str, now: datetime
) -> QuarantineState:
    """Find that it is what the list says, or that the list is mistaken.

    A mistake empties the text, and the entry matches no such text any more. Refused for its author; Conflict where it
    is decided; Changed where `seen` is not the hash of its text.
    """
    check_note(note)
    case = QuarantinedCase.objects.select_for_update().filter(community_id=community_id, pk=case_id).first()
    if case is None:
        raise NotFound(_("There is no such case here."))
    if case.state != QuarantineState.WAITING:
        raise Conflict(_("This case is decided already."))
    check_impartial(member_id=member_id, author_id=case.author_id, reporter_ids=(), decided_by=None)
    if seen != case.content_hash:
        raise Changed([Change.TEXT] if seen else ())
    state = QuarantineState.MISTAKEN if mistaken else QuarantineState.CONFIRMED
    case.state, case.decided_at, case.decided_by_id, case.note = state.value, now, member_id, note
    if mistaken:
        case.text, case.erased_at = "", now
        entry = KnownEntry.objects.filter(pk=case.entry, known_list_id=case.known_list_id)
        # Only like what is listed: the entry itself may be right, and goes on matching its own words.
        entry.update(signature=b"") if case.alike < 1 else entry.update(is_off=True)
        KnownList.objects.filter(pk=case.known_list_id).update(revision=F("revision") + 1)
    case.save()
    record.append(
        now=now,
        actor=Urn("member", member_id),
        verb="locked_case.decided",
        subject=case.urn,
        community=Urn("community", community_id),
        facts={"outcome": state.value},
        content={"note": note},
        about=Urn("member", member_id),
    )
    return state


@transaction.atomic
def erase_quarantined(*, community_id: int, member_id: int, case_id: int, now: datetime) -> None:
    """Empty the text of a case that is decided; Conflict before."""
    case = QuarantinedCase.objects.select_for_update().filter(community_id=community_id, pk=case_id).first()
    if case is None:
        raise NotFound(_("There is no such case here."))
    if case.state == QuarantineState.WAITING:
        raise Conflict(_("Decide the case first."))
    if case.erased_at is not None:
        return
    case.text, case.erased_at = "", now
    case.save(update_fields=["text", "erased_at"])
    record.append(
        now=now,
        actor=Urn("member", member_id),
        verb="locked_case.erased",
        subject=case.urn,
        community=Urn("community", community_id),
    )
