"""Who the customers are, what they may not do, and that they accepted it."""

from django.conf import settings
from django.db import models

from wardmote.communities.models import Community
from wardmote.communities.policy import Severity
from wardmote.kernel.ids import new_id
from wardmote.kernel.urn import Urn


class AcceptableUse(models.Model):
    """One published version of the host's policy, with the ladder's terms. Never edited: a change is the next number.

    `document` is the canonical JSON whose SHA-256 is `hash`.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    number = models.PositiveIntegerField(unique=True)
    title = models.CharField(max_length=120)
    document = models.TextField()
    hash = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.title}, version {self.number}"

    @property
    def urn(self) -> Urn:
        return Urn("acceptable_use", self.id)


class Clause(models.Model):
    """One clause of one version."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    policy = models.ForeignKey(AcceptableUse, on_delete=models.PROTECT, related_name="clauses")
    position = models.PositiveIntegerField()
    key = models.CharField(max_length=16)
    title = models.CharField(max_length=120)
    text = models.TextField()
    category = models.CharField(max_length=40)
    severity = models.PositiveSmallIntegerField(choices=[(s.value, s.name.lower()) for s in Severity])

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["policy", "key"], name="aup_clause_key_once")]

    def __str__(self) -> str:
        return f"{self.key} {self.title}"


class Customer(models.Model):
    """A community we host: one of this installation, or one elsewhere that is reached at `base_url`.

    `key` is the public key of the other installation's log (`name+keyid+base64`), `origin` the name in it, and `slug`
    the community's short name there. All three are empty for a community of our own.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    community = models.OneToOneField(
        Community, on_delete=models.PROTECT, null=True, blank=True, related_name="customer"
    )
    name = models.CharField(max_length=80)
    slug = models.CharField(max_length=40)
    base_url = models.CharField(max_length=200, blank=True, default="")
    origin = models.CharField(max_length=200, blank=True, default="")
    key = models.CharField(max_length=300, blank=True, default="")
    enrolled_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["origin", "slug"], condition=~models.Q(origin=""), name="customer_once"),
            models.CheckConstraint(
                condition=models.Q(community__isnull=False, base_url="", key="", origin="")
                | models.Q(community__isnull=True) & ~models.Q(base_url="") & ~models.Q(key="") & ~models.Q(origin=""),
                name="customer_here_or_elsewhere",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def urn(self) -> Urn:
        return Urn("customer", self.id)

    @property
    def community_urn(self) -> Urn | None:
        """The community as the record names it; None for one elsewhere."""
        return None if self.community_id is None else Urn("community", self.community_id)


class Acceptance(models.Model):
    """That a customer accepted a version, with the hash of what its owner was shown."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="acceptances")
    policy = models.ForeignKey(AcceptableUse, on_delete=models.PROTECT, related_name="acceptances")
    hash = models.CharField(max_length=64)
    accepted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "policy"], name="aup_acceptance_once")]

    def __str__(self) -> str:
        return f"{self.customer_id} accepted {self.policy_id}"

    @property
    def urn(self) -> Urn:
        return Urn("acceptance", self.id)
