"""Cases: opened or joined, claimed by one moderator at a time, given back."""

from datetime import datetime, timedelta

from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from wardmote.communities.policy import Severity
from wardmote.communities.queries.agreements import judges_for
from wardmote.jobs import operations as jobs
from wardmote.kernel.errors import Conflict, Invalid, NotFound
from wardmote.kernel.urn import SYSTEM, Urn
from wardmote.kernel.words import gettext as _
from wardmote.moderation.models import Case, CaseText, Item, Report, VisitorReport
from wardmote.moderation.operations.notes import write_note
from wardmote.moderation.policy import (
    CLAIM_TIME,
    FIRST,
    HANDED_TIME,
    SELF_HARM,
    CaseState,
    Lane,
    Source,
    lane_of,
    priority_of,
)
from wardmote.moderation.policy.texts import hash_text
from wardmote.moderation.queries.parties import check_may_judge, may_take, why_not
from wardmote.people.policy import mailbox_of
from wardmote.record import operations as record

_AT_ONCE = 20
"""Cases that are looked at together for one that a moderator may judge."""


@transaction.atomic
def open_case(
    *,
    community_id: int,
    subject: Urn | str,
    author_id: int | None,
    text: str,
    context: dict[str, str],
    category: str,
    severity: Severity,
    source: Source,
    score: float,
    held: bool,
    screening_id: int | None,
    actor: Urn,
    now: datetime,
    weighs: bool = True,
) -> Case:
    """Open the subject's case, or join the one that is undecided: a post has at most one at a time.

    `subject` is a URN of ours, or the URL of somebody else's post. A report that does not weigh, because nobody answers
    for it, is not counted towards the rank.

    The item is a snapshot: what the text was when this was asked, whatever becomes of it later.
    """
    item = take_snapshot(community_id, subject, author_id, text, context, now)
    lane = lane_of(category)
    existing = _undecided(community_id, subject)
    if existing is not None:
        return _join(
            existing,
            item=item,
            lane=lane,
            severity=severity,
            score=score,
            held=held,
            screening_id=screening_id,
            weighs=weighs,
            now=now,
        )
    try:
        with transaction.atomic():
            case = Case.objects.create(
                community_id=community_id,
                item=item,
                subject=str(subject),
                screening_id=screening_id,
                lane=lane.value,
                priority=priority_of(
                    severity=severity, score=score, reports=int(weighs and source is Source.REPORT), held=held
                ),
                source=source.value,
                category=category,
                held=held,
                state=CaseState.OPEN.value,
                opened_at=now,
            )
    except IntegrityError:
        # Somebody opened it between our look and our write.
        opened = _undecided(community_id, subject)
        if opened is None:
            raise
        return _join(
            opened,
            item=item,
            lane=lane,
            severity=severity,
            score=score,
            held=held,
            screening_id=screening_id,
            weighs=weighs,
            now=now,
        )
    record.append(
        now=now,
        actor=actor,
        verb="case.opened",
        subject=case.urn,
        community=Urn("community", community_id),
        facts={
            "item": str(subject),
            "content_hash": item.content_hash,
            "category": category,
            "source": source.value,
            "lane": lane.value,
            "held": held,
        },
    )
    _keep_text(case, item, screening_id=screening_id, now=now)
    _look_for_targets(case, now=now)
    _look_for_a_judge(case, now=now)
    return case


@transaction.atomic
def bring_to_front(*, case: Case) -> None:
    """Have a case looked at before every other of its lane."""
    Case.objects.filter(pk=case.pk).update(priority=FIRST)


@transaction.atomic
def note_text(
    *,
    community_id: int,
    subject: Urn | str,
    author_id: int | None,
    text: str,
    context: dict[str, str],
    screening_id: int | None,
    now: datetime,
) -> None:
    """A thing says something else now: where a case about it is open, that text is judged too, however it scores."""
    case = _undecided(community_id, subject) if text else None
    if case is None:
        return
    item = take_snapshot(community_id, subject, author_id, text, context, now)
    _keep_text(case, item, screening_id=screening_id, now=now)
    if case.item_id != item.pk:
        case.item = item
        case.save(update_fields=["item"])
        _look_for_targets(case, now=now)
        _look_for_a_judge(case, now=now)


def _keep_text(case: Case, item: Item, *, screening_id: int | None, now: datetime) -> None:
    scored = {} if screening_id is None else {"screening_id": screening_id}
    CaseText.objects.update_or_create(
        case=case,
        item=item,
        defaults=scored,
        create_defaults={"community_id": case.community_id, "came_at": now, **scored},
    )


def take_snapshot(
    community_id: int, subject: Urn | str, author_id: int | None, text: str, context: dict[str, str], now: datetime
) -> Item:
    """What a thing says at this moment, kept once for each text."""
    item, _ = Item.objects.get_or_create(
        community_id=community_id,
        subject=str(subject),
        content_hash=hash_text(text),
        defaults={"author_id": author_id, "text": text, "context": context, "taken_at": now},
    )
    return item


def _undecided(community_id: int, subject: Urn | str) -> Case | None:
    return (
        Case.objects.select_for_update()
        .filter(community_id=community_id, subject=str(subject))
        .exclude(state=CaseState.DECIDED.value)
        .first()
    )


def _look_for_targets(case: Case, *, now: datetime) -> None:
    if case.lane == Lane.THREAT and case.category != SELF_HARM:
        jobs.put("moderation.look_for_targets", case.pk, now=now)


def _look_for_a_judge(case: Case, *, now: datetime) -> None:
    """Whom it names, and who reported it, may be everybody who moderates: then others judge, where that is agreed."""
    if judges_for(case.community_id):
        jobs.put("journeys.find_judge", case.community_id, case.pk, now=now)


def boxes_of(case: Case) -> set[str]:
    """The mail boxes behind the reports by visitors: each counts once, and none that was forgotten since."""
    theirs = VisitorReport.objects.filter(case=case, contact__erased_at=None, contact__isnull=False)
    return {mailbox_of(address) for address in theirs.values_list("contact__address", flat=True)}


def _join(
    case: Case,
    *,
    item: Item,
    lane: Lane,
    severity: Severity,
    score: float,
    held: bool,
    screening_id: int | None,
    weighs: bool,
    now: datetime,
) -> Case:
    """More is known now: the newest text is what is judged, and the case may rank higher, never lower."""
    reports = case.reports.count() + case.outside_reports.count() + len(boxes_of(case)) + int(weighs)
    case.priority = max(case.priority, priority_of(severity=severity, score=score, reports=reports, held=held))
    is_new = case.item_id != item.pk or (lane is Lane.THREAT and case.lane != lane)
    case.item, case.held = item, case.held or held
    if lane is Lane.THREAT:
        case.lane = lane.value
    if screening_id is not None:
        case.screening_id = screening_id
    case.save(update_fields=["priority", "item", "held", "lane", "screening"])
    _keep_text(case, item, screening_id=screening_id, now=now)
    if is_new:
        _look_for_targets(case, now=now)
    _look_for_a_judge(case, now=now)
    return case


_CLOCKS_APART = timedelta(minutes=1)
"""What the clocks of two web servers may differ by before one of them was set."""


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
