"""A member edits a post: the new text is screened like any other, the old one is kept."""

from datetime import datetime

from django.db import transaction

from wardmote.communities.policy import Deed
from wardmote.journeys.members.publish import Published, published_before
from wardmote.journeys.steps import pace
from wardmote.journeys.steps.once import Sent
from wardmote.journeys.steps.permission import writer
from wardmote.journeys.steps.quarantine import screen_or_lock
from wardmote.journeys.steps.screened import Stored, act_on_screening, visibility_of
from wardmote.kernel.urn import Urn
from wardmote.moderation import operations as moderation
from wardmote.network import operations as network
from wardmote.network.policy import POST_LIMIT, clean_text


def edit_post(
    *, community_id: int, member_id: int, post_id: int, text: str, once: str = "", now: datetime
) -> Published:
    """Give one's own post a new text. `once` is the key of the form that was sent, if it had one."""
    sent = Sent(community_id, Urn("member", member_id), once, ("edit", post_id, text))
    before = sent.before(now=now)
    if before is not None:
        return published_before(before)
    writer(community_id=community_id, member_id=member_id, now=now)
    pace.check(community_id=community_id, member_id=member_id, deed=Deed.EDIT, now=now)
    cleaned = clean_text(text, limit=POST_LIMIT, field="text", required=True)
    screened = screen_or_lock(community_id=community_id, text=cleaned, author_id=member_id, now=now)
    subject = Urn("post", post_id)
    with transaction.atomic(durable=True):
        writer(community_id=community_id, member_id=member_id, now=now, lock=True)
        before = sent.before(now=now)
        if before is not None:
            return published_before(before)
        moderation.hold_subject(community_id=community_id, subject=subject)
        pace.count(community_id=community_id, member_id=member_id, deed=Deed.EDIT, now=now)
        post = network.change_post(
            community_id=community_id,
            author_id=member_id,
            post_id=post_id,
            text=cleaned,
            visibility=visibility_of(screened, community_id=community_id, subject=subject),
            facts=screened.as_facts(),
            now=now,
        )
        path = f"/@{post.author.handle}/{post.pk}"
        stored = Stored(subject=post.urn, author_id=member_id, screened=screened, path=path, thing="post", edited=True)
        act_on_screening(community_id=community_id, texts=[stored], now=now)
        sent.keep([post.pk, path, screened.routing.route.value], now=now)
    return Published(post.pk, path, screened.routing.route)
