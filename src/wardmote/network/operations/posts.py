"""Posts: written, spread to home feeds, edited, deleted, judged, erased."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, OuterRef

from wardmote.jobs import operations as jobs
from wardmote.kernel.errors import Conflict, NotFound, Refused
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.ids import id_at, new_id
from wardmote.kernel.urn import SYSTEM, Urn
from wardmote.ledger import Json
from wardmote.network.models import Follow, HomeEntry, Post, PostVersion, Profile
from wardmote.network.policy import Judgement, Visibility
from wardmote.record import operations as record

FAN_OUT_AT_ONCE = 500
"""Followers that are written to within the author's own request; beyond it a job does it."""
_SHOWN = (Visibility.PUBLIC.value, Visibility.HIDDEN.value)


@dataclass(frozen=True, slots=True)
class Draft:
    """A post before it is stored. `source` and `source_id` say where an imported one came from, `written_at` when.

    `facts` go into the record beside the text: what screening said.
    """

    author_id: int
    text: str
    visibility: Visibility
    facts: Mapping[str, Json]
    parent_id: int | None = None
    source: str = ""
    source_id: str = ""
    written_at: datetime | None = None


@transaction.atomic
def add_posts(*, community_id: int, drafts: Sequence[Draft], now: datetime) -> list[Post]:
    """Store posts, all or none, each with its author at hand. Conflict when one of that source is here already.

    What a draft answers must be stored already: NotFound otherwise.
    """
    parents = _parents(community_id, {d.parent_id for d in drafts if d.parent_id is not None})
    authors = Profile.objects.filter(community_id=community_id).in_bulk({d.author_id for d in drafts})
    posts = [
        _post(community_id, draft, parents.get(draft.parent_id or 0), authors[draft.author_id], post_id, now=now)
        for draft, post_id in zip(drafts, _ids(drafts), strict=True)
    ]
    try:
        with transaction.atomic():
            Post.objects.bulk_create(posts)
    except IntegrityError:
        raise Conflict(_("That post has been imported already.")) from None
    # What is held waits in its author's own feed alone.
    held = [post for post in posts if post.visibility == Visibility.HELD]
    HomeEntry.objects.bulk_create([HomeEntry(member_id=post.author_id, post_id=post.pk) for post in held])
    record.append_all([_published(post, draft) for post, draft in zip(posts, drafts, strict=True)], now=now)
    return posts


def _post(
    community_id: int, draft: Draft, parent: Post | None, author: Profile, post_id: int, *, now: datetime
) -> Post:
    return Post(
        id=post_id,
        community_id=community_id,
        author=author,
        text=draft.text,
        parent=parent,
        root_id=(parent.root_id or parent.pk) if parent else None,
        visibility=draft.visibility.value,
        created_at=draft.written_at or now,
        source=draft.source,
        source_id=draft.source_id,
    )


def _published(post: Post, draft: Draft) -> record.Event:
    author = Urn("member", draft.author_id)
    return record.Event(
        actor=author,
        verb="post.published" if draft.visibility is Visibility.PUBLIC else "post.held",
        subject=post.urn,
        community=Urn("community", post.community_id),
        facts={
            "parent": str(Urn("post", post.parent_id)) if post.parent_id else None,
            "source": draft.source or None,
            "source_id": draft.source_id or None,
            **draft.facts,
        },
        content={"text": draft.text},
        about=author,
    )


def _ids(drafts: Sequence[Draft]) -> list[int]:
    """An id for each: of this moment, or of the moment it was written."""
    ids = [id_at(draft.written_at) if draft.written_at else new_id() for draft in drafts]
    # Ids of one past millisecond are drawn by chance: where many posts share a date, some are taken.
    while clashing := _clashing(drafts, ids):
        for place, written_at in clashing:
            ids[place] = id_at(written_at)
    return ids


def _clashing(drafts: Sequence[Draft], ids: Sequence[int]) -> list[tuple[int, datetime]]:
    dated = {id_ for draft, id_ in zip(drafts, ids, strict=True) if draft.written_at}
    taken = set(Post.objects.filter(pk__in=dated).values_list("pk", flat=True)) if dated else set()
    clashing = []
    for place, (draft, id_) in enumerate(zip(drafts, ids, strict=True)):
        if draft.written_at and id_ in taken:
            clashing.append((place, draft.written_at))
        taken.add(id_)
    return clashing


def _parents(community_id: int, parent_ids: Collection[int]) -> dict[int, Post]:
    if not parent_ids:
        return {}
    open_posts = Post.objects.filter(community_id=community_id, deleted_at=None, visibility__in=_SHOWN)
    parents = open_posts.in_bulk(parent_ids)
    if len(parents) < len(parent_ids):
        covered = Post.objects.filter(community_id=community_id, deleted_at=None, visibility=Visibility.COVERED.value)
        if covered.filter(pk__in=parent_ids).exists():
            raise Conflict(_("The post you answer is covered until a moderator has looked at it. Answer it then."))
        raise NotFound(_("The post you answer is not here any more."))
    return parents


