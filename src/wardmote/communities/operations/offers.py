"""Writes of offers of a community: made, answered, withdrawn, run out."""

from datetime import datetime

from django.db import IntegrityError, transaction

from wardmote.communities.models import OwnershipOffer
from wardmote.communities.policy import OFFER_TIME, OfferState, Role
from wardmote.kernel.clock import to_rfc3339
from wardmote.kernel.errors import Conflict, NotFound
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.urn import Urn
from wardmote.record import operations as record


@transaction.atomic
def offer_ownership(*, community_id: int, owner_id: int, to_id: int, stays: Role, now: datetime) -> OwnershipOffer:
    """The owner offers the community to a member; Conflict where another offer is open. Who may is checked before."""
    try:
        with transaction.atomic():
            offer = OwnershipOffer.objects.create(
                community_id=community_id,
                offered_by_id=owner_id,
                offered_to_id=to_id,
                stays=stays.value,
                offered_at=now,
                ends_at=now + OFFER_TIME,
            )
    except IntegrityError:
        raise Conflict(_("An offer of this community is not answered yet. Withdraw it first.")) from None
    record.append(
        now=now,
        actor=Urn("member", owner_id),
        verb="ownership_offer.made",
        subject=offer.urn,
        community=Urn("community", community_id),
        facts={
            "from": str(Urn("member", owner_id)),
            "to": str(Urn("member", to_id)),
            "stays": stays.value,
            "ends": to_rfc3339(offer.ends_at),
        },
    )
    return offer


@transaction.atomic
def close_offer(
    *, community_id: int, offer_id: int, to_id: int | None = None, state: OfferState, actor: Urn, now: datetime
) -> OwnershipOffer:
    """Answer, withdraw or let run out. `to_id`: only theirs. Conflict where it is closed already, or its time is over
    and it is to be accepted."""
    found = OwnershipOffer.objects.select_for_update().filter(community_id=community_id, pk=offer_id)
    offer = (found if to_id is None else found.filter(offered_to_id=to_id)).first()
    if offer is None:
        raise NotFound(_("There is no such offer for you."))
    if offer.state != OfferState.OPEN:
        raise Conflict(_("This offer was answered, withdrawn or has run out already."))
    if state is OfferState.ACCEPTED and offer.ends_at <= now:
        raise Conflict(_("The time to accept this offer is over."))
    offer.state, offer.answered_at = state.value, now
    offer.save(update_fields=["state", "answered_at"])
    record.append(
        now=now,
        actor=actor,
        verb=f"ownership_offer.{state.value}",
        subject=offer.urn,
        community=Urn("community", community_id),
    )
    return offer
