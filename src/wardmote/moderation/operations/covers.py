"""Covers: laid over what a case is about, and taken away. What follows for readers is worked out by `settle`."""

from datetime import datetime

from django.db import transaction

from wardmote.jobs import operations as jobs
from wardmote.kernel.clock import to_rfc3339
from wardmote.kernel.errors import Conflict, Invalid, NotFound, Refused
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.urn import SYSTEM, Urn
from wardmote.moderation.models import Case, Cover, Decision, Item
from wardmote.moderation.operations.measures import settle
from wardmote.moderation.operations.subjects import hold_subject
from wardmote.moderation.policy import CaseState
from wardmote.moderation.policy.covers import COVER_TIME, CoverCause, CoverEnd
from wardmote.moderation.policy.outside import is_url
from wardmote.record import operations as record

JOB = "journeys.end_cover"


@transaction.atomic
def cover_unjudged(*, case: Case, cause: CoverCause, now: datetime) -> Cover | None:
    """Cover what a case is about without anybody's hand; None where it is covered or held, or where a moderator has
    judged this very text, or had the cover taken away from it."""
    if is_url(case.subject) or case.held or case.state == CaseState.DECIDED:
        return None
    if Cover.objects.filter(case=case, ended_at=None).exists():
        return None
    if Decision.objects.filter(item=case.item).exists() or Cover.objects.filter(item=case.item).exists():
        return None
    return _cover(case, cause=cause, member_id=None, now=now)


@transaction.atomic
def cover_case(*, community_id: int, member_id: int, case_id: int, now: datetime) -> Cover:
    """A moderator covers what a case is about, also one who may not decide it."""
    case = _undecided(community_id=community_id, member_id=member_id, case_id=case_id)
    if is_url(case.subject):
        raise Invalid(_("This is on another platform; it cannot be covered from here."))
    if case.held:
        raise Conflict(_("It is held: nobody else can see it."))
    if Cover.objects.filter(case=case, ended_at=None).exists():
        raise Conflict(_("It is covered already."))
    return _cover(case, cause=CoverCause.MODERATOR, member_id=member_id, now=now)


@transaction.atomic
def uncover_case(*, community_id: int, member_id: int, case_id: int, now: datetime) -> Cover:
    """A moderator takes the cover away, also one who may not decide the case; never its author."""
    case = _undecided(community_id=community_id, member_id=member_id, case_id=case_id)
    cover = Cover.objects.select_for_update().filter(case=case, ended_at=None).first()
    if cover is None:
        raise Conflict(_("It is not covered any more."))
    _end(cover, case, end=CoverEnd.MODERATOR, actor=Urn("member", member_id), now=now)
    return cover


@transaction.atomic
def end_cover(*, cover_id: int, now: datetime) -> Cover | None:
    """A cover's time is over: what it covers can be read again. Gives it where nobody had decided by then."""
    cover = Cover.objects.select_related("case", "item").filter(pk=cover_id).first()
    if cover is None:
        return None
    hold_subject(community_id=cover.community_id, subject=cover.case.subject)
    case = Case.objects.select_for_update().get(pk=cover.case_id)
    cover = Cover.objects.select_for_update().get(pk=cover_id)
    if cover.ended_at is not None or now < cover.until:
        return None
    _end(cover, case, end=CoverEnd.TIME, actor=SYSTEM, now=now)
    return cover if case.state != CaseState.DECIDED else None


def _undecided(*, community_id: int, member_id: int, case_id: int) -> Case:
    subject = Case.objects.filter(community_id=community_id, pk=case_id).values_list("subject", flat=True).first()
    if subject is None:
        raise NotFound(_("There is no such case here."))
    hold_subject(community_id=community_id, subject=subject)
    case = Case.objects.select_for_update().get(community_id=community_id, pk=case_id)
    if Item.objects.filter(pk=case.item_id, author_id=member_id).exists():
        raise Refused(_("You wrote this; somebody else must decide it."))
    if case.state == CaseState.DECIDED:
        raise Conflict(_("This case is decided already."))
    return case


def _cover(case: Case, *, cause: CoverCause, member_id: int | None, now: datetime) -> Cover:
    cover = Cover.objects.create(
        community_id=case.community_id,
        case=case,
        item=case.item,
        cause=cause.value,
        covered_by_id=member_id,
        covered_at=now,
        until=now + COVER_TIME,
    )
    actor = SYSTEM if member_id is None else Urn("member", member_id)
    record.append(
        now=now,
        actor=actor,
        verb="case.covered",
        subject=case.urn,
        community=Urn("community", case.community_id),
        facts={
            "cover": str(cover.urn),
            "item": case.subject,
            "content_hash": case.item.content_hash,
            "cause": cause.value,
            "until": to_rfc3339(cover.until),
        },
    )
    jobs.put(JOB, cover.pk, now=now, run_at=cover.until)
    settle(community_id=case.community_id, subject=case.subject, actor=actor, reason=cover.urn, now=now)
    return cover


def _end(cover: Cover, case: Case, *, end: CoverEnd, actor: Urn, now: datetime) -> None:
    cover.ended_at, cover.end = now, end.value
    cover.save(update_fields=["ended_at", "end"])
    record.append(
        now=now,
        actor=actor,
        verb="case.uncovered",
        subject=case.urn,
        community=Urn("community", case.community_id),
        facts={"cover": str(cover.urn), "item": case.subject, "end": end.value},
    )
    if case.state != CaseState.DECIDED:
        settle(community_id=case.community_id, subject=case.subject, actor=actor, reason=cover.urn, now=now)
