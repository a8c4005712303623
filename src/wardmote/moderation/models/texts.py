"""The texts that a case is about: one thing may have said several while it was looked at."""

from django.db import models

from wardmote.communities.models import Community
from wardmote.kernel.ids import new_id
from wardmote.moderation.models.cases import Case, Item, Screening


class CaseText(models.Model):
    """A text that was reported, screened or written while a case was open; the newest is the case's own `item`."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="case_texts")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="texts")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="in_cases")
    screening = models.ForeignKey(Screening, on_delete=models.PROTECT, null=True, blank=True, related_name="case_texts")
    came_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "item"], name="case_text_once")]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.item_id}"
