"""Writes of who has a case in hand: taken, given back, handed over, and free again when its time is over."""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from wardmote.kernel.errors import Conflict, Invalid, NotFound
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.urn import SYSTEM, Urn
from wardmote.moderation.models import Case, Report
from wardmote.moderation.operations.notes import write_note
from wardmote.moderation.policy import CLAIM_TIME, HANDED_TIME, CaseState, Lane
from wardmote.moderation.queries.parties import check_may_judge, may_take, why_not
from wardmote.record import operations as record

_CLOCKS_APART = timedelta(minutes=1)
"""What the clocks of two web servers may differ by before one of them was set."""
_AT_ONCE = 20
"""Cases that are looked at together for one that a moderator may judge."""


def _return_expired(*, community_id: int, now: datetime) -> None:
    """A claim that ran out goes back into the queue, and the record says so.

    So does one that has longer to go than any may: it was made before the clock was set back, nobody knows when.
    """
    expired = Case.objects.select_for_update(skip_locked=_skips_locked()).filter(
        Q(claim_expires_at__lte=now) | Q(claim_expires_at__gt=now + max(CLAIM_TIME, HANDED_TIME) + _CLOCKS_APART),
        community_id=community_id,
        state=CaseState.CLAIMED.value,
    )
    for case in expired:
        _set_free(case)
        _record_case(case, verb="case.claim_expired", actor=SYSTEM, now=now)


def _skips_locked() -> bool:
    return connection.features.has_select_for_update_skip_locked


def _set_free(case: Case) -> None:
    case.state, case.claimed_by, case.claim_expires_at = CaseState.OPEN.value, None, None
    case.save(update_fields=["state", "claimed_by", "claim_expires_at"])


def set_free(case: Case, *, actor: Urn, now: datetime) -> None:
    """Put a case back into the queue that somebody holds."""
    _set_free(case)
    _record_case(case, verb="case.released", actor=actor, now=now)


def _record_case(case: Case, *, verb: str, actor: Urn, now: datetime) -> None:
    record.append(now=now, actor=actor, verb=verb, subject=case.urn, community=Urn("community", case.community_id))


def _take(case: Case, *, member_id: int, now: datetime) -> None:
    case.state, case.claimed_by_id, case.claim_expires_at = CaseState.CLAIMED.value, member_id, now + CLAIM_TIME
    case.handed_to, case.handed_until = None, None
    case.save(update_fields=["state", "claimed_by", "claim_expires_at", "handed_to", "handed_until"])
    _record_case(case, verb="case.claimed", actor=Urn("member", member_id), now=now)


def _for(member_id: int, *, community_id: int, now: datetime) -> QuerySet[Case]:
    """What this member may be given: nothing of their own, nothing they reported, nothing kept for somebody else."""
    reported = Report.objects.filter(case=OuterRef("pk"), reporter_id=member_id)
    kept = Q(handed_until__gt=now) & ~Q(handed_to_id=member_id)
    return (
        Case.objects.filter(community_id=community_id, state=CaseState.OPEN.value)
        .exclude(item__author_id=member_id)
        .exclude(Exists(reported))
        .exclude(kept)
        .select_related("item")
        .order_by("-priority", "id")
    )


def _first(waiting: QuerySet[Case], *, community_id: int, member_id: int) -> Case | None:
    """The first that this member may judge and that nobody else is taking at this moment."""
    looked_at: list[int] = []
    while piece := list(waiting.exclude(pk__in=looked_at)[:_AT_ONCE]):
        barred = why_not(piece, community_id=community_id, member_id=member_id)
        for candidate in piece:
            looked_at.append(candidate.pk)
            if candidate.pk in barred:
                continue
            free = Case.objects.select_for_update(skip_locked=_skips_locked()).filter(
                community_id=community_id, pk=candidate.pk, state=CaseState.OPEN.value
            )
            if case := free.first():
                return case
    return None


