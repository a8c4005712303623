"""Interim covers: what is kept from readers until somebody has looked at it."""

from django.db import models

from wardmote.communities.models import Community, Membership
from wardmote.kernel.ids import new_id
from wardmote.kernel.urn import Urn
from wardmote.moderation.models.cases import Case, Item
from wardmote.moderation.policy.covers import CoverCause, CoverEnd


class Cover(models.Model):
    """One cover of what a case is about. It counts while it has not ended and the case is undecided."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="covers")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="covers")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="covers", help_text="The text of then.")
    cause = models.CharField(max_length=10, choices=[(c.value, c.value) for c in CoverCause])
    covered_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="covers")
    covered_at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    end = models.CharField(max_length=10, blank=True, default="", choices=[(e.value, e.value) for e in CoverEnd])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=models.Q(ended_at=None), name="cover_one_open")
        ]

    def __str__(self) -> str:
        return str(self.urn)

    @property
    def urn(self) -> Urn:
        return Urn("cover", self.id)
