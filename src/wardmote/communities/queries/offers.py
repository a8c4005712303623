"""Reads of offers of a community, as plain values."""

from dataclasses import dataclass
from datetime import datetime

from wardmote.communities.models import OwnershipOffer
from wardmote.communities.policy import OfferState, Role


@dataclass(frozen=True, slots=True)
class OfferView:
    """An offer to take a community over; `stays` is what the owner is afterwards."""

    id: int
    by_id: int
    to_id: int
    stays: Role
    state: OfferState
    offered_at: datetime
    ends_at: datetime

    def is_open(self, now: datetime) -> bool:
        """Whether it can be accepted: open, and its time not over."""
        return self.state is OfferState.OPEN and now < self.ends_at


def _offer(row: OwnershipOffer) -> OfferView:
    return OfferView(
        row.pk,
        row.offered_by_id,
        row.offered_to_id,
        Role(row.stays),
        OfferState(row.state),
        row.offered_at,
        row.ends_at,
    )


def offer_to(*, community_id: int, member_id: int, offer_id: int) -> OfferView | None:
    """An offer to this member; None for anybody else's."""
    row = OwnershipOffer.objects.filter(community_id=community_id, offered_to_id=member_id, pk=offer_id).first()
    return _offer(row) if row else None


def open_offer(*, community_id: int) -> OfferView | None:
    """The one that waits for an answer, or whose time is over and nobody has noted it yet."""
    row = OwnershipOffer.objects.filter(community_id=community_id, state=OfferState.OPEN.value).first()
    return _offer(row) if row else None


def last_offer(*, community_id: int) -> OfferView | None:
    """The newest, whatever became of it."""
    row = OwnershipOffer.objects.filter(community_id=community_id).order_by("-pk").first()
    return _offer(row) if row else None
