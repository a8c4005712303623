"""A member writes a post or a reply: screened, published or held, spread to home feeds."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from wardmote.journeys.permission import writer
from wardmote.journeys.screened import act_on_screening, visibility_for
from wardmote.journeys.screening import screen_text
from wardmote.kernel.errors import Conflict
from wardmote.moderation.policy import Route, Screened
from wardmote.network import operations as network
from wardmote.network.models import Post
from wardmote.network.policy import POST_LIMIT, clean_text


@dataclass(frozen=True, slots=True)
class Published:
    """What became of a text."""

    post_id: int
    path: str
    route: Route


def publish(*, community_id: int, member_id: int, text: str, parent_id: int | None = None, now: datetime) -> Published:
    """Write a post, or with `parent_id` a reply."""
    writer(community_id=community_id, member_id=member_id, now=now)
    screened = _screen(community_id, text)
    with transaction.atomic(durable=True):
        post = network.add_post(
            community_id=community_id,
            author_id=member_id,
            text=screened.text,
            parent_id=parent_id,
            visibility=visibility_for(screened),
            facts=screened.as_facts(),
            now=now,
        )
        _follow_up(post, screened, now=now)
    return _published(post, screened)


def publish_imported(
    *, community_id: int, member_id: int, text: str, source: str, source_id: str, created_at: datetime, now: datetime
) -> Published | None:
    """Write a post that was written elsewhere, at its own date, by the same way; None when it is here already."""
    screened = _screen(community_id, text)
    try:
        with transaction.atomic(durable=True):
            post = network.add_post(
                community_id=community_id,
                author_id=member_id,
                text=screened.text,
                parent_id=None,
                visibility=visibility_for(screened),
                facts=screened.as_facts(),
                now=now,
                source=source,
                source_id=source_id,
                written_at=created_at,
            )
            _follow_up(post, screened, now=now)
    except Conflict:
        return None
    return _published(post, screened)


def _screen(community_id: int, text: str) -> Screened:
    cleaned = clean_text(text, limit=POST_LIMIT, field="text", required=True)
    return screen_text(community_id=community_id, text=cleaned)


def _follow_up(post: Post, screened: Screened, *, now: datetime) -> None:
    network.distribute_post(community_id=post.community_id, post_id=post.pk, now=now)
    act_on_screening(
        community_id=post.community_id,
        subject=post.urn,
        author_id=post.author_id,
        screened=screened,
        context={"path": f"/@{post.author.handle}/{post.pk}"},
        thing="post",
        now=now,
    )


def _published(post: Post, screened: Screened) -> Published:
    return Published(post.pk, f"/@{post.author.handle}/{post.pk}", screened.routing.route)
