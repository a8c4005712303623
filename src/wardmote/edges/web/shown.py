"""A post with what its author may know about its state: why it waits, and the decision behind it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from wardmote.kernel import clock
from wardmote.moderation import queries as moderation
from wardmote.moderation.queries import CoverView, HoldView
from wardmote.network.policy import Visibility
from wardmote.network.queries import PostView


@dataclass(frozen=True, slots=True)
class Shown:
    """One post of a page. `hold`, `cover`, `decision_id` and `offers_help` are set for its author alone."""

    post: PostView
    hold: HoldView | None = None
    cover: CoverView | None = None
    decision_id: int | None = None
    offers_help: bool = False


def shown(post: PostView, *, community_id: int) -> Shown:
    """Ask moderation only about what its author sees otherwise than plain: a handful at most on any page."""
    if not post.mine:
        return Shown(post)
    return replace(_of_own(post, community_id=community_id), offers_help=_offers_help(post, community_id=community_id))


def _offers_help(post: PostView, *, community_id: int) -> bool:
    return moderation.is_offered_help(
        community_id=community_id,
        subject=post.subject,
        text=post.text,
        written_at=post.edited_at or post.created_at,
        now=clock.now(),
    )


def _of_own(post: PostView, *, community_id: int) -> Shown:
    if post.visibility is Visibility.PUBLIC and not post.label:
        return Shown(post)
    if post.visibility is Visibility.HELD:
        return Shown(
            post, hold=moderation.holding(community_id=community_id, subject=post.subject, member_id=post.author_id)
        )
    if post.visibility is Visibility.COVERED:
        mine = {"community_id": community_id, "subject": post.subject, "member_id": post.author_id}
        return Shown(post, cover=moderation.cover_of_own(**mine))
    decision = moderation.standing_measure(community_id=community_id, subject=post.subject, member_id=post.author_id)
    return Shown(post, decision_id=decision)


def all_shown(posts: Iterable[PostView], *, community_id: int) -> list[Shown]:
    """Every post of a list as it is shown."""
    return [shown(post, community_id=community_id) for post in posts]
