"""A community's owner answers its host: for each post, or for a whole letter. An answer is never shut out."""

from datetime import datetime

from django.db import transaction

from wardmote.communities.queries import community
from wardmote.hosting.policy.documents import AnswerDocument
from wardmote.hosting.policy.kinds import AnswerKind as Kind
from wardmote.hosting.policy.kinds import Finding
from wardmote.hosting.policy.recheck import Page, compare
from wardmote.journeys.steps.deliver import hand_answer
from wardmote.journeys.steps.permission import spokesperson
from wardmote.kernel.ids import new_id
from wardmote.kernel.urn import Urn
from wardmote.network.policy import clean_text
from wardmote.network.queries import post
from wardmote.upstream import operations as upstream
from wardmote.upstream import queries
from wardmote.upstream.models import Answer, Item, Notice
from wardmote.upstream.policy import WORDS_LIMIT, AnswerKind, check_answer, own_post


def answer_item(*, community_id: int, member_id: int, item_id: int, kind: AnswerKind, words: str, now: datetime) -> int:
    """Removed, disputed, referred, or that more time is needed; gives the answer's id."""
    spokesperson(community_id=community_id, member_id=member_id)
    said = clean_text(words, limit=WORDS_LIMIT, field="words", required=False)
    check_answer(kind, said, about_an_item=True)
    with transaction.atomic(durable=True):
        item, notice = queries.item_row(community_id=community_id, item_id=item_id)
        return give(notice, item, kind=kind, words=said, member_id=member_id, now=now).pk


def seen_by_visitors(*, community_id: int, item_id: int) -> bool | None:
    """Whether a visitor can read now what the host asks about; None for an address that is none of our posts'."""
    item, _notice = queries.item_row(community_id=community_id, item_id=item_id)
    post_id = own_post(item.url, community(community_id).domain)
    if post_id is None:
        return None
    found = post(community_id=community_id, post_id=post_id, viewer_id=None)
    return found is not None and compare(item.capture, Page(200, found.text, is_html=False)).finding is Finding.UP


def answer_notice(
    *, community_id: int, member_id: int, notice_id: int, kind: AnswerKind, words: str, now: datetime
) -> int:
    """Acknowledge a letter, send a plan, or appeal against a measure; gives the answer's id."""
    spokesperson(community_id=community_id, member_id=member_id)
    said = clean_text(words, limit=WORDS_LIMIT, field="words", required=False)
    check_answer(kind, said, about_an_item=False)
    with transaction.atomic(durable=True):
        notice = queries.notice_row(community_id=community_id, notice_id=notice_id)
        return give(notice, None, kind=kind, words=said, member_id=member_id, now=now).pk


def give(
    notice: Notice,
    item: Item | None,
    *,
    kind: AnswerKind,
    words: str,
    member_id: int | None,
    decision_id: int | None = None,
    now: datetime,
) -> Answer:
    """Keep an answer and hand it over, in the caller's transaction."""
    answer_id = new_id()
    raw = AnswerDocument(
        answer=Urn("upstream_answer", answer_id),
        notice=Urn.parse(notice.issued),
        item=None if item is None else Urn.parse(item.issued),
        community=community(notice.community_id).slug,
        kind=Kind(kind.value),
        words=words,
        given_at=now,
    ).encode()
    answer = upstream.give_answer(
        answer_id=answer_id,
        notice=notice,
        item=item,
        kind=kind,
        words=words,
        raw=raw,
        member_id=member_id,
        decision_id=decision_id,
        now=now,
    )
    hand_answer(answer, now=now)
    return answer
