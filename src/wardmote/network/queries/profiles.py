"""Reads of members' profiles."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

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


_PROFILE = f"""
    SELECT a.membership_id, a.handle, a.display_name, a.bio, a.visibility, a.label, a.created_at,
        (SELECT count(*) FROM network_post p WHERE p.author_id = a.membership_id AND p.deleted_at IS NULL
            AND p.visibility IN ({SEEN_BY_ALL})),
        (SELECT count(*) FROM network_follow f WHERE f.followed_id = a.membership_id),
        (SELECT count(*) FROM network_follow f WHERE f.follower_id = a.membership_id),
        EXISTS (SELECT 1 FROM network_follow f WHERE f.followed_id = a.membership_id AND f.follower_id = %s)
    FROM network_profile a WHERE a.community_id = %s
"""  # noqa: S608 - built from constants alone


def _profile(row: tuple[Any, ...], *, viewer_id: int | None, moderates: bool) -> ProfileView:
    mine = row[0] == viewer_id
    visibility = Visibility(row[4])
    readable = may_see(visibility, is_author=mine, moderates=moderates)
    joined = moment(row[6])
    if joined is None:
        raise ValueError(f"profile {row[0]} has no date")
    return ProfileView(
        member_id=row[0],
        handle=row[1],
        display_name=shown_name(row[2] if readable else "", row[1]),
        bio=row[3] if readable else "",
        visibility=visibility,
        label=row[5],
        joined_at=joined,
        posts=row[7],
        followers=row[8],
        following=row[9],
        followed_by_viewer=bool(row[10]),
        mine=mine,
    )


def profile_by_handle(
    *, community_id: int, handle: str, viewer_id: int | None = None, moderates: bool = False
) -> ProfileView | None:
    """The member of that handle."""
    rows = fetched(_PROFILE + " AND a.handle = %s", [viewer_id or 0, community_id, handle.lower()])
    return _profile(rows[0], viewer_id=viewer_id, moderates=moderates) if rows else None


def profile(
    *, community_id: int, member_id: int, viewer_id: int | None = None, moderates: bool = False
) -> ProfileView | None:
    """The member of that id."""
    rows = fetched(_PROFILE + " AND a.membership_id = %s", [viewer_id or 0, community_id, member_id])
    return _profile(rows[0], viewer_id=viewer_id, moderates=moderates) if rows else None


def find_people(*, community_id: int, viewer_id: int | None, limit: int = 20) -> list[ProfileView]:
    """The newest members."""
    rows = fetched(_PROFILE + " ORDER BY a.membership_id DESC LIMIT %s", [viewer_id or 0, community_id, limit])
    return [_profile(row, viewer_id=viewer_id, moderates=False) for row in rows]
