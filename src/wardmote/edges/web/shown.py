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
    """One post as it is shown."""
    (only,) = all_shown([post], community_id=community_id)
    return only


def _of_own(post: PostView, *, community_id: int) -> Shown:
    if post.visibility is Visibility.PUBLIC and not post.label:
        return Shown(post)
    if post.visibility is Visibility.HELD:
        return Shown(
            post, hold=moderation.holding(community_id=community_id, subject=post.subject, member_id=post.author_id)
        )
    if post.visibility is Visibility.COVERED:
        cover = moderation.cover_of_own(community_id=community_id, subject=post.subject, member_id=post.author_id)
        return Shown(post, cover=cover)
    decision = moderation.standing_measure(community_id=community_id, subject=post.subject, member_id=post.author_id)
    return Shown(post, decision_id=decision)


def all_shown(posts: Iterable[PostView], *, community_id: int) -> list[Shown]:
    """Every post of a list as it is shown. Moderation is asked only about the reader's own: a handful on any page."""
    listed = list(posts)
    since = clock.now() - moderation.HELP_TIME
    lately = {p.subject: p.text for p in listed if p.mine and p.text and (p.edited_at or p.created_at) > since}
    helped = moderation.in_need_of_help(community_id=community_id, texts=lately) if lately else set()
    return [
        replace(_of_own(post, community_id=community_id), offers_help=post.subject in helped)
        if post.mine
        else Shown(post)
        for post in listed
    ]
