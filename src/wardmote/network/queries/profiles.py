"""Reads of members' profiles."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from wardmote.network.policy import Visibility, may_see, shown_name
from wardmote.network.queries.rows import SEEN_BY_ALL, fetched, moment


@dataclass(frozen=True, slots=True)
class ProfileView:
    """A member as one reader may see them."""

    member_id: int
    handle: str
    display_name: str
    bio: str
    visibility: Visibility
    label: str
    joined_at: datetime
    posts: int
    followers: int
    following: int
    followed_by_viewer: bool
    mine: bool


class _Row(NamedTuple):
    """A member as stored and counted; the time as the database gives it."""

    member_id: int
    handle: str
    display_name: str
    bio: str
    visibility: str
    label: str
    created_at: Any
    posts: int
    followers: int
    following: int
    followed: bool


_PROFILE = f"""
    SELECT a.membership_id AS member_id, a.handle AS handle, a.display_name AS display_name, a.bio AS bio,
        a.visibility AS visibility, a.label AS label, a.created_at AS created_at,
        (SELECT count(*) FROM network_post p WHERE p.author_id = a.membership_id AND p.deleted_at IS NULL
            AND p.visibility IN ({SEEN_BY_ALL})) AS posts,
        (SELECT count(*) FROM network_follow f WHERE f.followed_id = a.membership_id) AS followers,
        (SELECT count(*) FROM network_follow f WHERE f.follower_id = a.membership_id) AS following,
        EXISTS (SELECT 1 FROM network_follow f WHERE f.followed_id = a.membership_id AND f.follower_id = %s) AS followed
    FROM network_profile a WHERE a.community_id = %s
"""  # noqa: S608 - built from constants alone


def _profile(row: _Row, *, viewer_id: int | None, moderates: bool) -> ProfileView:
    mine = row.member_id == viewer_id
    visibility = Visibility(row.visibility)
    readable = may_see(visibility, is_author=mine, moderates=moderates)
    joined = moment(row.created_at)
    if joined is None:
        raise ValueError(f"profile {row.member_id} has no date")
    return ProfileView(
        member_id=row.member_id,
        handle=row.handle,
        display_name=shown_name(row.display_name if readable else "", row.handle),
        bio=row.bio if readable else "",
        visibility=visibility,
        label=row.label,
        joined_at=joined,
        posts=row.posts,
        followers=row.followers,
        following=row.following,
        followed_by_viewer=bool(row.followed),
        mine=mine,
    )


def profile_by_handle(
    *, community_id: int, handle: str, viewer_id: int | None = None, moderates: bool = False
) -> ProfileView | None:
    """The member of that handle."""
    rows = fetched(_PROFILE + " AND a.handle = %s", [viewer_id or 0, community_id, handle.lower()], _Row)
    return _profile(rows[0], viewer_id=viewer_id, moderates=moderates) if rows else None


def profile(
    *, community_id: int, member_id: int, viewer_id: int | None = None, moderates: bool = False
) -> ProfileView | None:
    """The member of that id."""
    rows = fetched(_PROFILE + " AND a.membership_id = %s", [viewer_id or 0, community_id, member_id], _Row)
    return _profile(rows[0], viewer_id=viewer_id, moderates=moderates) if rows else None


def find_people(*, community_id: int, viewer_id: int | None, limit: int = 20) -> list[ProfileView]:
    """The newest members."""
    rows = fetched(_PROFILE + " ORDER BY a.membership_id DESC LIMIT %s", [viewer_id or 0, community_id, limit], _Row)
    return [_profile(row, viewer_id=viewer_id, moderates=False) for row in rows]
