"""What whoever runs the installation does to communities, from its command line: recorded as the system's doing.

It is the way back where an owner is gone; whoever is meant is told, and a moderator may step down.
"""

import re
from datetime import datetime

from django.conf import settings
from django.db import transaction

from wardmote.communities import operations as communities
from wardmote.communities.operations import appointments
from wardmote.communities.policy import ClauseDraft, Role
from wardmote.communities.queries import CommunityView, community_by_domain, community_by_slug, standing_of_member
from wardmote.communities.queries.desk import owner_member
from wardmote.journeys.moderators import away
from wardmote.journeys.operator import create_login, found_community
from wardmote.journeys.owners import ownership
from wardmote.journeys.steps.office import tell
from wardmote.kernel.errors import Conflict, NotFound
from wardmote.kernel.handles import clean_handle
from wardmote.kernel.urn import SYSTEM, Urn
from wardmote.moderation import operations as moderation
from wardmote.network.queries import profile_by_handle
from wardmote.notices.policy import Kind, office
from wardmote.people import operations as people
from wardmote.people.queries import person_by_email


def found_for(
    *, domain: str, title: str, slug: str, owner_email: str, rules: tuple[str, tuple[ClauseDraft, ...]], now: datetime
) -> tuple[int, bool]:
    """A community for somebody, who joins it as its owner by themselves; gives its id, and whether they are new here.

    `domain` is a host name as it is stored; `rules` are the title and the clauses of its first policy.
    """
    short = slug or re.sub(r"[^a-z0-9-]", "-", domain.partition(".")[0])[:40]
    if domain in settings.WARDMOTE_HOST_DOMAINS:
        raise Conflict(f"{domain} is the host's own name; nothing was changed")
    if community_by_domain(domain) is not None:
        raise Conflict(f"a community answers under {domain} already; nothing was changed")
    if community_by_slug(short) is not None:
        raise Conflict(f"there is a community called {short!r} already; name this one with --name")
    person_id = person_by_email(email=owner_email)
    is_new = person_id is None
    if person_id is None:
        person_id = create_login.create_login(email=owner_email, password=None, now=now)
    community_id = found_community.found_community(
        slug=short,
        title=title,
        tagline="",
        domain=domain,
        owner_id=person_id,
        policy_title=rules[0],
        clauses=rules[1],
        now=now,
        actor=SYSTEM,
    )
    return community_id, is_new


def set_host_staff(*, email: str, is_host_staff: bool, now: datetime) -> bool:
    """Somebody works for the host from now on, or no longer; gives whether they got a login for it, without a password.

    NotFound where nobody with that address could be dismissed.
    """
    with transaction.atomic(durable=True):
        person_id = person_by_email(email=email)
        is_new = person_id is None
        if person_id is None:
            if not is_host_staff:
                raise NotFound(f"nobody here signs in as {email}")
            person_id = people.create_person(email=email, password=None, now=now)
        people.set_host_staff(person_id=person_id, is_host_staff=is_host_staff, actor=SYSTEM, now=now)
        return is_new


def set_role(*, community: CommunityView, handle: str, role: Role, now: datetime) -> None:
    """Make somebody a member, a moderator or the owner; they are told, and whoever owned it until now."""
    member_id = _member(community, handle)
    with transaction.atomic(durable=True):
        # The owner too: what they do meanwhile is stored before or after this.
        owned_by = owner_member(community_id=community.id)
        communities.hold_standings(community_id=community.id, member_ids=[i for i in (member_id, owned_by) if i])
        before = standing_of_member(community_id=community.id, member_id=member_id).role
        if before is role:
            raise Conflict(f"@{handle} is that already: {role.value}")
        told = [(member_id, role)]
        if role is Role.OWNER:
            old = appointments.hand_over(community_id=community.id, member_id=member_id, actor=SYSTEM, now=now)
            told += [(old, Role.MEMBER)] if old is not None else []
            ownership.void(community.id, actor=SYSTEM, now=now)
            ownership.withdraw_what_waits(community.id, actor=SYSTEM, now=now)
        else:
            communities.set_role(community_id=community.id, member_id=member_id, role=role, actor=SYSTEM, now=now)
        for each, what in told:
            if what is Role.MEMBER:
                moderation.release_claims(community_id=community.id, member_id=each, actor=SYSTEM, now=now)
            _tell(community, each, what, now)
        away.look_again(community.id, now=now)
        if role is Role.OWNER:
            ownership.tell_moderators(community.id, new_id=member_id, told=tuple(each for each, _ in told), now=now)


def _tell(community: CommunityView, member_id: int, role: Role, now: datetime) -> None:
    tell(
        community.id,
        member_id,
        kind=Kind.OFFICE,
        about=Urn("member", member_id),
        write=lambda: office.appointed(community=community.title, role=role),
        path="/owner/" if role is Role.OWNER else "/notices",
        now=now,
    )


def _member(community: CommunityView, handle: str) -> int:
    name = clean_handle(handle.removeprefix("@"))
    found_here = profile_by_handle(community_id=community.id, handle=name)
    if found_here is None:
        raise NotFound(f"There is no @{name} at {community.title}.")
    return found_here.member_id
