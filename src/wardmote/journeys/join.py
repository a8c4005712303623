"""A person joins a community: membership, profile and the accepted policy, in one go."""

from datetime import datetime

from django.db import transaction

from wardmote.communities import operations as communities
from wardmote.communities.policy import Role
from wardmote.communities.queries import community
from wardmote.journeys.screening import screen_text
from wardmote.kernel.errors import Refused
from wardmote.kernel.urn import Urn
from wardmote.kernel.words import gettext as _
from wardmote.moderation.policy import Route
from wardmote.network import operations as network
from wardmote.network.policy import clean_handle
from wardmote.people import operations as people
from wardmote.people.queries import email_of
from wardmote.record import queries as record


def join(
    *,
    community_id: int,
    person_id: int,
    handle: str,
    policy_hash: str,
    now: datetime,
    holder: str = "",
) -> int:
    """Make a person a member under a handle; gives the member's id. The community's owner joins as its owner.

    `policy_hash` is the hash of the policy that was shown; `holder` is for whom the handle was kept meanwhile. A login
    that the sign-up form made comes on the record here, with its first membership.
    """
    name = clean_handle(handle)
    if screen_text(community_id=community_id, text=name.replace("_", " ")).routing.route is Route.HOLD:
        raise Refused(_("This handle cannot be used here; please choose another."))
    role = Role.OWNER if community(community_id).owner_id == person_id else Role.MEMBER
    with transaction.atomic(durable=True):
        if not record.history([Urn("person", person_id)]):
            people.record_person(person_id=person_id, email=email_of(person_id=person_id), is_host_staff=False, now=now)
        network.claim_handle(community_id=community_id, handle=name, holder=holder, now=now)
        member_id = communities.add_member(community_id=community_id, person_id=person_id, role=role, now=now)
        network.add_profile(community_id=community_id, member_id=member_id, handle=name, display_name="", now=now)
        communities.accept_policy(community_id=community_id, member_id=member_id, shown_hash=policy_hash, now=now)
    return member_id


def accept_policy(*, community_id: int, member_id: int, policy_hash: str, now: datetime) -> None:
    """A member accepts the version in force."""
    with transaction.atomic(durable=True):
        communities.accept_policy(community_id=community_id, member_id=member_id, shown_hash=policy_hash, now=now)
