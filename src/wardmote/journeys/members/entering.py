"""Who may join: the owner settles it; applicants ask, moderators answer, and links let in whoever holds them."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction

from wardmote.communities import operations as communities
from wardmote.communities.operations import entering, face
from wardmote.communities.policy import ASK_LIMIT, LINK_DAYS, LINK_USES, RequestState, Role, SignUp
from wardmote.communities.queries import community, current_policy
from wardmote.communities.queries.accepted import reads_the_same
from wardmote.communities.queries.desk import moderators, owner_member
from wardmote.journeys.members.join import check_handle, know_person
from wardmote.journeys.steps.office import tell
from wardmote.journeys.steps.permission import moderator, owner
from wardmote.kernel import i18n
from wardmote.kernel.errors import Conflict, Invalid, Refused
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.urn import Urn
from wardmote.moderation.policy import REASON_LIMIT
from wardmote.network import operations as network
from wardmote.network.policy import clean_text
from wardmote.notices import operations as notices
from wardmote.notices.policy import Kind, office
from wardmote.people.policy import digest
from wardmote.people.queries import language_of

KEEP_HANDLE = timedelta(days=365)
"""How long an applicant's handle is kept for them at most."""


def set_sign_up(*, community_id: int, member_id: int, mode: SignUp, now: datetime) -> bool:
    """The owner lets in anybody, whoever is approved, or whoever holds a link; gives whether that is different."""
    with transaction.atomic(durable=True):
        owner(community_id=community_id, member_id=member_id, now=now, lock=True)
        return face.set_sign_up(community_id=community_id, mode=mode, actor=Urn("member", member_id), now=now)


def make_link(*, community_id: int, member_id: int, most: int, days: int, now: datetime) -> str:
    """A link for so many people and days; gives its token, which is kept nowhere."""
    for field, value, limit in (("most", most, LINK_USES), ("days", days, LINK_DAYS)):
        if not 0 < value <= limit:
            raise Invalid(_("Choose a number from 1 to %(n)s.") % {"n": limit}, field=field)
    token = secrets.token_urlsafe(18)
    with transaction.atomic(durable=True):
        owner(community_id=community_id, member_id=member_id, now=now, lock=True)
        entering.make_link(
            community_id=community_id,
            digest=digest(token),
            most=most,
            ends_at=now + timedelta(days=days),
            actor=Urn("member", member_id),
            now=now,
        )
    return token


def revoke_link(*, community_id: int, member_id: int, link_id: int, now: datetime) -> None:
    """The owner takes a link back."""
    with transaction.atomic(durable=True):
        owner(community_id=community_id, member_id=member_id, now=now, lock=True)
        entering.revoke_link(community_id=community_id, link_id=link_id, actor=Urn("member", member_id), now=now)


def ask(
    *,
    community_id: int,
    person_id: int,
    handle: str,
    policy_hash: str,
    reason: str,
    now: datetime,
    holder: str = "",
) -> int:
    """Somebody asks to join, having read the policy; gives the request's id. Who moderates is told that they wait."""
    name = check_handle(community_id=community_id, handle=handle)
    said = clean_text(reason, limit=ASK_LIMIT, field="reason", required=True)
    with transaction.atomic(durable=True):
        communities.hold_standings(community_id=community_id, member_ids=())
        here = community(community_id)
        if here.sign_up is not SignUp.APPROVAL:
            raise Refused(_("Here nobody needs to ask; reload the page."))
        policy = current_policy(community_id=community_id)
        if policy is None or reads_the_same(policy.id, as_hash=policy_hash) is None:
            raise Conflict(_("The policy has changed since this page was shown; please read the new version."))
        know_person(person_id=person_id, now=now)
        network.claim_handle(community_id=community_id, handle=name, holder=holder, now=now)
        request = entering.file_request(
            community_id=community_id,
            person_id=person_id,
            handle=name,
            reason=said,
            policy_hash=policy_hash,
            now=now,
        )
        network.reserve_handle(
            community_id=community_id, handle=name, holder=str(request.urn), now=now, keep=KEEP_HANDLE
        )
        for member_id in (owner_member(community_id=community_id), *moderators(community_id=community_id)):
            if member_id is not None:
                tell(
                    community_id,
                    member_id,
                    kind=Kind.OFFICE,
                    about=request.urn,
                    write=lambda: office.somebody_asks(community=here.title, handle=name),
                    path="/requests",
                    now=now,
                )
    return request.pk


def answer(*, community_id: int, member_id: int, request_id: int, approve: bool, reason: str, now: datetime) -> None:
    """A moderator lets an applicant in, or says no and why. The applicant hears it by mail."""
    said = clean_text(reason, limit=REASON_LIMIT, field="reason", required=not approve)
    with transaction.atomic(durable=True):
        moderator(community_id=community_id, member_id=member_id, now=now, lock=True)
        state = RequestState.APPROVED if approve else RequestState.DECLINED
        request, handle = entering.answer_request(
            community_id=community_id,
            request_id=request_id,
            state=state,
            actor=Urn("member", member_id),
            now=now,
        )
        network.claim_handle(community_id=community_id, handle=handle, holder=str(request.urn), now=now)
        addressed = Urn("person", request.person_id)
        if approve:
            new_id = communities.add_member(
                community_id=community_id, person_id=request.person_id, role=Role.MEMBER, now=now
            )
            network.add_profile(community_id=community_id, member_id=new_id, handle=handle, display_name="", now=now)
            policy = current_policy(community_id=community_id)
            if policy is not None and reads_the_same(policy.id, as_hash=request.policy_hash):
                communities.accept_policy(
                    community_id=community_id, member_id=new_id, shown_hash=request.policy_hash, now=now
                )
            addressed = Urn("member", new_id)
        title = community(community_id).title
        with i18n.speaking(language_of(request.person_id)):
            letter = office.request_answered(community=title, handle=handle, approved=approve, reason=said)
        notices.send_notice(
            community_id=community_id,
            recipient_id=request.person_id,
            addressed_as=addressed,
            kind=Kind.OFFICE,
            about=request.urn,
            letter=letter,
            path="/",
            now=now,
        )
