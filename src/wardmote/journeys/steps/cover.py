"""A threat is covered until somebody has looked at it; its author is told at once, and the desk when nobody did."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from wardmote.communities.queries import community, moderators_of
from wardmote.journeys.steps.office import tell
from wardmote.journeys.steps.permission import moderator
from wardmote.moderation import operations as moderation
from wardmote.moderation import queries
from wardmote.moderation.models import Case, Cover
from wardmote.moderation.policy.covers import CoverCause, are_enough
from wardmote.moderation.queries.covers import clause_of_cover
from wardmote.notices.policy import Kind, Letter, cover_ran_out, covered, uncovered


def cover_by_hand(*, community_id: int, member_id: int, case_id: int, now: datetime) -> None:
    """A moderator covers what a case is about, also one who is named in it and may not decide it."""
    with transaction.atomic(durable=True):
        moderator(community_id=community_id, member_id=member_id, now=now, lock=True)
        cover = moderation.cover_case(community_id=community_id, member_id=member_id, case_id=case_id, now=now)
        _tell_author(cover, now=now)


def uncover_by_hand(*, community_id: int, member_id: int, case_id: int, now: datetime) -> None:
    """A moderator takes the cover away; the case still waits."""
    with transaction.atomic(durable=True):
        moderator(community_id=community_id, member_id=member_id, now=now, lock=True)
        cover = moderation.uncover_case(community_id=community_id, member_id=member_id, case_id=case_id, now=now)
        _tell_author(cover, now=now)


def cover_for_screening(case: Case, *, now: datetime) -> None:
    """Cover what screening finds a likely threat. Runs inside the caller's transaction."""
    cover = moderation.cover_unjudged(case=case, cause=CoverCause.SCREENING, now=now)
    if cover is not None:
        _tell_author(cover, now=now)


def cover_for_reporters(case: Case, *, now: datetime) -> None:
    """Cover what two independent reporters of proven accuracy call a threat. Inside the caller's transaction."""
    if not are_enough(queries.records_of_reporters(community_id=case.community_id, case_id=case.pk)):
        return
    cover = moderation.cover_unjudged(case=case, cause=CoverCause.REPORTERS, now=now)
    if cover is not None:
        _tell_author(cover, now=now)


def end_cover(cover_id: int, *, now: datetime) -> None:
    """The job: a cover's clock has run out. Harmless to repeat."""
    with transaction.atomic(durable=True):
        cover = moderation.end_cover(cover_id=cover_id, now=now)
        if cover is None:
            return
        _tell_author(cover, now=now)
        title = community(cover.community_id).title
        again = CoverCause(cover.cause).was_read_before
        for member_id in moderators_of(community_id=cover.community_id):
            if member_id != cover.item.author_id:
                tell(
                    cover.community_id,
                    member_id,
                    kind=Kind.COVER_RAN_OUT,
                    about=cover.case.urn,
                    write=lambda: cover_ran_out(community=title, since=cover.covered_at, again=again),
                    path=f"/console/cases/{cover.case_id}",
                    now=now,
                )


def _tell_author(cover: Cover, *, now: datetime) -> None:
    author_id, subject = cover.item.author_id, cover.case.subject
    if author_id is None:
        return
    named = {"community": community(cover.community_id).title, "thing": queries.thing_of(subject)}
    fate = queries.fate_of(community_id=cover.community_id, subject=subject)
    if cover.ended_at is not None and fate.is_gone:
        return
    quote = queries.present_text(community_id=cover.community_id, subject=subject) or cover.item.text
    again = CoverCause(cover.cause).was_read_before
    key, title = clause_of_cover(cover) if cover.ended_at is None else ("", "")
    write: Callable[[], Letter] = (
        (lambda: covered(**named, quote=quote, until=cover.until, again=again, clause_key=key, clause_title=title))
        if cover.ended_at is None
        else (lambda: uncovered(**named, quote=quote, fate=fate, again=again))
    )
    tell(
        cover.community_id,
        author_id,
        kind=Kind.COVERED if cover.ended_at is None else Kind.UNCOVERED,
        about=cover.urn,
        write=write,
        path=cover.item.context.get("path", "/"),
        now=now,
    )
