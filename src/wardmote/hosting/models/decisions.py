"""What a suspension rests on: evidence, a proposal, and two people's approvals."""

from django.conf import settings
from django.db import models

from wardmote.hosting.models.cases import Case
from wardmote.hosting.policy.kinds import ProposalKind
from wardmote.hosting.policy.preconditions import Precondition
from wardmote.hosting.policy.proposals import ProposalState
from wardmote.kernel.ids import new_id
from wardmote.kernel.texts import is_blank
from wardmote.kernel.urn import Urn


class Evidence(models.Model):
    """A staff record towards one precondition: what it says by name of each part, and where the evidence lies."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="evidence")
    precondition = models.CharField(max_length=16, choices=[(p.value, p.value) for p in Precondition])
    parts = models.JSONField()
    reference = models.CharField(max_length=500)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.precondition} of {self.case_id}"

    @property
    def urn(self) -> Urn:
        return Urn("host_evidence", self.id)


class Proposal(models.Model):
    """A suspension, or a termination, as it is put before the approvers and the customer."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="proposals")
    kind = models.CharField(max_length=16, choices=[(k.value, k.value) for k in ProposalKind])
    state = models.CharField(max_length=12, choices=[(s.value, s.value) for s in ProposalState])
    reasons = models.TextField()
    effect = models.TextField()
    return_conditions = models.TextField()
    data_plan = models.TextField()
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(state=ProposalState.OPEN.value), name="proposal_one_open"
            )
        ]

    def __str__(self) -> str:
        return str(self.urn)

    @property
    def urn(self) -> Urn:
        return Urn("host_proposal", self.id)

    @property
    def complete(self) -> bool:
        """No part of it is empty."""
        return not any(is_blank(text) for text in (self.reasons, self.effect, self.return_conditions, self.data_plan))


class Approval(models.Model):
    """One person's yes to a proposal. Who opened the case cannot give it, whatever the code above says."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="approvals")
    opener = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approver = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proposal", "approver"], name="approval_once_a_person"),
            models.CheckConstraint(condition=~models.Q(approver=models.F("opener")), name="approval_not_by_opener"),
        ]

    def __str__(self) -> str:
        return f"{self.approver_id} approved {self.proposal_id}"
