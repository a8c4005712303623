"""The locked lane: what matches a list of what is illegal is kept for the owner alone, and is nowhere else.

No post, item, screening or case is made of such a text, so that nobody's queue, no cluster of likes, no export, no
training set and no message to a platform has it to carry.
"""

from datetime import datetime

from django.db import transaction

from wardmote.journeys.steps.permission import owner
from wardmote.journeys.steps.screening import Locked, screen_text
from wardmote.kernel.urn import SYSTEM, Urn
from wardmote.moderation import operations as moderation
from wardmote.moderation.policy import QuarantineState, Screened
from wardmote.network import operations as network


def screen_or_lock(
    *, community_id: int, text: str, author_id: int | None, subject: Urn | str = "", now: datetime
) -> Screened:
    """Screen a text that is to be stored. One that is illegal is locked, and `Locked` raised: all else is undone."""
    try:
        return screen_text(community_id=community_id, text=text)
    except Locked as found:
        lock(found, community_id=community_id, author_id=author_id, subject=subject, now=now)
        raise


def lock(found: Locked, *, community_id: int, author_id: int | None, subject: Urn | str = "", now: datetime) -> None:
    """Keep what was found."""
    with transaction.atomic(durable=True):
        moderation.lock(
            community_id=community_id,
            match=found.match,
            text=found.text,
            author_id=author_id,
            subject=subject,
            now=now,
        )


def lock_published(found: Locked, *, community_id: int, author_id: int | None, subject: Urn, now: datetime) -> None:
    """Keep what was found in a text that is here already, and take that out of sight for everybody."""
    with transaction.atomic(durable=True):
        locked = moderation.lock(
            community_id=community_id,
            match=found.match,
            text=found.text,
            author_id=author_id,
            subject=subject,
            now=now,
        )
        if subject.kind == "post":
            network.withdraw_post(community_id=community_id, post_id=subject.id, now=now)
        elif subject.kind == "profile":
            network.withdraw_profile(community_id=community_id, member_id=subject.id, now=now)
            # The case that held it, if there was one, is closed: nothing holds what the member writes next.
            moderation.settle(
                community_id=community_id,
                subject=str(subject),
                actor=SYSTEM,
                reason=Urn("locked_case", locked),
                now=now,
            )


def decide(
    *, community_id: int, member_id: int, case_id: int, mistaken: bool, note: str, seen: str, now: datetime
) -> QuarantineState:
    """The owner says what it is; a mistake is erased, and matched no more. `seen`: the hash of the text they read."""
    with transaction.atomic(durable=True):
        owner(community_id=community_id, member_id=member_id, now=now, lock=True)
        return moderation.decide_quarantined(
            community_id=community_id,
            member_id=member_id,
            case_id=case_id,
            mistaken=mistaken,
            note=note,
            seen=seen,
            now=now,
        )


def erase(*, community_id: int, member_id: int, case_id: int, now: datetime) -> None:
    """The owner empties the text of a decided case, when the law no longer asks to keep it."""
    with transaction.atomic(durable=True):
        owner(community_id=community_id, member_id=member_id, now=now, lock=True)
        moderation.erase_quarantined(community_id=community_id, member_id=member_id, case_id=case_id, now=now)
