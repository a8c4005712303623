"""Reads of the network, as plain values. Feeds are SQL by hand: they are what a member waits for most."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from wardmote.network.models import PostVersion
from wardmote.network.policy import Visibility, may_see, shown_name
from wardmote.network.queries.profiles import ProfileView, find_people, profile, profile_by_handle
from wardmote.network.queries.rows import SEEN_BY_ALL, fetched, moment
from wardmote.network.queries.texts import (
    ImportedPost,
    Written,
    imported_posts,
    judged_text,
    members_by_handle,
    posts_there,
    state_of_text,
    texts_of_post,
)

__all__ = [
    "Answered",
    "ImportedPost",
    "PostView",
    "ProfileView",
    "ThreadView",
    "VersionView",
    "Written",
    "community_feed",
    "find_people",
    "home_feed",
    "imported_posts",
    "judged_text",
    "members_by_handle",
    "post",
    "posts_there",
    "profile",
    "profile_by_handle",
    "profile_feed",
    "state_of_text",
    "texts_of_post",
    "thread",
    "versions",
]


@dataclass(frozen=True, slots=True)
class Answered:
    """What a post answers, for lists in which it is not there itself; `excerpt` is "" where the reader may not read it,
    `path` where there is nothing to go to."""

    handle: str
    path: str
    excerpt: str


@dataclass(frozen=True, slots=True)
class PostView:
    """A post as one reader may see it; `text` is empty where they may not read it."""

    id: int
    author_id: int
    handle: str
    display_name: str
    text: str
    visibility: Visibility
    label: str
    created_at: datetime
    edited_at: datetime | None
    deleted_at: datetime | None
    parent_id: int | None
    root_id: int | None
    reply_count: int
    mine: bool
    answers: Answered | None = None

    @property
    def path(self) -> str:
        return f"/@{self.handle}/{self.id}"

    @property
    def subject(self) -> str:
        return f"urn:wardmote:post:{self.id}"


@dataclass(frozen=True, slots=True)
class ThreadView:
    """A post between what it answers (oldest first) and what answers it (oldest first)."""

    ancestors: tuple[PostView, ...]
    post: PostView
    replies: tuple[PostView, ...]


@dataclass(frozen=True, slots=True)
class VersionView:
    """A text a post once had."""

    number: int
    text: str
    written_at: datetime


class _Row(NamedTuple):
    """A post as it is stored, with what is shown of its author; times as the database gives them."""

    id: int
    author_id: int
    handle: str
    display_name: str
    author_visibility: str
    text: str
    visibility: str
    label: str
    created_at: Any
    edited_at: Any
    deleted_at: Any
    parent_id: int | None
    root_id: int | None
    replies: int


_COLUMNS = f"""
    p.id AS id, p.author_id AS author_id, a.handle AS handle, a.display_name AS display_name,
    a.visibility AS author_visibility, p.text AS text, p.visibility AS visibility, p.label AS label,
    p.created_at AS created_at, p.edited_at AS edited_at, p.deleted_at AS deleted_at,
    p.parent_id AS parent_id, p.root_id AS root_id,
    (SELECT count(*) FROM network_post r WHERE r.parent_id = p.id AND r.deleted_at IS NULL
        AND r.visibility IN ({SEEN_BY_ALL})) AS replies
"""  # noqa: S608 - built from constants alone
_IN_FEED = f"p.deleted_at IS NULL AND (p.visibility IN ({SEEN_BY_ALL}) OR p.author_id = %s)"


def _post(row: _Row, *, viewer_id: int | None, moderates: bool) -> PostView:
    mine = row.author_id == viewer_id
    visibility = Visibility(row.visibility)
    readable = row.deleted_at is None and may_see(visibility, is_author=mine, moderates=moderates)
    named = Visibility(row.author_visibility).is_read_by_all or mine or moderates
    created = moment(row.created_at)
    if created is None:
        raise ValueError(f"post {row.id} has no date")
    return PostView(
        id=row.id,
        author_id=row.author_id,
        handle=row.handle,
        display_name=shown_name(row.display_name if named else "", row.handle),
        text=row.text if readable else "",
        visibility=visibility,
        label=row.label,
        created_at=created,
        edited_at=moment(row.edited_at),
        deleted_at=moment(row.deleted_at),
        parent_id=row.parent_id,
        root_id=row.root_id,
        reply_count=row.replies,
        mine=mine,
    )


def _posts(
    sql: str, parameters: Sequence[int | str], *, viewer_id: int | None, moderates: bool = False
) -> list[PostView]:
    return [_post(row, viewer_id=viewer_id, moderates=moderates) for row in fetched(sql, parameters, _Row)]


_TOP = 2**63 - 1
_EXCERPT = 80
"""Characters of what a post answers."""


def _with_answered(
    posts: list[PostView], *, community_id: int, viewer_id: int | None, moderates: bool = False
) -> list[PostView]:
    """The posts, each with what it answers."""
    wanted = sorted({post.parent_id for post in posts if post.parent_id is not None})
    if not wanted:
        return posts
    places = ", ".join(["%s"] * len(wanted))
    parents = _posts(
        f"""
        SELECT {_COLUMNS} FROM network_post p JOIN network_profile a ON a.membership_id = p.author_id
        WHERE p.community_id = %s AND p.id IN ({places})
        """,  # noqa: S608 - built from constants and placeholders alone
        [community_id, *wanted],
        viewer_id=viewer_id,
        moderates=moderates,
    )
    answered = {parent.id: _answered(parent) for parent in parents}
    return [replace(post, answers=answered.get(post.parent_id or 0)) for post in posts]


def _answered(parent: PostView) -> Answered:
    line = " ".join(parent.text.split()) if parent.visibility is not Visibility.HIDDEN else ""
    excerpt = line if len(line) <= _EXCERPT else line[:_EXCERPT].rstrip() + " …"
    is_there = parent.deleted_at is None and (parent.visibility is not Visibility.HELD or bool(parent.text))
    return Answered(parent.handle, parent.path if is_there else "", excerpt)


def home_feed(*, community_id: int, member_id: int, before: int | None = None, limit: int = 20) -> list[PostView]:
    """The newest posts of those a member follows, and their own."""
    # The "+ 0" keeps PostgreSQL from merging feed and posts in the order of their ids: on an older page it would read
    # through every newer post of the community first.
    posts = _posts(
        f"""
        SELECT {_COLUMNS} FROM network_homeentry h
        JOIN network_post p ON p.id = h.post_id + 0 JOIN network_profile a ON a.membership_id = p.author_id
        WHERE h.member_id = %s AND h.post_id < %s AND p.community_id = %s AND {_IN_FEED}
        ORDER BY h.post_id DESC LIMIT %s
        """,  # noqa: S608 - built from constants alone
        [member_id, before or _TOP, community_id, member_id, limit],
        viewer_id=member_id,
    )
    return _with_answered(posts, community_id=community_id, viewer_id=member_id)


def community_feed(
    *, community_id: int, viewer_id: int | None, before: int | None = None, limit: int = 20
) -> list[PostView]:
    """Everybody's newest posts that answer nobody."""
    return _posts(
        f"""
        SELECT {_COLUMNS} FROM network_post p JOIN network_profile a ON a.membership_id = p.author_id
        WHERE p.community_id = %s AND p.id < %s AND p.parent_id IS NULL AND {_IN_FEED}
        ORDER BY p.id DESC LIMIT %s
        """,  # noqa: S608 - built from constants alone
        [community_id, before or _TOP, viewer_id or 0, limit],
        viewer_id=viewer_id,
    )


