"""A member writes a post or a reply: screened, published or held, spread to home feeds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.db import transaction

from wardmote.communities.policy import Deed
from wardmote.journeys.steps import pace
from wardmote.journeys.steps.once import Sent
from wardmote.journeys.steps.permission import writer
from wardmote.journeys.steps.quarantine import screen_or_lock
from wardmote.journeys.steps.screened import Stored, act_on_screening, visibility_for
from wardmote.kernel.urn import Urn
from wardmote.ledger import Json
from wardmote.moderation.policy import Route, Screened
from wardmote.network import operations as network
from wardmote.network.operations import Draft
from wardmote.network.policy import POST_LIMIT, clean_text


@dataclass(frozen=True, slots=True)
class Published:
    """What became of a text."""

    post_id: int
    path: str
    route: Route
    again: bool = False
    """The same form was sent before; nothing was stored this time."""


def publish(
    *, community_id: int, member_id: int, text: str, parent_id: int | None = None, once: str = "", now: datetime
) -> Published:
    """Write a post, or with `parent_id` a reply. `once` is the key of the form that was sent, if it had one."""
    return _publish(community_id, member_id, text, parent_id, written_at=None, once=once, now=now)


def publish_past(
    *, community_id: int, member_id: int, text: str, parent_id: int | None = None, now: datetime
) -> Published:
    """The same of what was written long ago, at `now`, as a demonstration tells it: feeds have it where it belongs."""
    return _publish(community_id, member_id, text, parent_id, written_at=now, once="", now=now)


def _publish(
    community_id: int,
    member_id: int,
    text: str,
    parent_id: int | None,
    *,
    written_at: datetime | None,
    once: str,
    now: datetime,
) -> Published:
    sent = Sent(community_id, Urn("member", member_id), once, ("post", text, parent_id))
    before = sent.before(now=now)
    if before is not None:
        return published_before(before)
    writer(community_id=community_id, member_id=member_id, now=now)
    pace.check(community_id=community_id, member_id=member_id, deed=Deed.POST, now=now)
    cleaned = clean_text(text, limit=POST_LIMIT, field="text", required=True)
    screened = screen_or_lock(community_id=community_id, text=cleaned, author_id=member_id, now=now)
    post = draft(screened, author_id=member_id, parent_id=parent_id, written_at=written_at)
    with transaction.atomic(durable=True):
        writer(community_id=community_id, member_id=member_id, now=now, lock=True)
        # Whoever sent it twice at the same time waited at their own row.
        before = sent.before(now=now)
        if before is not None:
            return published_before(before)
        pace.count(community_id=community_id, member_id=member_id, deed=Deed.POST, now=now)
        (published,) = store(community_id=community_id, texts=[(post, screened)], now=now)
        sent.keep([published.post_id, published.path, published.route.value], now=now)
    return published


def published_before(before: Json) -> Published:
    """What the same form led to when it was sent the first time."""
    post_id, path, route = cast("tuple[int, str, str]", before)
    return Published(post_id, path, Route(route), again=True)


def draft(
    screened: Screened,
    *,
    author_id: int,
    parent_id: int | None = None,
    source: str = "",
    source_id: str = "",
    written_at: datetime | None = None,
) -> Draft:
    """A screened text as a post that is not stored yet."""
    return Draft(
        author_id=author_id,
        text=screened.text,
        visibility=visibility_for(screened),
        facts=screened.as_facts(),
        parent_id=parent_id,
        source=source,
        source_id=source_id,
        written_at=written_at,
    )


def store(*, community_id: int, texts: Sequence[tuple[Draft, Screened]], now: datetime) -> list[Published]:
    """Store posts with all that follows from writing one: feeds, scores, cases, notices. Runs inside the caller's
    transaction; raises Conflict, and stores none, where one of them was imported before."""
    posts = network.add_posts(community_id=community_id, drafts=[each for each, _ in texts], now=now)
    network.distribute_posts(community_id=community_id, post_ids=[post.pk for post in posts], now=now)
    stored = [
        Stored(
            subject=post.urn,
            author_id=post.author_id,
            screened=screened,
            path=f"/@{post.author.handle}/{post.pk}",
            thing="post",
        )
        for post, (_, screened) in zip(posts, texts, strict=True)
    ]
    act_on_screening(community_id=community_id, texts=stored, now=now)
    return [Published(text.subject.id, text.path, text.screened.routing.route) for text in stored]
