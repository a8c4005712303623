"""What moderators keep at their desk: notes on a case, reasons written beforehand, how they like to work."""

from django.db import models

from wardmote.communities.models import Community, Membership
from wardmote.kernel.ids import new_id
from wardmote.kernel.urn import Urn
from wardmote.moderation.models.cases import Case


class CaseNote(models.Model):
    """What one moderator tells the others about a case. No member, author or export ever reads it."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="case_notes")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notes")
    author = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="case_notes")
    text = models.TextField(help_text="Empty once its author had it erased.")
    handed_to = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="Whom it came with."
    )
    written_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["case", "id"], name="note_of_case")]

    def __str__(self) -> str:
        return str(self.urn)

    @property
    def urn(self) -> Urn:
        return Urn("case_note", self.id)


class ReasonTemplate(models.Model):
    """A reason written beforehand, for one clause of the policy by its key, or with none for every clause."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="reason_templates")
    clause_key = models.CharField(max_length=16, blank=True, default="")
    title = models.CharField(max_length=80)
    text = models.TextField()
    written_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="reason_templates")
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "clause_key", "title"], name="reason_template_once")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def urn(self) -> Urn:
        return Urn("reason_template", self.id)


class DeskChoice(models.Model):
    """How one moderator likes to work. `goes_on`: after a decision the next case is there, not the list."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    member = models.OneToOneField(Membership, on_delete=models.CASCADE, related_name="desk_choice")
    goes_on = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"{self.member_id}: {self.goes_on}"
