"""Posts of an outside platform, as it tells of them: each event once, whatever happens on the way."""

from datetime import datetime

from django.db import IntegrityError, transaction

from wardmote.kernel.errors import Conflict, NotFound
from wardmote.kernel.urn import Urn
from wardmote.ledger import Json
from wardmote.moderation.models import Appeal, Case, Item, Naming, Opinion, OutsideEvent, OutsidePost, OutsideReport
from wardmote.moderation.policy import AppealState, CaseState, ReportReason, Screened
from wardmote.moderation.policy.outside import EventKind
from wardmote.moderation.policy.texts import hash_text
from wardmote.record import operations as record


@transaction.atomic
def keep_event(
    *, community_id: int, source: str, event_id: str, digest: str, answer: dict[str, Json], now: datetime
) -> None:
    """Note what a platform told and what it was answered; Conflict where another process was faster."""
    try:
        with transaction.atomic():
            OutsideEvent.objects.create(
                community_id=community_id,
                source=source,
                event_id=event_id,
                digest=digest,
                answer=answer,
                received_at=now,
            )
    except IntegrityError:
        raise Conflict("The same event is being taken in at this moment; send it again.") from None


@transaction.atomic
def keep_outside_post(
    *,
    community_id: int,
    source: str,
    source_id: str,
    url: str,
    author: str,
    screened: Screened,
    kind: EventKind,
    actor: Urn,
    now: datetime,
) -> OutsidePost:
    """Keep what a post reads now, whether it is new or was edited; its URL stays the one that was told first, because
    its cases are named by it. Conflict: it was deleted, or its URL belongs to another.
    """
    post = (
        OutsidePost.objects.select_for_update()
        .filter(community_id=community_id, source=source, source_id=source_id)
        .first()
    )
    if post is not None and post.deleted_at is not None:
        raise Conflict("This post was deleted; what is told of it now comes too late.")
    verb = "outside_post.told" if post is None else "outside_post.edited"
    post = post or OutsidePost(community_id=community_id, source=source, source_id=source_id)
    post.url, post.author = post.url or url, author or post.author
    if verb == "outside_post.edited" and post.text != screened.text:
        post.edited_at = now
    post.is_told = kind is EventKind.POST or (verb == "outside_post.edited" and post.is_told)
    post.text, post.told_at = screened.text, now
    try:
        with transaction.atomic():
            post.save()
    except IntegrityError:
        if OutsidePost.objects.filter(community_id=community_id, url=post.url).exclude(pk=post.pk).exists():
            raise Conflict("This URL belongs to another post.") from None
        raise Conflict("The same post is being taken in at this moment; send the event again.") from None
    record.append(
        now=now,
        actor=actor,
        verb=verb,
        subject=post.urn,
        community=Urn("community", community_id),
        facts={"source": source, "content_hash": hash_text(post.text), **screened.as_facts()},
        content={"id": source_id, "url": post.url},
        about=post.urn,
    )
    return post


@transaction.atomic
def delete_outside_post(*, community_id: int, source: str, source_id: str, actor: Urn, now: datetime) -> OutsidePost:
    """Forget a post's text. A case that is not decided keeps its snapshot; `forget_snapshots` empties it after."""
    post = (
        OutsidePost.objects.select_for_update()
        .filter(community_id=community_id, source=source, source_id=source_id)
        .first()
    )
    if post is None:
        raise NotFound("There is no such post here: tell of it first, then send this again.")
    if post.deleted_at is not None:
        return post
    post.text, post.author, post.deleted_at = "", "", now
    post.save(update_fields=["text", "author", "deleted_at"])
    forget_snapshots(post, now=now)
    record.append(
        now=now,
        actor=actor,
        verb="outside_post.deleted",
        subject=post.urn,
        community=Urn("community", community_id),
    )
    record.erase(now=now, about=post.urn, actor=actor, community=Urn("community", community_id))
    return post


@transaction.atomic
def forget_snapshots(post: OutsidePost, *, now: datetime) -> None:
    """Empty the snapshots of a deleted post, unless somebody has still to decide by them."""
    if post.deleted_at is None:
        return
    about = {"community_id": post.community_id, "subject": post.url}
    if Case.objects.filter(**about).exclude(state=CaseState.DECIDED.value).exists():
        return
    appeals = Appeal.objects.filter(community_id=post.community_id, decision__case__subject=post.url, appellant=None)
    if appeals.filter(state=AppealState.OPEN.value).exists():
        return
    appeals.update(text="")
    OutsideReport.objects.filter(community_id=post.community_id, item__subject=post.url).update(comment="")
    Naming.objects.filter(community_id=post.community_id, case__subject=post.url).delete()
    Opinion.objects.filter(community_id=post.community_id, item__subject=post.url).update(reason="")
    Item.objects.filter(**about).update(text="", context={}, erased_at=now)


@transaction.atomic
def file_outside_report(
    *, community_id: int, case: Case, reporter: str, reason: ReportReason, comment: str, actor: Urn, now: datetime
) -> bool:
    """Add an outside report to its case; gives whether it is new: one reporter counts once."""
    report, is_new = OutsideReport.objects.get_or_create(
        case=case,
        reporter=reporter,
        defaults={
            "community_id": community_id,
            "item": case.item,
            "reason": reason.value,
            "comment": comment,
            "filed_at": now,
        },
    )
    if is_new:
        record.append(
            now=now,
            actor=actor,
            verb="report.filed",
            subject=report.urn,
            community=Urn("community", community_id),
            facts={
                "case": str(case.urn),
                "item": case.subject,
                "content_hash": case.item.content_hash,
                "reason": reason.value,
            },
            content={"comment": comment, "reporter": reporter},
            about=report.urn,
        )
    return is_new
