"""What the texts of violence cases name, and the alerts that follow when several people name one target."""

from django.db import models

from wardmote.communities.models import Community
from wardmote.kernel.ids import new_id
from wardmote.kernel.urn import Urn
from wardmote.moderation.models.cases import Case


class Naming(models.Model):
    """One target that the text of a case names. Goes when the text is erased."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="namings")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="namings")
    kind = models.CharField(max_length=10)
    key = models.CharField(max_length=160)
    author = models.CharField(max_length=300, help_text="A member, or a platform and its id of somebody.")
    shown = models.CharField(max_length=160, help_text="The target in the text's own words.")
    saying = models.JSONField(help_text="The sentence's runs of words as numbers; empty where it is too short.")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "kind", "key"], name="naming_once")]
        indexes = [models.Index(fields=["community", "kind", "key", "-at"], name="naming_of_target")]

    def __str__(self) -> str:
        return f"{self.kind} in {self.case_id}"


class Alert(models.Model):
    """Several people name one target within the window. It links their cases and decides nothing."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="alerts")
    kind = models.CharField(max_length=10)
    key = models.CharField(max_length=160)
    shown = models.CharField(max_length=160)
    authors = models.PositiveIntegerField(
        db_column="voices", help_text="People who name it in their own words; never falls."
    )
    raised_at = models.DateTimeField()
    last_at = models.DateTimeField(help_text="When the newest case was linked.")
    cases = models.ManyToManyField(Case, through="AlertCase", related_name="alerts")

    class Meta:
        indexes = [
            models.Index(fields=["community", "kind", "key", "-last_at"], name="alert_of_target"),
            models.Index(fields=["community", "-last_at"], name="alert_newest"),
        ]

    def __str__(self) -> str:
        return str(self.urn)

    @property
    def urn(self) -> Urn:
        return Urn("alert", self.id)


class AlertCase(models.Model):
    """A case that belongs to an alert."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="links")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="alert_links")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["alert", "case"], name="alert_case_once")]

    def __str__(self) -> str:
        return f"{self.alert_id}: {self.case_id}"