def profile_feed(
    *,
    community_id: int,
    member_id: int,
    viewer_id: int | None,
    moderates: bool = False,
    before: int | None = None,
    limit: int = 20,
) -> list[PostView]:
    """One member's newest posts and replies."""
    posts = _posts(
        f"""
        SELECT {_COLUMNS} FROM network_post p JOIN network_profile a ON a.membership_id = p.author_id
        WHERE p.community_id = %s AND p.author_id = %s AND p.id < %s AND {_IN_FEED}
        ORDER BY p.id DESC LIMIT %s
        """,  # noqa: S608 - built from constants alone
        [community_id, member_id, before or _TOP, viewer_id or 0, limit],
        viewer_id=viewer_id,
        moderates=moderates,
    )
    return _with_answered(posts, community_id=community_id, viewer_id=viewer_id, moderates=moderates)


def post(*, community_id: int, post_id: int, viewer_id: int | None, moderates: bool = False) -> PostView | None:
    """One post; None where there is none for these eyes. A removed one comes without its text."""
    rows = _posts(
        f"""
        SELECT {_COLUMNS} FROM network_post p JOIN network_profile a ON a.membership_id = p.author_id
        WHERE p.community_id = %s AND p.id = %s
        """,  # noqa: S608 - built from constants alone
        [community_id, post_id],
        viewer_id=viewer_id,
        moderates=moderates,
    )
    if not rows or rows[0].deleted_at is not None:
        return None
    found = rows[0]
    return None if found.visibility is Visibility.HELD and not (found.mine or moderates) else found


def thread(*, community_id: int, post_id: int, viewer_id: int | None, moderates: bool = False) -> ThreadView | None:
    """A post with all it answers and its direct and further answers."""
    found = post(community_id=community_id, post_id=post_id, viewer_id=viewer_id, moderates=moderates)
    if found is None:
        return None
    others = _posts(
        f"""
        SELECT {_COLUMNS} FROM network_post p JOIN network_profile a ON a.membership_id = p.author_id
        WHERE p.community_id = %s AND (p.root_id = %s OR p.id = %s) AND {_IN_FEED} ORDER BY p.id LIMIT 500
        """,  # noqa: S608 - built from constants alone
        [community_id, found.root_id or found.id, found.root_id or found.id, viewer_id or 0],
        viewer_id=viewer_id,
        moderates=moderates,
    )
    by_id = {p.id: p for p in others}
    ancestors: list[PostView] = []
    above = found.parent_id
    while above in by_id:
        ancestors.append(by_id[above])
        above = by_id[above].parent_id
    below, replies = {found.id}, []
    for other in others:
        if other.parent_id in below and other.id != found.id:
            below.add(other.id)
            replies.append(other)
    return ThreadView(tuple(reversed(ancestors)), found, tuple(replies))


def versions(*, community_id: int, post_id: int, viewer_id: int | None, moderates: bool = False) -> list[VersionView]:
    """The earlier texts of a post, oldest first; empty where the post may not be read."""
    found = post(community_id=community_id, post_id=post_id, viewer_id=viewer_id, moderates=moderates)
    if found is None or not may_see(found.visibility, is_author=found.mine, moderates=moderates):
        return []
    rows = PostVersion.objects.filter(post_id=post_id, post__community_id=community_id).order_by("number")
    return [VersionView(v.number, v.text, v.written_at) for v in rows]
