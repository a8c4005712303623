"""A person joins a community: membership, profile and the accepted policy, in one go."""

from datetime import datetime

from django.db import transaction

from wardmote.communities import operations as communities
from wardmote.communities.operations import entering
from wardmote.communities.policy import Role, SignUp
from wardmote.communities.queries import community
from wardmote.communities.queries.desk import lets_in
from wardmote.journeys.steps.screening import screen_text
from wardmote.kernel.errors import Refused
from wardmote.kernel.handles import clean_handle
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.urn import Urn
from wardmote.moderation.policy import Route
from wardmote.network import operations as network
from wardmote.people import operations as people
from wardmote.people.policy import digest
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
    token: str = "",
) -> int:
    """Make a person a member under a handle; gives the member's id. The community's owner joins as its owner.

    `policy_hash` is the hash of the policy that was shown; `holder` is for whom the handle was kept meanwhile; `token`
    is of an invitation link. Refused where the community is not open to whoever brings none. A login that the sign-up
    form made comes on the record here, with its first membership.
    """
    name = check_handle(community_id=community_id, handle=handle)
    role = Role.OWNER if community(community_id).owner_id == person_id else Role.MEMBER
    with transaction.atomic(durable=True):
        communities.hold_standings(community_id=community_id, member_ids=())
        know_person(person_id=person_id, now=now)
        if role is not Role.OWNER:
            _come_in(community_id, person_id, token, now)
        network.claim_handle(community_id=community_id, handle=name, holder=holder, now=now)
        member_id = communities.add_member(community_id=community_id, person_id=person_id, role=role, now=now)
        network.add_profile(community_id=community_id, member_id=member_id, handle=name, display_name="", now=now)
        communities.accept_policy(community_id=community_id, member_id=member_id, shown_hash=policy_hash, now=now)
    return member_id


def check_handle(*, community_id: int, handle: str) -> str:
    """The handle as it is stored; Refused where it says what may not be said here."""
    name = clean_handle(handle)
    if screen_text(community_id=community_id, text=name.replace("_", " ")).routing.route is Route.HOLD:
        raise Refused(_("This handle cannot be used here; please choose another."))
    return name


def know_person(*, person_id: int, now: datetime) -> None:
    """Put a login on the record that the sign-up form made."""
    if not record.history([Urn("person", person_id)]):
        people.record_person(person_id=person_id, email=email_of(person_id=person_id), is_host_staff=False, now=now)


def _come_in(community_id: int, person_id: int, token: str, now: datetime) -> None:
    """Count who comes by a link, also where none is needed; there nobody is turned away who has none that works."""
    if community(community_id).sign_up is SignUp.OPEN and not (
        token and lets_in(community_id=community_id, digest=digest(token), now=now)
    ):
        return
    if not token:
        raise Refused(_("This community lets in only whoever was invited or approved."))
    entering.use_link(community_id=community_id, digest=digest(token), actor=Urn("person", person_id), now=now)


def accept_policy(*, community_id: int, member_id: int, policy_hash: str, now: datetime) -> None:
    """A member accepts the version in force."""
    with transaction.atomic(durable=True):
        communities.accept_policy(community_id=community_id, member_id=member_id, shown_hash=policy_hash, now=now)
