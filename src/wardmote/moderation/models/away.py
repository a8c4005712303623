"""Where a case or an appeal goes that nobody of its own community may decide."""

from django.db import models

from wardmote.communities.models import Community
from wardmote.kernel.ids import new_id
from wardmote.kernel.urn import Urn
from wardmote.moderation.models.cases import Appeal, Case


class HandedOn(models.Model):
    """A case, or an appeal in it, is for the moderators of another community; without one, for the host.

    It ends when it comes home undecided, also where somebody at home then decides it at once; else it stays, and says
    who was asked.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="handed_on")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="handed_on")
    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, null=True, blank=True, related_name="handed_on")
    to = models.ForeignKey(Community, on_delete=models.PROTECT, null=True, blank=True, related_name="handed_here")
    handed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=models.Q(appeal__isnull=True, ended_at__isnull=True),
                name="handed_on_case_once",
            ),
            models.UniqueConstraint(
                fields=["appeal"], condition=models.Q(ended_at__isnull=True), name="handed_on_appeal_once"
            ),
            models.CheckConstraint(condition=~models.Q(to=models.F("community")), name="handed_on_elsewhere"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} for {self.to_id or 'the host'}"

    @property
    def urn(self) -> Urn:
        return Urn("handed_on", self.id)

    @property
    def subject(self) -> Urn:
        """What the record speaks of: the appeal where it is one, else the case."""
        return Urn("appeal", self.appeal_id) if self.appeal_id else Urn("case", self.case_id)
