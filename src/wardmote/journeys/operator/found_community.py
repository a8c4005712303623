"""A community is founded, governed, and its moderators appointed."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from wardmote.communities import operations as communities
from wardmote.communities.policy import ClauseDraft, Role
from wardmote.journeys.owners.rules import tell_later
from wardmote.journeys.steps.permission import owner
from wardmote.kernel.errors import Invalid
from wardmote.kernel.urn import Urn


def found_community(
    *,
    slug: str,
    title: str,
    tagline: str,
    domain: str,
    owner_id: int,
    policy_title: str,
    clauses: Sequence[ClauseDraft],
    now: datetime,
    actor: Urn | None = None,
) -> int:
    """A new community with its first policy; gives its id. The owner then joins like anybody.

    `actor` founds it, where that is not the owner: `SYSTEM` for whoever runs the installation.
    """
    with transaction.atomic(durable=True):
        community_id = communities.found_community(
            slug=slug, title=title, tagline=tagline, domain=domain, owner_id=owner_id, now=now, actor=actor
        )
        communities.publish_policy(
            community_id=community_id,
            actor=actor or Urn("person", owner_id),
            title=policy_title,
            clauses=clauses,
            now=now,
        )
    return community_id


def publish_policy(
    *, community_id: int, member_id: int, title: str, clauses: Sequence[ClauseDraft], now: datetime
) -> int:
    """The owner publishes the next version; members accept it before they write again."""
    with transaction.atomic(durable=True):
        owner(community_id=community_id, member_id=member_id, now=now, lock=True)
        policy_id = communities.publish_policy(
            community_id=community_id, actor=Urn("member", member_id), title=title, clauses=clauses, now=now
        )
        tell_later(policy_id, now=now)
    return policy_id


def appoint(*, community_id: int, actor_member_id: int, member_id: int, role: Role, now: datetime) -> None:
    """The owner makes a member a moderator, or a member again."""
    if role is Role.OWNER:
        raise Invalid("A community has one owner; ownership is handed over, not appointed.", field="role")
    with transaction.atomic(durable=True):
        communities.hold_standings(community_id=community_id, member_ids=[actor_member_id, member_id])
        owner(community_id=community_id, member_id=actor_member_id, now=now, lock=True)
        communities.set_role(
            community_id=community_id, member_id=member_id, role=role, actor=Urn("member", actor_member_id), now=now
        )
