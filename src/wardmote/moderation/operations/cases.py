"""Writes of cases: opened, or joined by whatever else tells of the same thing."""

from datetime import datetime

from django.db import IntegrityError, transaction

from wardmote.communities.queries.agreements import judges_for
from wardmote.jobs import operations as jobs
from wardmote.kernel.urn import Urn
from wardmote.moderation.models import Case, CaseText, Item, VisitorReport
from wardmote.moderation.policy import FIRST, SELF_HARM, CaseState, Lane, Source, lane_of, priority_of
from wardmote.moderation.policy.drafts import CaseDraft
from wardmote.moderation.policy.texts import hash_text
from wardmote.people.policy import mailbox_of
from wardmote.record import operations as record


@transaction.atomic
def open_case(draft: CaseDraft, *, actor: Urn, now: datetime) -> Case:
    """Open the subject's case, or join the one that is undecided: a post has at most one at a time.

    The item is a snapshot: what the text was when this was asked, whatever becomes of it later.
    """
    item = take_snapshot(draft.community_id, draft.subject, draft.author_id, draft.text, draft.context, now)
    existing = _undecided(draft.community_id, draft.subject)
    if existing is not None:
        return _join(existing, draft, item=item, now=now)
    try:
        with transaction.atomic():
            case = _create(draft, item=item, now=now)
    except IntegrityError:
        # Somebody opened it between our look and our write.
        opened = _undecided(draft.community_id, draft.subject)
        if opened is None:
            raise
        return _join(opened, draft, item=item, now=now)
    record.append(
        now=now,
        actor=actor,
        verb="case.opened",
        subject=case.urn,
        community=Urn("community", draft.community_id),
        facts={
            "item": str(draft.subject),
            "content_hash": item.content_hash,
            "category": draft.category,
            "source": draft.source.value,
            "lane": case.lane,
            "held": draft.held,
        },
    )
    _keep_text(case, item, screening_id=draft.screening_id, now=now)
    _look_for_targets(case, now=now)
    _look_for_a_judge(case, now=now)
    return case


def _create(draft: CaseDraft, *, item: Item, now: datetime) -> Case:
    return Case.objects.create(
        community_id=draft.community_id,
        item=item,
        subject=str(draft.subject),
        screening_id=draft.screening_id,
        lane=lane_of(draft.category).value,
        priority=_priority(draft, reports=int(draft.weighs and draft.source is Source.REPORT)),
        source=draft.source.value,
        category=draft.category,
        held=draft.held,
        state=CaseState.OPEN.value,
        opened_at=now,
    )


def _priority(draft: CaseDraft, *, reports: int) -> int:
    return priority_of(severity=draft.severity, score=draft.score, reports=reports, held=draft.held)


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


def _join(case: Case, draft: CaseDraft, *, item: Item, now: datetime) -> Case:
    """More is known now: the newest text is what is judged, and the case may rank higher, never lower."""
    lane = lane_of(draft.category)
    reports = case.reports.count() + case.outside_reports.count() + len(boxes_of(case)) + int(draft.weighs)
    case.priority = max(case.priority, _priority(draft, reports=reports))
    is_new = case.item_id != item.pk or (lane is Lane.THREAT and case.lane != lane)
    case.item, case.held = item, case.held or draft.held
    if lane is Lane.THREAT:
        case.lane = lane.value
    if draft.screening_id is not None:
        case.screening_id = draft.screening_id
    case.save(update_fields=["priority", "item", "held", "lane", "screening"])
    _keep_text(case, item, screening_id=draft.screening_id, now=now)
    if is_new:
        _look_for_targets(case, now=now)
    _look_for_a_judge(case, now=now)
    return case