@transaction.atomic
def distribute_posts(*, community_id: int, post_ids: Iterable[int], now: datetime) -> None:
    """Bring the public ones of these posts into home feeds, once: at once for few followers, by a job for many."""
    waiting = Post.objects.select_for_update().filter(
        community_id=community_id, pk__in=list(post_ids), fanned_out_at=None, visibility__in=_SHOWN
    )
    authors = dict(waiting.values_list("pk", "author_id"))
    if not authors:
        return
    Post.objects.filter(pk__in=authors).update(fanned_out_at=now)
    HomeEntry.objects.bulk_create(
        [HomeEntry(member_id=author_id, post_id=post_id) for post_id, author_id in authors.items()],
        ignore_conflicts=True,
    )
    popular = _popular(set(authors.values()))
    fan_out(post_ids=[post_id for post_id, author_id in authors.items() if author_id not in popular])
    for post_id, author_id in authors.items():
        if author_id in popular:
            jobs.put("network.fan_out", post_id, now=now)


def _popular(member_ids: Collection[int]) -> set[int]:
    """Those with more followers than are written to at once."""
    # Looks at one follower beyond the bound, not at all of a million.
    one_too_many = Follow.objects.filter(followed=OuterRef("pk"))[FAN_OUT_AT_ONCE : FAN_OUT_AT_ONCE + 1]
    return set(Profile.objects.filter(Exists(one_too_many), pk__in=member_ids).values_list("pk", flat=True))


@transaction.atomic
def fan_out(*, post_ids: Sequence[int]) -> int:
    """Write posts into their authors' followers' home feeds; a reply only for those who also follow whom it answers.

    Safe to repeat. Gives the number of rows written.
    """
    if not post_ids:
        return 0
    places = ", ".join(["%s"] * len(post_ids))
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO network_homeentry (member_id, post_id)
            SELECT f.follower_id, p.id
            FROM network_post p
            JOIN network_follow f ON f.followed_id = p.author_id
            LEFT JOIN network_post parent ON parent.id = p.parent_id
            WHERE p.id IN ({places})
              AND (parent.id IS NULL OR parent.author_id IN (f.follower_id, p.author_id)
                   OR EXISTS (SELECT 1 FROM network_follow g
                              WHERE g.follower_id = f.follower_id AND g.followed_id = parent.author_id))
            ON CONFLICT DO NOTHING
            """,  # noqa: S608 - built from placeholders alone
            list(post_ids),
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
    """Give a post a new text and keep the old one as a version. A post taken down stays as it is.

    `visibility` is what moderation says of it with this text.
    """
    post = (
        Post.objects.select_for_update()
        .filter(community_id=community_id, pk=post_id, author_id=author_id, deleted_at=None)
        .first()
    )
    if post is None:
        raise NotFound(_("There is no such post of yours."))
    if not Visibility(post.visibility).is_editable:
        raise Refused(_("This post was acted on under the policy; it cannot be edited. You can appeal instead."))
    PostVersion.objects.create(
        post=post, number=post.version, text=post.text, written_at=post.edited_at or post.created_at
    )
    post.text, post.version, post.edited_at = text, post.version + 1, now
    post.visibility = visibility.value
    post.save(update_fields=["text", "version", "edited_at", "visibility"])
    record.append(
        now=now,
        actor=Urn("member", author_id),
        verb="post.edited",
        subject=post.urn,
        community=Urn("community", community_id),
        facts={"version": post.version, "held": visibility is Visibility.HELD, **facts},
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
        raise NotFound(_("There is no such post of yours."))
    HomeEntry.objects.filter(post_id=post_id).delete()
    record.append(
        now=now,
        actor=Urn("member", author_id),
        verb="post.deleted",
        subject=Urn("post", post_id),
        community=Urn("community", community_id),
    )


@transaction.atomic
def withdraw_post(*, community_id: int, post_id: int, now: datetime) -> None:
    """Take a post out of sight for everybody, its author and the moderators too: its texts are emptied."""
    posts = Post.objects.filter(community_id=community_id, pk=post_id)
    PostVersion.objects.filter(post__in=posts).delete()
    HomeEntry.objects.filter(post__in=posts).delete()
    posts.filter(deleted_at=None).update(deleted_at=now)
    posts.update(text="")
    record.append(
        now=now,
        actor=SYSTEM,
        verb="post.withdrawn",
        subject=Urn("post", post_id),
        community=Urn("community", community_id),
    )


@transaction.atomic
def hold_text(*, community_id: int, kind: str, subject_id: int) -> None:
    """Keep a post's or a profile's texts as they are until the transaction around this ends."""
    if kind == "post":
        Post.objects.select_for_update(no_key=True).filter(community_id=community_id, pk=subject_id).first()
    elif kind == "profile":
        Profile.objects.select_for_update(no_key=True).filter(community_id=community_id, pk=subject_id).first()


@transaction.atomic
def judge_post(
    *, community_id: int, post_id: int, judgement: Judgement, actor: Urn, reason: Urn, now: datetime
) -> Judgement:
    """Set who may see a post and the label on it; gives the state before, for an undo. `reason` names the decision."""
    post = Post.objects.select_for_update().filter(community_id=community_id, pk=post_id).first()
    if post is None:
        raise NotFound(_("There is no such post here."))
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
    distribute_posts(community_id=community_id, post_ids=[post_id], now=now)
    return before


@transaction.atomic
def erase_posts(*, community_id: int, author_id: int, now: datetime) -> int:
    """Empty every text of one author, versions too, and take the posts out of sight; gives the number of posts."""
    posts = Post.objects.filter(community_id=community_id, author_id=author_id)
    PostVersion.objects.filter(post__in=posts).delete()
    HomeEntry.objects.filter(post__in=posts).delete()
    posts.filter(deleted_at=None).update(deleted_at=now)
    return posts.update(text="")
