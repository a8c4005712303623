"""What a machine outside was asked about a case, and what that has cost. Advice: nothing here decides."""

from django.db import models

from wardmote.communities.models import Clause, Community
from wardmote.kernel.ids import new_id
from wardmote.moderation.models.cases import Case, Item


class Opinion(models.Model):
    """A language model's opinion of one text under the clauses in force then; stored and never recomputed.

    The quote is [start, end) of the item's text, so that it goes when that goes; both 0 where nothing is quoted.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="opinions")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="opinions")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="opinions")
    model = models.CharField(max_length=120)
    digest = models.CharField(max_length=64, help_text="SHA-256 of model, clauses and text.")
    clause = models.ForeignKey(Clause, on_delete=models.PROTECT, null=True, blank=True, related_name="opinions")
    probability = models.FloatField()
    reason = models.CharField(max_length=300, blank=True, default="", help_text="Empty once the text was erased.")
    start = models.PositiveIntegerField(default=0)
    end = models.PositiveIntegerField(default=0)
    again = models.BooleanField(default=False, help_text="Given before about the same words, and not asked for again.")
    given_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "digest"], name="opinion_once"),
            models.CheckConstraint(
                condition=models.Q(probability__gte=0, probability__lte=1), name="opinion_probability"
            ),
            models.CheckConstraint(condition=models.Q(end__gte=models.F("start")), name="opinion_quote_forwards"),
        ]
        indexes = [models.Index(fields=["community", "digest"], name="opinion_known")]

    def __str__(self) -> str:
        return f"{self.model} on {self.case_id}"


class OpinionUse(models.Model):
    """What was spent on opinions in one day (UTC): by a community, and with no community by the installation."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    community = models.ForeignKey(
        Community, on_delete=models.PROTECT, null=True, blank=True, related_name="opinion_use"
    )
    day = models.DateField()
    calls = models.PositiveIntegerField(default=0)
    tokens = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community", "day"], condition=models.Q(community__isnull=False), name="opinion_use_community"
            ),
            models.UniqueConstraint(
                fields=["day"], condition=models.Q(community__isnull=True), name="opinion_use_installation"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.calls}"
