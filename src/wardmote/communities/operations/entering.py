"""Writes of who asks to join, and of links that let in."""

from datetime import datetime

from django.db import IntegrityError, transaction

from wardmote.communities.models import EntryLink, JoinRequest, Membership
from wardmote.communities.policy import ASK_AGAIN, RequestState
from wardmote.kernel import i18n
from wardmote.kernel.clock import to_rfc3339
from wardmote.kernel.errors import Conflict, NotFound, Refused
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.urn import Urn
from wardmote.record import operations as record


@transaction.atomic
def file_request(
    *, community_id: int, person_id: int, handle: str, reason: str, policy_hash: str, now: datetime
) -> JoinRequest:
    """Somebody asks to join; Conflict where they have asked already, Refused soon after a no."""
    if Membership.objects.filter(community_id=community_id, person_id=person_id).exists():
        raise Conflict(_("You are a member already."))
    declined = JoinRequest.objects.filter(
        community_id=community_id,
        person_id=person_id,
        state=RequestState.DECLINED.value,
        answered_at__gt=now - ASK_AGAIN,
    ).first()
    if declined is not None and declined.answered_at is not None:
        until = i18n.moment(declined.answered_at + ASK_AGAIN)
        raise Refused(_("Your request was declined. You can ask again from %(when)s on.") % {"when": until})
    try:
        with transaction.atomic():
            request = JoinRequest.objects.create(
                community_id=community_id,
                person_id=person_id,
                handle=handle,
                reason=reason,
                policy_hash=policy_hash,
                asked_at=now,
            )
    except IntegrityError:
        raise Conflict(_("You have asked already, or somebody has asked for this handle.")) from None
    person = Urn("person", person_id)
    record.append(
        now=now,
        actor=person,
        verb="join_request.made",
        subject=request.urn,
        community=Urn("community", community_id),
        facts={"person": str(person)},
    )
    return request


@transaction.atomic
def answer_request(
    *, community_id: int, request_id: int, state: RequestState, actor: Urn, now: datetime
) -> tuple[JoinRequest, str]:
    """Approve or decline; gives the request and the handle that was asked for.

    Neither that nor what its applicant said is kept here any longer.
    """
    request = JoinRequest.objects.select_for_update().filter(community_id=community_id, pk=request_id).first()
    if request is None:
        raise NotFound(_("There is no such request."))
    if request.state != RequestState.WAITING:
        raise Conflict(_("This request was answered already."))
    handle = request.handle
    request.state, request.answered_at = state.value, now
    request.handle, request.reason = "", ""
    request.save(update_fields=["state", "answered_at", "handle", "reason"])
    record.append(
        now=now,
        actor=actor,
        verb=f"join_request.{state.value}",
        subject=request.urn,
        community=Urn("community", community_id),
    )
    return request, handle


@transaction.atomic
def make_link(*, community_id: int, digest: str, most: int, ends_at: datetime, actor: Urn, now: datetime) -> EntryLink:
    """A link that lets in so many until then, by the SHA-256 of its token."""
    link = EntryLink.objects.create(community_id=community_id, digest=digest, most=most, made_at=now, ends_at=ends_at)
    _tell(link, "entry_link.made", actor, now, most=most, ends=to_rfc3339(ends_at))
    return link


@transaction.atomic
def revoke_link(*, community_id: int, link_id: int, actor: Urn, now: datetime) -> None:
    """Let nobody in by it any more; NotFound where it does not anyway."""
    link = EntryLink.objects.select_for_update().filter(community_id=community_id, pk=link_id, revoked_at=None).first()
    if link is None:
        raise NotFound(_("There is no such link in use."))
    link.revoked_at = now
    link.save(update_fields=["revoked_at"])
    _tell(link, "entry_link.revoked", actor, now)


@transaction.atomic
def use_link(*, community_id: int, digest: str, actor: Urn, now: datetime) -> None:
    """Count somebody who comes in by it; Refused where it lets nobody in (any more)."""
    link = EntryLink.objects.select_for_update().filter(community_id=community_id, digest=digest).first()
    if link is None or link.revoked_at is not None or link.used >= link.most or link.ends_at <= now:
        raise Refused(_("This invitation link lets nobody in any more. Ask whoever sent it for another."))
    link.used += 1
    link.save(update_fields=["used"])
    _tell(link, "entry_link.used", actor, now)


def _tell(link: EntryLink, verb: str, actor: Urn, now: datetime, **facts: int | str) -> None:
    record.append(
        now=now,
        actor=actor,
        verb=verb,
        subject=link.urn,
        community=Urn("community", link.community_id),
        facts=facts,
    )
