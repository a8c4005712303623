"""Posts that were written elsewhere come in: by the same way as a member's, many in one transaction, at their dates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from wardmote.journeys.members import publish
from wardmote.journeys.platforms.imported_members import imported_members
from wardmote.journeys.steps.permission import check_active
from wardmote.journeys.steps.quarantine import lock
from wardmote.journeys.steps.screening import Locked, screen_each
from wardmote.kernel.errors import Invalid, WardmoteError
from wardmote.moderation.policy import Route, Screened
from wardmote.network import queries as network
from wardmote.network.operations import Draft
from wardmote.network.policy import POST_LIMIT, clean_text


@dataclass(frozen=True, slots=True)
class ForeignPost:
    """A post of another platform; `id`, `author` and `reply_to` (the id of what it answers) are those it had there."""

    id: str
    author: str
    text: str
    created_at: datetime
    reply_to: str = ""


class Fate(StrEnum):
    """What became of something that was to come in."""

    PUBLISHED = "published"
    QUEUED = "published and queued"
    HELD = "held"
    KNOWN = "known"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Outcome:
    """`reason`: why it was rejected. `alone`: it answers a post that is not here, and comes in without it."""

    fate: Fate
    reason: str = ""
    alone: bool = False


_FATES = {Route.PUBLISH: Fate.PUBLISHED, Route.QUEUE: Fate.QUEUED, Route.HOLD: Fate.HELD}


def import_posts(*, community_id: int, source: str, posts: Sequence[ForeignPost], now: datetime) -> list[Outcome]:
    """Bring posts in, all in one durable transaction; what cannot come in loses nothing but itself.

    Gives what became of each, in order. A post is known by its source and its id there and comes in once. It is tied
    to the one it answers where that came in before it, or is before it in `posts`. Refused, and nothing comes in,
    where the host has stopped the community.
    """
    check_active(community_id=community_id, now=now)
    here = network.imported_posts(
        community_id=community_id, source=source, source_ids={post.id for post in posts} | {p.reply_to for p in posts}
    )
    outcomes: dict[int, Outcome] = {}
    fresh: dict[int, str] = {}
    seen: set[str] = set()
    for place, post in enumerate(posts):
        try:
            if post.id in here or post.id in seen:
                outcomes[place] = Outcome(Fate.KNOWN)
            else:
                fresh[place] = clean_text(post.text, limit=POST_LIMIT, field="text", required=True)
                seen.add(post.id)
        except Invalid as error:
            outcomes[place] = Outcome(Fate.REJECTED, str(error))
    if fresh:
        try:
            outcomes |= _bring_in(community_id, source, {p: posts[p] for p in fresh}, fresh, here, now=now)
        except WardmoteError as error:
            outcomes |= _one_by_one(community_id, source, {p: posts[p] for p in fresh}, error, now=now)
    return [outcomes[place] for place in range(len(posts))]


def _bring_in(
    community_id: int,
    source: str,
    posts: dict[int, ForeignPost],
    texts: dict[int, str],
    here: dict[str, network.ImportedPost],
    *,
    now: datetime,
) -> dict[int, Outcome]:
    answers = screen_each(community_id=community_id, texts=[texts[place] for place in posts])
    members = imported_members(community_id=community_id, names=[post.author for post in posts.values()], now=now)
    answerable = {source_id: post.id for source_id, post in here.items() if post.answerable}
    outcomes: dict[int, Outcome] = {}
    screened: dict[int, Screened] = {}
    for (place, post), answer in zip(posts.items(), answers, strict=True):
        if isinstance(answer, Locked):
            lock(answer, community_id=community_id, author_id=members[post.author], now=now)
            outcomes[place] = Outcome(Fate.REJECTED, str(answer))
        else:
            screened[place] = answer
    posts = {place: posts[place] for place in screened}
    with transaction.atomic(durable=True):
        check_active(community_id=community_id, now=now, lock=True)
        for wave in _waves(posts):
            drafts = [
                (_draft(posts[p], screened[p], members, answerable.get(posts[p].reply_to), source), screened[p])
                for p in wave
            ]
            done = publish.store(community_id=community_id, texts=drafts, now=now)
            for place, (draft, said), published in zip(wave, drafts, done, strict=True):
                post = posts[place]
                if said.routing.route is not Route.HOLD:
                    answerable[post.id] = published.post_id
                alone = bool(post.reply_to) and draft.parent_id is None
                outcomes[place] = Outcome(_FATES[published.route], alone=alone)
    return outcomes


def _waves(posts: dict[int, ForeignPost]) -> list[list[int]]:
    """The places in an order in which what is answered is stored before its answers, as few stores as that takes."""
    depth: dict[str, int] = {}
    waves: list[list[int]] = []
    for place, post in posts.items():
        level = depth[post.reply_to] + 1 if post.reply_to in depth else 0
        depth[post.id] = level
        if level == len(waves):
            waves.append([])
        waves[level].append(place)
    return waves


def _draft(post: ForeignPost, screened: Screened, members: dict[str, int], parent_id: int | None, source: str) -> Draft:
    return publish.draft(
        screened,
        author_id=members[post.author],
        parent_id=parent_id,
        source=source,
        source_id=post.id,
        written_at=post.created_at,
    )


def _one_by_one(
    community_id: int, source: str, posts: dict[int, ForeignPost], error: WardmoteError, *, now: datetime
) -> dict[int, Outcome]:
    """What went wrong with one of many must not be the others' loss; with a single one it is the reason."""
    if len(posts) == 1:
        ((place, post),) = posts.items()
        came = network.imported_posts(community_id=community_id, source=source, source_ids=[post.id])
        return {place: Outcome(Fate.KNOWN) if came else Outcome(Fate.REJECTED, str(error))}
    return {
        place: import_posts(community_id=community_id, source=source, posts=[post], now=now)[0]
        for place, post in posts.items()
    }
