"""A community changes hands: its owner offers it to a member, who says yes to what they were shown, or no."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from wardmote.communities import operations as communities
from wardmote.communities.operations import appointments, offers
from wardmote.communities.policy import InvitationState, OfferState, Role
from wardmote.communities.queries import community, desk, standing_of_member
from wardmote.communities.queries.offers import offer_to, open_offer
from wardmote.jobs import operations as jobs
from wardmote.journeys.moderators import away
from wardmote.journeys.owners import agreements
from wardmote.journeys.owners.taken_on import check_taken_on, taken_on
from wardmote.journeys.steps.office import tell
from wardmote.journeys.steps.permission import member, owner
from wardmote.kernel.errors import Conflict, Invalid, NotFound, Refused
from wardmote.kernel.handles import clean_handle
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.urn import SYSTEM, Urn
from wardmote.moderation import operations as moderation
from wardmote.network.queries import profile, profile_by_handle
from wardmote.notices.policy import Kind, Letter, ownership

END = "journeys.end_ownership_offer"


def offer(*, community_id: int, member_id: int, handle: str, stays: Role, now: datetime) -> int:
    """The owner offers the community to the member of that handle; `stays` is what the owner is afterwards.

    Gives the offer's id. Refused for whoever could not take it, Conflict while another offer is open.
    """
    found = profile_by_handle(community_id=community_id, handle=clean_handle(handle.strip().removeprefix("@")))
    if found is None:
        raise Invalid(_("There is no such member here."), field="handle")
    with transaction.atomic(durable=True):
        communities.hold_standings(community_id=community_id, member_ids=[member_id, found.member_id])
        owner(community_id=community_id, member_id=member_id, now=now, lock=True)
        if found.member_id == member_id:
            raise Refused(_("You own it already."))
        if standing_of_member(community_id=community_id, member_id=found.member_id).suspended(now):
            raise Refused(_("This member is suspended."))
        _end_what_is_over(community_id, now=now)
        made = offers.offer_ownership(
            community_id=community_id, owner_id=member_id, to_id=found.member_id, stays=stays, now=now
        )
        jobs.put(END, community_id, made.pk, now=now, run_at=made.ends_at)
        title, by = community(community_id).title, handle_of(community_id, member_id)
        tell(
            community_id,
            found.member_id,
            kind=Kind.INVITATION,
            about=made.urn,
            write=lambda: ownership.offered(community=title, handle=by, ends_at=made.ends_at),
            path=f"/ownership/{made.pk}",
            now=now,
        )
    return made.pk


def withdraw(*, community_id: int, member_id: int, offer_id: int, now: datetime) -> None:
    """The owner takes an offer back that nobody has answered; whoever was asked is told."""
    with transaction.atomic(durable=True):
        owner(community_id=community_id, member_id=member_id, now=now, lock=True)
        _withdraw(community_id, offer_id, actor=Urn("member", member_id), now=now)


def accept(*, community_id: int, member_id: int, offer_id: int, seen: str, now: datetime) -> None:
    """Whoever was asked owns the community from now on; the owner is what the offer says. All concerned are told.

    `seen` is what their page showed (`TakenOn.seen`): Conflict where it is another by now, and where the offer is not
    open any more or its maker not the owner.
    """
    me = Urn("member", member_id)
    with transaction.atomic(durable=True):
        before = desk.owner_member(community_id=community_id)
        communities.hold_standings(community_id=community_id, member_ids=[i for i in (member_id, before) if i])
        member(community_id=community_id, member_id=member_id, now=now, lock=True)
        shown = offer_to(community_id=community_id, member_id=member_id, offer_id=offer_id)
        if shown is None:
            raise NotFound(_("There is no such offer for you."))
        closed = offers.close_offer(
            community_id=community_id,
            offer_id=offer_id,
            to_id=member_id,
            state=OfferState.ACCEPTED,
            actor=me,
            now=now,
        )
        by = standing_of_member(community_id=community_id, member_id=closed.offered_by_id)
        if not by.is_owner:
            raise Conflict(_("Whoever offered it does not own the community any more."))
        if by.suspended(now):
            raise Conflict(_("The owner is suspended now; until that ends nothing changes hands."))
        check_taken_on(taken_on(shown, community_id=community_id, now=now), seen)
        appointments.hand_over(community_id=community_id, member_id=member_id, stays=shown.stays, actor=me, now=now)
        withdraw_what_waits(community_id, actor=me, now=now)
        if shown.stays is Role.MEMBER:
            moderation.release_claims(community_id=community_id, member_id=by.member_id, actor=me, now=now)
            away.look_again(community_id, now=now)
        _tell_of_new_owner(community_id, old_id=by.member_id, new_id=member_id, stays=shown.stays, now=now)


def decline(*, community_id: int, member_id: int, offer_id: int, now: datetime) -> None:
    """Whoever was asked says no, whatever their standing; the owner is told."""
    with transaction.atomic(durable=True):
        _decline(community_id, member_id, offer_id, actor=Urn("member", member_id), now=now)


def end(community_id: int, offer_id: int, *, now: datetime) -> None:
    """The time of an offer is over: it lapses, and both are told. Harmless to repeat."""
    with transaction.atomic(durable=True):
        found = open_offer(community_id=community_id)
        if found is not None and found.id == offer_id:
            _end_what_is_over(community_id, now=now)


def void(community_id: int, *, member_id: int | None = None, actor: Urn, now: datetime) -> None:
    """Withdraw an open offer whose ground is gone; with `member_id`, only one to them. Inside the transaction that
    takes the ground away."""
    found = open_offer(community_id=community_id)
    if found is not None and member_id in (None, found.to_id):
        _withdraw(community_id, found.id, actor=actor, now=now)


def withdraw_what_waits(community_id: int, *, actor: Urn, now: datetime) -> None:
    """Withdraw what the owner before has asked of others and nobody has answered: who moderates, and with whom the
    community judges, is for the new one to say. Conflict where an answer comes at this very moment. Inside the
    transaction in which the community changes hands."""
    try:
        for asked in desk.open_invitations(community_id=community_id):
            appointments.close_invitation(
                community_id=community_id,
                invitation_id=asked.id,
                member_id=None,
                state=InvitationState.WITHDRAWN,
                actor=actor,
                now=now,
            )
        agreements.withdraw_all(community_id, actor=actor, now=now)
    except Conflict:
        message = _("Somebody has just answered an invitation or an offer. Nothing has changed hands; try again.")
        raise Conflict(message) from None


def leave(community_id: int, member_id: int, *, now: datetime) -> None:
    """Somebody erases all that is theirs: an offer to them is declined, one by them withdrawn."""
    found, me = open_offer(community_id=community_id), Urn("member", member_id)
    if found is not None and found.to_id == member_id:
        _decline(community_id, member_id, found.id, actor=me, now=now)
    elif found is not None and found.by_id == member_id:
        _withdraw(community_id, found.id, actor=me, now=now)


def tell_moderators(community_id: int, *, new_id: int, told: tuple[int, ...], now: datetime) -> None:
    """Tell those who moderate, without those who are `told` already, who owns the community now."""
    title, handle = community(community_id).title, handle_of(community_id, new_id)
    for moderator_id in desk.moderators(community_id=community_id):
        if moderator_id not in told:
            _tell(
                community_id,
                moderator_id,
                about=Urn("member", new_id),
                write=lambda: ownership.changed_hands(community=title, handle=handle),
                path=f"/@{handle}",
                now=now,
            )


def handle_of(community_id: int, member_id: int) -> str:
    """A member's handle; "" where they have no profile any more."""
    found = profile(community_id=community_id, member_id=member_id)
    return found.handle if found else ""


