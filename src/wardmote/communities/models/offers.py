"""Offers of a community to one of its members."""

from django.db import models

from wardmote.communities.models.tenants import Community, Membership
from wardmote.communities.policy import OfferState, Role
from wardmote.kernel.ids import new_id
from wardmote.kernel.urn import Urn


class OwnershipOffer(models.Model):
    """The owner would hand the community over; `stays` is what they are afterwards. Nobody owns without a yes."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="ownership_offers")
    offered_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="offers_made")
    offered_to = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="offers_received")
    stays = models.CharField(max_length=16, choices=[(r.value, r.value) for r in Role if r is not Role.OWNER])
    state = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in OfferState], default=OfferState.OPEN.value
    )
    offered_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community"],
                condition=models.Q(state=OfferState.OPEN.value),
                name="ownership_offer_open_once",
            ),
            models.CheckConstraint(
                condition=models.Q(stays__in=[r.value for r in Role if r is not Role.OWNER]),
                name="ownership_offer_stays_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.offered_to_id}: {self.state}"

    @property
    def urn(self) -> Urn:
        return Urn("ownership_offer", self.id)
