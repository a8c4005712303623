"""Reports by visitors: those whose address is not confirmed yet, and those that count."""

from django.db import models

from wardmote.communities.models import Community
from wardmote.kernel.ids import new_id
from wardmote.kernel.urn import Urn
from wardmote.moderation.models.cases import Case, Item
from wardmote.moderation.policy import ReportReason


class UnconfirmedReport(models.Model):
    """What a visitor filled in. It has no effect, is on no record and is thrown away, unless its link is followed.

    `mailbox` is what mails to one box are counted by; `mail_at`: when the link was put on its way.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="unconfirmed_reports")
    subject = models.CharField(max_length=80, help_text="URN of what is reported.")
    content_hash = models.CharField(max_length=64, help_text="SHA-256 of the text that was seen.")
    reason = models.CharField(max_length=20, choices=[(r.value, r.value) for r in ReportReason])
    comment = models.TextField()
    name = models.CharField(max_length=120, blank=True, default="")
    address = models.EmailField(max_length=254)
    mailbox = models.CharField(max_length=254)
    language = models.CharField(max_length=12, blank=True, default="")
    made_at = models.DateTimeField(db_index=True)
    mail_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["mailbox", "mail_at"], name="unconfirmed_of_box"),
            models.Index(fields=["community", "subject", "made_at"], name="unconfirmed_of_item"),
            models.Index(fields=["community", "made_at"], name="unconfirmed_of_community"),
        ]

    def __str__(self) -> str:
        return f"unconfirmed report {self.pk}"


class VisitorReport(models.Model):
    """The word of somebody without an account that something is wrong. Its id is that of the unconfirmed one.

    Without a contact nobody answers for it: it names child abuse, for which the law asks for no address.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="visitor_reports")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="visitor_reports")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="visitor_reports")
    contact = models.ForeignKey(
        "people.Contact", on_delete=models.PROTECT, null=True, blank=True, related_name="visitor_reports"
    )
    reason = models.CharField(max_length=20, choices=[(r.value, r.value) for r in ReportReason])
    comment = models.TextField(blank=True, default="")
    filed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "contact"], name="visitor_report_once")]

    def __str__(self) -> str:
        return str(self.urn)

    @property
    def urn(self) -> Urn:
        return Urn("visitor_report", self.id)
