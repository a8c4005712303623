"""What was said, in the bytes in which it was said, and what proves that."""

from django.conf import settings
from django.db import models

from wardmote.hosting.models.cases import Case, Item
from wardmote.hosting.models.contract import Customer
from wardmote.hosting.models.decisions import Proposal
from wardmote.hosting.policy.kinds import AnswerKind, NoticeKind
from wardmote.kernel.ids import new_id
from wardmote.kernel.urn import Urn


class Notice(models.Model):
    """One letter to a customer. `document` is exactly what was sent (UTF-8), `hash` its SHA-256.

    `deadline` is set at delivery. `proof` is what the other side, or its desk, said when it took the letter. `entry_id`
    names the record's entry of the delivery, of which the customer gets the receipt.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=16, choices=[(k.value, k.value) for k in NoticeKind])
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, null=True, blank=True, related_name="notices")
    subject = models.CharField(max_length=200)
    body = models.TextField()
    hours = models.PositiveIntegerField()
    document = models.TextField()
    hash = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    delivered_at = models.DateTimeField(null=True, blank=True)
    deadline = models.DateTimeField(null=True, blank=True)
    proof = models.TextField(blank=True, default="")
    entry_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(delivered_at__isnull=True, deadline__isnull=True, entry_id__isnull=True)
                | models.Q(delivered_at__isnull=False, deadline__isnull=False, entry_id__isnull=False),
                name="host_notice_delivery_whole",
            )
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def urn(self) -> Urn:
        return Urn("host_notice", self.id)


class Answer(models.Model):
    """What a customer answered, verbatim. `given` is the answer's own URN at the customer's."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="answers")
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="answers")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, blank=True, related_name="answers")
    given = models.CharField(max_length=80)
    kind = models.CharField(max_length=16, choices=[(k.value, k.value) for k in AnswerKind])
    words = models.TextField(blank=True, default="")
    document = models.TextField()
    hash = models.CharField(max_length=64)
    given_at = models.DateTimeField()
    received_at = models.DateTimeField()
    entry_id = models.BigIntegerField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["customer", "given"], name="host_answer_once")]

    def __str__(self) -> str:
        return f"{self.kind} to {self.notice_id}"

    @property
    def urn(self) -> Urn:
        return Urn("host_answer", self.id)


class Receipt(models.Model):
    """A receipt about a notice or an answer: one we gave, or with `kept` one of the other side's log that we keep.

    `about` is the URN of the notice (ours) or of the answer (the customer's).
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="receipts")
    about = models.CharField(max_length=80)
    kept = models.BooleanField()
    origin = models.CharField(max_length=200)
    index = models.BigIntegerField()
    size = models.BigIntegerField()
    text = models.TextField()
    at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "about", "kept"], name="host_receipt_once")]

    def __str__(self) -> str:
        return f"receipt of {self.about}"

    @property
    def urn(self) -> Urn:
        return Urn("host_receipt", self.id)
