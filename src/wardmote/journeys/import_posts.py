"""Posts that were written elsewhere come in: each by the same way as a member's, at its own date."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from wardmote.communities import operations as communities
from wardmote.communities.policy import Role
from wardmote.communities.queries import current_policy
from wardmote.journeys.publish import Published, publish_imported
from wardmote.kernel.errors import NotFound
from wardmote.network import operations as network
from wardmote.network import queries as network_queries
from wardmote.network.policy import clean_handle
from wardmote.people import operations as people


@dataclass(frozen=True, slots=True)
class ForeignPost:
    """One post of another platform: its id and its author's name there."""

    id: str
    author: str
    text: str
    created_at: datetime


def import_post(*, community_id: int, source: str, post: ForeignPost, now: datetime) -> Published | None:
    """Bring one post in, with a member of its author's name; None when it is here already."""
    return publish_imported(
        community_id=community_id,
        member_id=_author(community_id=community_id, handle=post.author, now=now),
        text=post.text,
        source=source,
        source_id=post.id,
        created_at=post.created_at,
        now=now,
    )


def _author(*, community_id: int, handle: str, now: datetime) -> int:
    """The member of that handle, made now if there is none: a login that nobody can sign in with."""
    name = clean_handle(handle)
    known = network_queries.profile_by_handle(community_id=community_id, handle=name)
    if known is not None:
        return known.member_id
    policy = current_policy(community_id=community_id)
    if policy is None:
        raise NotFound("This community has published no policy yet.")
    with transaction.atomic(durable=True):
        person_id = people.create_person(email=f"{name}@{community_id}.imported.invalid", password=None, now=now)
        member_id = communities.add_member(community_id=community_id, person_id=person_id, role=Role.MEMBER, now=now)
        network.add_profile(community_id=community_id, member_id=member_id, handle=name, display_name="", now=now)
    return member_id
