"""Lists of known content, what is on them, and the locked lane of what is illegal.

A locked case is no `Case`: it has no item, no screening and no decision, so that nothing that reads those can carry it.
"""

from django.db import models

from wardmote.communities.models import Community, Membership
from wardmote.kernel.ids import new_id
from wardmote.kernel.urn import Urn
from wardmote.moderation.policy import Purpose, QuarantineState


class KnownList(models.Model):
    """A list that a community matches its texts against. `ready_at` is set when all of it is in."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="known_lists")
    name = models.CharField(max_length=80)
    purpose = models.CharField(max_length=10, choices=[(p.value, p.value) for p in Purpose])
    category = models.CharField(max_length=40, blank=True, default="")
    score = models.FloatField(null=True, blank=True, help_text="What a match raises the category to.")
    size = models.PositiveIntegerField(default=0)
    began_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=0, help_text="Counts what was switched off since.")
    matches = models.PositiveBigIntegerField(default=0)
    matched_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community", "name"],
                condition=models.Q(ready_at__isnull=False, removed_at__isnull=True),
                name="known_list_once",
            ),
            models.CheckConstraint(
                condition=models.Q(purpose=Purpose.FLAG.value, score__isnull=False)
                | models.Q(score__isnull=True) & ~models.Q(purpose=Purpose.FLAG.value),
                name="known_list_score_of_flags",
            ),
            models.CheckConstraint(
                condition=models.Q(purpose=Purpose.ILLEGAL.value, category="")
                | ~models.Q(purpose=Purpose.ILLEGAL.value) & ~models.Q(category=""),
                name="known_list_category",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def urn(self) -> Urn:
        return Urn("known_list", self.id)


class KnownEntry(models.Model):
    """One row of a list: 32 bytes to match by (a PDQ hash or SHA-256), and of a text its signature. Never the text."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    known_list = models.ForeignKey(KnownList, on_delete=models.CASCADE, related_name="entries")
    kind = models.CharField(max_length=8)
    value = models.BinaryField(max_length=32)
    signature = models.BinaryField(default=b"")
    name = models.CharField(max_length=200, blank=True, default="", help_text="The list's own id for it.")
    label = models.CharField(max_length=200, blank=True, default="")
    added_on = models.CharField(max_length=200, blank=True, default="")
    is_off = models.BooleanField(default=False, help_text="Found to be a mistake: it matches nothing any more.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["known_list", "kind", "value"], name="known_entry_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class QuarantinedCase(models.Model):
    """Something that matched a list of what is illegal, kept out of sight for the owner alone.

    `subject`: the URN of the post or profile, or the URL, that it is or was to be the text of; empty for a new post.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="locked_cases")
    known_list = models.ForeignKey(KnownList, on_delete=models.PROTECT, related_name="locked_cases")
    entry = models.BigIntegerField(help_text="The entry that matched; it goes with its list.")
    alike = models.FloatField()
    author = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="locked_cases")
    subject = models.CharField(max_length=500, blank=True, default="")
    text = models.TextField()
    content_hash = models.CharField(max_length=64)
    times = models.PositiveIntegerField(default=1, help_text="How often the same came from the same author.")
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in QuarantineState])
    opened_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="locked_cases_decided"
    )
    note = models.TextField(blank=True, default="")
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "moderation_lockedcase"  # what is stored keeps its name
        indexes = [models.Index(fields=["community", "state", "-id"], name="locked_case_by_state")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state=QuarantineState.WAITING.value, decided_at__isnull=True)
                | models.Q(decided_at__isnull=False) & ~models.Q(state=QuarantineState.WAITING.value),
                name="locked_case_decided_whole",
            )
        ]

    def __str__(self) -> str:
        return str(self.urn)

    @property
    def urn(self) -> Urn:
        return Urn("locked_case", self.id)