@transaction.atomic
def claim_next_case(*, community_id: int, member_id: int, now: datetime) -> int | None:
    """Give this moderator what was handed to them, else the case that ranks first, threats before all else; None when
    nothing waits for them.

    One moderator holds one case of the queue at a time: who holds one gets it again.
    """
    _return_expired(community_id=community_id, now=now)
    held = Case.objects.filter(
        community_id=community_id, state=CaseState.CLAIMED.value, claimed_by_id=member_id
    ).first()
    if held is not None:
        return held.pk
    waiting = _for(member_id, community_id=community_id, now=now)
    handed = waiting.filter(handed_to_id=member_id, handed_until__gt=now)
    for some in (handed, *(waiting.filter(lane=lane.value) for lane in (Lane.THREAT, Lane.GENERAL))):
        case = _first(some, community_id=community_id, member_id=member_id)
        if case is not None:
            _take(case, member_id=member_id, now=now)
            return case.pk
    return None


def _locked_case(*, community_id: int, case_id: int) -> Case:
    case = Case.objects.select_for_update().filter(community_id=community_id, pk=case_id).first()
    if case is None:
        raise NotFound(_("There is no such case here."))
    return case


@transaction.atomic
def claim_case(*, community_id: int, member_id: int, case_id: int, now: datetime) -> None:
    """Take one case by name; Conflict when somebody else holds it or it is decided."""
    _return_expired(community_id=community_id, now=now)
    case = _locked_case(community_id=community_id, case_id=case_id)
    if case.state == CaseState.DECIDED:
        raise Conflict(_("This case is decided already."))
    if case.state == CaseState.CLAIMED and case.claimed_by_id != member_id:
        raise Conflict(_("Another moderator is looking at this case."))
    check_may_judge(case, member_id=member_id)
    if case.state == CaseState.OPEN:
        _take(case, member_id=member_id, now=now)


@transaction.atomic
def release_claims(*, community_id: int, member_id: int, actor: Urn, now: datetime) -> int:
    """Put back all that a member holds, who moderates no more; gives how many."""
    held = Case.objects.select_for_update().filter(
        community_id=community_id, state=CaseState.CLAIMED.value, claimed_by_id=member_id
    )
    cases = list(held.order_by("pk"))
    for case in cases:
        _set_free(case)
        _record_case(case, verb="case.released", actor=actor, now=now)
    return len(cases)


@transaction.atomic
def release_case(*, community_id: int, member_id: int, case_id: int, now: datetime) -> None:
    """Put a case back into the queue, undecided."""
    case = _locked_case(community_id=community_id, case_id=case_id)
    if case.state != CaseState.CLAIMED or case.claimed_by_id != member_id:
        raise Conflict(_("You do not hold this case."))
    _set_free(case)
    _record_case(case, verb="case.released", actor=Urn("member", member_id), now=now)


@transaction.atomic
def hand_over_case(*, community_id: int, member_id: int, case_id: int, to_id: int, note: str, now: datetime) -> None:
    """Give a case that this moderator holds to another, who finds it first in their queue, with an internal note.

    For an hour nobody else is given it, though anybody may take it by name; then it waits like any other.
    """
    case = _locked_case(community_id=community_id, case_id=case_id)
    if case.state != CaseState.CLAIMED or case.claimed_by_id != member_id:
        raise Conflict(_("You do not hold this case."))
    if to_id == member_id or not may_take(case, member_id=to_id, now=now):
        raise Invalid(_("Choose a moderator who may decide this case."), field="to")
    _set_free(case)
    case.handed_to_id, case.handed_until = to_id, now + HANDED_TIME
    case.save(update_fields=["handed_to", "handed_until"])
    write_note(case, member_id=member_id, text=note, handed_to=to_id, now=now)
    record.append(
        now=now,
        actor=Urn("member", member_id),
        verb="case.handed_over",
        subject=case.urn,
        community=Urn("community", community_id),
        facts={"to": str(Urn("member", to_id))},
    )
