"""Agreements between two communities of this installation."""

from django.db import models
from django.db.models.functions import Greatest, Least

from wardmote.communities.models.tenants import Community
from wardmote.communities.policy import AgreementState
from wardmote.kernel.ids import new_id
from wardmote.kernel.urn import Urn


class JudgingAgreement(models.Model):
    """Two communities judge for each other where nobody of theirs may: offered by one owner, accepted by the other."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="agreements_offered")
    other = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="agreements_received")
    state = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in AgreementState], default=AgreementState.OPEN.value
    )
    offered_at = models.DateTimeField()
    ends_at = models.DateTimeField(help_text="Until when it can be accepted.")
    answered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Least("community", "other"),
                Greatest("community", "other"),
                condition=models.Q(state__in=[AgreementState.OPEN.value, AgreementState.ACCEPTED.value]),
                name="judging_agreement_once",
            ),
            models.CheckConstraint(condition=~models.Q(community=models.F("other")), name="judging_agreement_of_two"),
        ]

    def __str__(self) -> str:
        return f"{self.community_id} and {self.other_id}: {self.state}"

    @property
    def urn(self) -> Urn:
        return Urn("judging_agreement", self.id)
