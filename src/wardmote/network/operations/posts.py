"""Posts: written, spread to home feeds, edited, deleted, judged, erased."""

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, connection, transaction

from wardmote.jobs import operations as jobs
from wardmote.kernel.errors import Conflict, NotFound, Refused
from wardmote.kernel.ids import id_at, new_id
from wardmote.kernel.urn import Urn
from wardmote.ledger import Json
from wardmote.network.models import Follow, HomeEntry, Post, PostVersion
from wardmote.network.policy import Judgement, Visibility
from wardmote.record import operations as record

FAN_OUT_AT_ONCE = 500
"""Followers that are written to within the author's own request; beyond it a job does it."""


@transaction.atomic
def add_post(
    *,
    community_id: int,
    author_id: int,
    text: str,
    parent_id: int | None,
    visibility: Visibility,
    facts: Mapping[str, Json],
    now: datetime,
    source: str = "",
    source_id: str = "",
    written_at: datetime | None = None,
) -> Post:
    """Store a post; `written_at` dates an imported one. Conflict when that source's post is here already.

    `facts` go into the record beside the text: what screening said.
    """
    parent = _parent(community_id=community_id, parent_id=parent_id)
    try:
        with transaction.atomic():
            post = Post.objects.create(
                id=id_at(written_at) if written_at else new_id(),
                community_id=community_id,
                author_id=author_id,
                text=text,
                parent=parent,
                root_id=(parent.root_id or parent.pk) if parent else None,
                visibility=visibility.value,
                created_at=written_at or now,
                source=source,
                source_id=source_id,
            )
    except IntegrityError:
        raise Conflict("That post has been imported already.") from None
    record.append(
        now=now,
        actor=Urn("member", author_id),
        verb="post.published" if visibility is Visibility.PUBLIC else "post.held",
        subject=post.urn,
        community=Urn("community", community_id),
        facts={
            "parent": str(parent.urn) if parent else None,
            "source": source or None,
            "source_id": source_id or None,
            **facts,
        },
        content={"text": text},
        about=Urn("member", author_id),
    )
    return post


def _parent(*, community_id: int, parent_id: int | None) -> Post | None:
    if parent_id is None:
        return None
    parent = Post.objects.filter(community_id=community_id, pk=parent_id, deleted_at=None).first()
    if parent is None or parent.visibility not in (Visibility.PUBLIC, Visibility.HIDDEN):
        raise NotFound("The post you answer is not here any more.")
    return parent


@transaction.atomic
def distribute_post(*, community_id: int, post_id: int, now: datetime) -> None:
    """Bring a public post into home feeds, once: at once for a few followers, by a job for many."""
    post = Post.objects.select_for_update().get(community_id=community_id, pk=post_id)
    if post.fanned_out_at is not None or post.visibility not in (Visibility.PUBLIC, Visibility.HIDDEN):
        return
    post.fanned_out_at = now
    post.save(update_fields=["fanned_out_at"])
    HomeEntry.objects.get_or_create(member_id=post.author_id, post=post)
    few = Follow.objects.filter(followed_id=post.author_id)[: FAN_OUT_AT_ONCE + 1].count() <= FAN_OUT_AT_ONCE
    if few:
        fan_out(post_id=post.pk)
    else:
        jobs.put("network.fan_out", post.pk, now=now)


@transaction.atomic
def fan_out(*, post_id: int) -> int:
    """Write the post into its followers' home feeds; a reply only for those who also follow whom it answers.

    Safe to repeat. Gives the number of rows written.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO network_homeentry (member_id, post_id)
            SELECT f.follower_id, p.id
            FROM network_post p
            JOIN network_follow f ON f.followed_id = p.author_id
            LEFT JOIN network_post parent ON parent.id = p.parent_id
            WHERE p.id = %s
              AND (parent.id IS NULL OR parent.author_id IN (f.follower_id, p.author_id)
                   OR EXISTS (SELECT 1 FROM network_follow g
                              WHERE g.follower_id = f.follower_id AND g.followed_id = parent.author_id))
            ON CONFLICT DO NOTHING
            """,
            [post_id],
        )
        written: int = cursor.rowcount
        return written


@transaction.atomic
def change_post(
    *,
    community_id: int,
    author_id: int,
    post_id: int,
    text: str,
    visibility: Visibility,
    facts: Mapping[str, Json],
    now: datetime,
) -> Post:
    """Give a post a new text and keep the old one as a version. A post taken down stays as it is."""
    post = (
        Post.objects.select_for_update()
        .filter(community_id=community_id, pk=post_id, author_id=author_id, deleted_at=None)
        .first()
    )
    if post is None:
        raise NotFound("There is no such post of yours.")
    if post.visibility in (Visibility.REMOVED, Visibility.HIDDEN):
        raise Refused("This post was acted on under the policy; it cannot be edited. You can appeal instead.")
    PostVersion.objects.create(
        post=post, number=post.version, text=post.text, written_at=post.edited_at or post.created_at
    )
    # A held post stays held whatever the new text scores: a person is already to look at it.
    held = post.visibility == Visibility.HELD or visibility is Visibility.HELD
    post.text, post.version, post.edited_at = text, post.version + 1, now
    post.visibility = Visibility.HELD.value if held else Visibility.PUBLIC.value
    post.save(update_fields=["text", "version", "edited_at", "visibility"])
    record.append(
        now=now,
        actor=Urn("member", author_id),
        verb="post.edited",
        subject=post.urn,
        community=Urn("community", community_id),
        facts={"version": post.version, "held": held, **facts},
        content={"text": text},
        about=Urn("member", author_id),
    )
    return post


@transaction.atomic
def delete_post(*, community_id: int, author_id: int, post_id: int, now: datetime) -> None:
    """Take a post of one's own out of sight; what a case has kept of it stays with the case."""
    changed = Post.objects.filter(community_id=community_id, pk=post_id, author_id=author_id, deleted_at=None).update(
        deleted_at=now
    )
    if not changed:
        raise NotFound("There is no such post of yours.")
    HomeEntry.objects.filter(post_id=post_id).delete()
    record.append(
        now=now,
        actor=Urn("member", author_id),
        verb="post.deleted",
        subject=Urn("post", post_id),
        community=Urn("community", community_id),
    )


@transaction.atomic
def judge_post(
    *, community_id: int, post_id: int, judgement: Judgement, actor: Urn, reason: Urn, now: datetime
) -> Judgement:
    """Set who may see a post and the label on it; gives what stood before, for an undo. `reason` names the decision."""
    post = Post.objects.select_for_update().filter(community_id=community_id, pk=post_id).first()
    if post is None:
        raise NotFound("There is no such post here.")
    before = Judgement(Visibility(post.visibility), post.label)
    post.visibility, post.label = judgement.visibility.value, judgement.label
    post.save(update_fields=["visibility", "label"])
    record.append(
        now=now,
        actor=actor,
        verb="post.judged",
        subject=post.urn,
        community=Urn("community", community_id),
        facts={"visibility": judgement.visibility.value, "label": judgement.label, "reason": str(reason)},
    )
    distribute_post(community_id=community_id, post_id=post_id, now=now)
    return before


@transaction.atomic
def erase_posts(*, community_id: int, author_id: int, now: datetime) -> int:
    """Empty every text of one author, versions too, and take the posts out of sight; gives the number of posts."""
    posts = Post.objects.filter(community_id=community_id, author_id=author_id)
    PostVersion.objects.filter(post__in=posts).delete()
    HomeEntry.objects.filter(post__in=posts).delete()
    posts.filter(deleted_at=None).update(deleted_at=now)
    return posts.update(text="")