def _withdraw(community_id: int, offer_id: int, *, actor: Urn, now: datetime) -> None:
    closed = offers.close_offer(
        community_id=community_id, offer_id=offer_id, state=OfferState.WITHDRAWN, actor=actor, now=now
    )
    title = community(community_id).title
    _tell(
        community_id,
        closed.offered_to_id,
        about=closed.urn,
        write=lambda: ownership.withdrawn(community=title),
        path="/notices",
        now=now,
    )


def _decline(community_id: int, member_id: int, offer_id: int, *, actor: Urn, now: datetime) -> None:
    closed = offers.close_offer(
        community_id=community_id,
        offer_id=offer_id,
        to_id=member_id,
        state=OfferState.DECLINED,
        actor=actor,
        now=now,
    )
    title, handle = community(community_id).title, handle_of(community_id, member_id)
    _tell(
        community_id,
        closed.offered_by_id,
        about=closed.urn,
        write=lambda: ownership.declined(community=title, handle=handle),
        path="/owner/ownership",
        now=now,
    )


def _end_what_is_over(community_id: int, *, now: datetime) -> None:
    found = open_offer(community_id=community_id)
    if found is None or now < found.ends_at:
        return
    try:
        with transaction.atomic():
            closed = offers.close_offer(
                community_id=community_id, offer_id=found.id, state=OfferState.LAPSED, actor=SYSTEM, now=now
            )
    except Conflict:
        # Answered or withdrawn at this very moment.
        return
    title, handle = community(community_id).title, handle_of(community_id, found.to_id)
    for member_id, write, path in (
        (found.by_id, lambda: ownership.unanswered(community=title, handle=handle), "/owner/ownership"),
        (found.to_id, lambda: ownership.lapsed(community=title), "/notices"),
    ):
        _tell(community_id, member_id, about=closed.urn, write=write, path=path, now=now)


def _tell_of_new_owner(community_id: int, *, old_id: int, new_id: int, stays: Role, now: datetime) -> None:
    title, handle = community(community_id).title, handle_of(community_id, new_id)
    about = Urn("member", new_id)
    _tell(
        community_id,
        old_id,
        about=about,
        write=lambda: ownership.accepted(community=title, handle=handle, stays=stays),
        path=f"/@{handle}",
        now=now,
    )
    _tell(
        community_id,
        new_id,
        about=about,
        write=lambda: ownership.yours(community=title),
        path="/owner/",
        now=now,
    )
    tell_moderators(community_id, new_id=new_id, told=(old_id, new_id), now=now)


def _tell(
    community_id: int, member_id: int, *, about: Urn, write: Callable[[], Letter], path: str, now: datetime
) -> None:
    tell(community_id, member_id, kind=Kind.OFFICE, about=about, write=write, path=path, now=now)
