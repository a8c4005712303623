"""Lists of known content: brought in from a file, removed, and asked by programs."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice

from django.db import transaction

from wardmote.communities.queries import current_policy
from wardmote.detect.lists.known import Entry
from wardmote.journeys.steps.permission import owner
from wardmote.kernel.errors import Invalid
from wardmote.kernel.texts import is_name
from wardmote.kernel.urn import SYSTEM, Urn
from wardmote.moderation import operations as moderation
from wardmote.moderation.engine import known_content
from wardmote.moderation.policy import ListMatch, Purpose

AT_ONCE = 1000
"""Entries in one transaction: a fraction of a second, for which SQLite's other writers wait."""
NAME_LIMIT = 80


def check_list(*, community_id: int, name: str, purpose: Purpose, category: str, score: float | None) -> None:
    """Refuse a list that could do nothing: Invalid says what is missing or too much."""
    if not is_name(name, limit=NAME_LIMIT) or name != name.strip():
        raise Invalid(f"A list's name is 1 to {NAME_LIMIT} printable characters.", field="name")
    if purpose is Purpose.ILLEGAL:
        if category or score is not None:
            raise Invalid(
                "A list of what is illegal has no category and no score: all of it is locked.", field="purpose"
            )
        return
    policy = current_policy(community_id=community_id)
    categories = sorted({clause.category for clause in policy.clauses if clause.category} if policy else ())
    if category not in categories:
        known = ", ".join(categories) or "none yet"
        raise Invalid(f"The category must be one that a rule of this community is about: {known}.", field="category")
    if (purpose is Purpose.FLAG) != (score is not None):
        raise Invalid("A list to flag by has a score from 0 to 1, and only such a list has one.", field="score")
    if score is not None and not 0 < score <= 1:
        raise Invalid("A score is above 0 and at most 1.", field="score")


def begin_import(
    *, community_id: int, name: str, purpose: Purpose, category: str, score: float | None, now: datetime
) -> int:
    """A list that is not in force yet; gives its id."""
    check_list(community_id=community_id, name=name, purpose=purpose, category=category, score=score)
    with transaction.atomic(durable=True):
        return moderation.begin_list(
            community_id=community_id, name=name, purpose=purpose, category=category, score=score, now=now
        )


def add_entries(*, community_id: int, list_id: int, entries: Iterable[Entry]) -> int:
    """Put entries on it, by pieces; gives how many were given, those it has already among them."""
    left, count = iter(entries), 0
    while piece := list(islice(left, AT_ONCE)):
        with transaction.atomic(durable=True):
            moderation.add_entries(community_id=community_id, list_id=list_id, entries=piece)
        count += len(piece)
    return count


def finish_import(*, community_id: int, list_id: int, file_hash: str, now: datetime) -> int:
    """Put the list in force, in place of the one of its name; gives its size."""
    with transaction.atomic(durable=True):
        return moderation.finish_list(community_id=community_id, list_id=list_id, file_hash=file_hash, now=now)


def remove_list(*, community_id: int, name: str, now: datetime) -> None:
    """Take a list out of force, from the command line."""
    with transaction.atomic(durable=True):
        moderation.remove_list(community_id=community_id, name=name, actor=SYSTEM, now=now)


def remove_list_as_owner(*, community_id: int, member_id: int, list_id: int, now: datetime) -> str:
    """The owner takes a list out of force; gives its name. Refused for anybody else, NotFound where there is none."""
    with transaction.atomic(durable=True):
        owner(community_id=community_id, member_id=member_id, now=now, lock=True)
        actor = Urn("member", member_id)
        return moderation.remove_list(community_id=community_id, list_id=list_id, actor=actor, now=now)


def match_text(*, community_id: int, text: str, now: datetime) -> Sequence[ListMatch]:
    """The lists that a text is on, asked by a program; matches are counted at their lists."""
    return _counted(known_content.match_text(community_id=community_id, text=text), community_id, now)


def match_image(*, community_id: int, pdq: bytes, quality: int, now: datetime) -> Sequence[ListMatch]:
    """The lists that an image of this PDQ hash is on; the image itself never comes here."""
    found = known_content.match_image(community_id=community_id, pdq=pdq, quality=quality)
    return _counted(found, community_id, now)


def _counted(matches: Sequence[ListMatch], community_id: int, now: datetime) -> Sequence[ListMatch]:
    if matches:
        with transaction.atomic(durable=True):
            moderation.count_matches(community_id=community_id, matches=matches, now=now)
    return matches
