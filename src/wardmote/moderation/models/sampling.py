"""Sampling: posts drawn at random and judged blind, so that somebody knows what screening does not find."""

from django.db import models

from wardmote.communities.models import Community, Membership
from wardmote.kernel.ids import new_id
from wardmote.kernel.urn import Urn
from wardmote.moderation.models.cases import Screening


class SamplingPlan(models.Model):
    """How many posts a community draws each week; 0 is none. `revision` tells the jobs of an older plan to stop."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    community = models.OneToOneField(Community, on_delete=models.PROTECT, related_name="audit_plan")
    posts_a_week = models.PositiveIntegerField()
    revision = models.PositiveIntegerField(default=1)
    set_at = models.DateTimeField()

    class Meta:
        db_table = "moderation_auditplan"  # what is stored keeps its name

    def __str__(self) -> str:
        return f"{self.posts_a_week} posts a week"


class Sample(models.Model):
    """One week's draw: the posts whose SHA-256 of `seed:post id` is lowest, so that anybody can repeat it."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="audits")
    begins = models.DateField(help_text="A Monday; the week is in UTC.")
    seed = models.CharField(max_length=64)
    population = models.PositiveIntegerField(help_text="Posts written that week that could be drawn.")
    left_out = models.PositiveIntegerField(help_text="Posts that could not: deleted or locked away before the draw.")
    drawn = models.PositiveIntegerField()
    drawn_at = models.DateTimeField()

    class Meta:
        db_table = "moderation_audit"
        constraints = [models.UniqueConstraint(fields=["community", "begins"], name="audit_once_a_week")]

    def __str__(self) -> str:
        return f"{self.drawn} of {self.population}, from {self.begins}"

    @property
    def urn(self) -> Urn:
        return Urn("audit", self.id)


class SampledPost(models.Model):
    """A post that was drawn, and what was found: `broke` are the categories among those `asked` about."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="posts", db_column="audit_id")
    subject = models.CharField(max_length=500)
    author = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="audited_posts")
    screening = models.ForeignKey(Screening, on_delete=models.PROTECT, null=True, related_name="audited")
    content_hash = models.CharField(max_length=64, help_text="Of the text that is judged: the one at the draw.")
    place = models.PositiveIntegerField(help_text="In the order of the draw, from 1.")
    asked = models.JSONField(default=list)
    broke = models.JSONField(default=list)
    judged_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="audit_judgements"
    )
    judged_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "moderation_auditpost"
        constraints = [
            models.UniqueConstraint(fields=["sample", "place"], name="audit_place_once"),
            models.CheckConstraint(
                condition=models.Q(judged_at__isnull=True, judged_by__isnull=True)
                | models.Q(judged_at__isnull=False, judged_by__isnull=False),
                name="audit_judged_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} in {self.sample_id}"
