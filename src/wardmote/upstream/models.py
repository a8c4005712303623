"""The host as a community knows it, its policy and letters, what was answered, and what proves that."""

from django.db import models

from wardmote.communities.models import Community, Membership
from wardmote.kernel.ids import new_id
from wardmote.kernel.urn import Urn
from wardmote.upstream.policy import AnswerKind


class Host(models.Model):
    """Who hosts a community: this installation, or one elsewhere at `base_url` whose log has the public key `key`."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    community = models.OneToOneField(Community, on_delete=models.PROTECT, related_name="host")
    base_url = models.CharField(max_length=200, blank=True, default="")
    origin = models.CharField(max_length=200, blank=True, default="")
    key = models.CharField(max_length=300, blank=True, default="")
    named_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(base_url="", key="", origin="")
                | ~models.Q(base_url="") & ~models.Q(key="") & ~models.Q(origin=""),
                name="host_here_or_elsewhere",
            )
        ]

    def __str__(self) -> str:
        return self.base_url or "this installation"

    @property
    def urn(self) -> Urn:
        return Urn("upstream_host", self.id)


class HostPolicy(models.Model):
    """A version of the host's acceptable-use policy as it was received; `document` is the JSON that `hash` is of.

    `key` is the key under which it came; empty where this installation is the host.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="host_policies")
    key = models.CharField(max_length=300, blank=True, default="")
    number = models.PositiveIntegerField()
    hash = models.CharField(max_length=64)
    document = models.TextField()
    received_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "key", "number"], name="host_policy_once"),
            models.CheckConstraint(
                condition=models.Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | models.Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="host_policy_acceptance_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.number} for {self.community_id}"

    @property
    def urn(self) -> Urn:
        return Urn("upstream_policy", self.id)


class Item(models.Model):
    """One post that the host asks about. `issued` is its URN at the host; `case_id` is our own moderation's case."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="upstream_items")
    issued = models.CharField(max_length=80)
    url = models.CharField(max_length=500)
    clause_key = models.CharField(max_length=16)
    category = models.CharField(max_length=40)
    capture = models.TextField()
    capture_hash = models.CharField(max_length=64)
    seen_at = models.DateTimeField()
    case_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["case_id"], name="upstream_item_by_case")]
        constraints = [models.UniqueConstraint(fields=["community", "issued"], name="upstream_item_once")]

    def __str__(self) -> str:
        return self.url

    @property
    def urn(self) -> Urn:
        return Urn("upstream_item", self.id)


class Notice(models.Model):
    """One letter of the host. `document` is exactly what came in (UTF-8), `hash` its SHA-256, `issued` its URN.

    `key` is the key under which it came; empty where this installation is the host. `overruled_at` is when the operator
    ended the measure that it brought.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="upstream_notices")
    key = models.CharField(max_length=300, blank=True, default="")
    issued = models.CharField(max_length=80)
    host_case = models.CharField(max_length=80)
    kind = models.CharField(max_length=16)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    reason = models.TextField(blank=True, default="", help_text="What visitors read if it stops the community.")
    document = models.TextField()
    hash = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    deadline = models.DateTimeField()
    overruled_at = models.DateTimeField(null=True, blank=True)
    entry_id = models.BigIntegerField()
    items = models.ManyToManyField(Item, related_name="notices")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["community", "issued"], name="upstream_notice_once")]

    def __str__(self) -> str:
        return self.subject

    @property
    def urn(self) -> Urn:
        return Urn("upstream_notice", self.id)


class Answer(models.Model):
    """What the community answered, verbatim, in the bytes that were sent. `given_by` is empty where a moderator's
    decision speaks, which `decision_id` names."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="upstream_answers")
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="answers")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, blank=True, related_name="answers")
    kind = models.CharField(max_length=16, choices=[(k.value, k.value) for k in AnswerKind])
    words = models.TextField(blank=True, default="")
    document = models.TextField()
    hash = models.CharField(max_length=64)
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decision_id = models.BigIntegerField(null=True, blank=True)
    entry_id = models.BigIntegerField()
    sent_at = models.DateTimeField(null=True, blank=True)
    proof = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["item", "decision_id"], name="upstream_decision_told_once")]

    def __str__(self) -> str:
        return f"{self.kind} to {self.notice_id}"

    @property
    def urn(self) -> Urn:
        return Urn("upstream_answer", self.id)


class Receipt(models.Model):
    """A receipt about a letter or an answer: one we gave, or with `kept` one of the host's log that we keep."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="upstream_receipts")
    about = models.CharField(max_length=80)
    kept = models.BooleanField()
    origin = models.CharField(max_length=200)
    index = models.BigIntegerField()
    size = models.BigIntegerField()
    text = models.TextField()
    at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "about", "kept"], name="upstream_receipt_once")]

    def __str__(self) -> str:
        return f"receipt of {self.about}"

    @property
    def urn(self) -> Urn:
        return Urn("upstream_receipt", self.id)
