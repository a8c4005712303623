"""Where decisions are told, and how each message went."""

from django.db import models

from wardmote.communities.models import Community
from wardmote.kernel.ids import new_id
from wardmote.kernel.urn import Urn
from wardmote.moderation.models.cases import Decision
from wardmote.moderation.policy.outside import DeliveryState


class Webhook(models.Model):
    """Where a community's platform wants to hear of decisions.

    The secret follows from the installation's own and from `secret_id`, and is stored nowhere. Until `former_until` the
    one before is signed with as well, so that a receiver can change over without losing a message.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    community = models.OneToOneField(Community, on_delete=models.PROTECT, related_name="webhook")
    url = models.CharField(max_length=500)
    set_at = models.DateTimeField()
    secret_id = models.BigIntegerField(default=new_id, editable=False)
    former_secret_id = models.BigIntegerField(null=True, blank=True, editable=False)
    former_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.url

    @property
    def urn(self) -> Urn:
        return Urn("webhook", self.id)


class WebhookDelivery(models.Model):
    """One message to a platform: that a decision was made, or reversed. Its id is the same at every try."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="webhook_deliveries")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="webhook_deliveries")
    event = models.CharField(max_length=40)
    state = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in DeliveryState], default=DeliveryState.WAITING.value
    )
    tries = models.PositiveIntegerField(default=0, help_text="Since it was last asked for.")
    created_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["decision", "event"], name="webhook_delivery_once")]
        indexes = [models.Index(fields=["community", "-id"], name="webhook_delivery_log")]

    def __str__(self) -> str:
        return f"{self.event} {self.id}"

    @property
    def urn(self) -> Urn:
        return Urn("webhook_delivery", self.id)


class WebhookTry(models.Model):
    """One try of a delivery: what was sent, by its hash, and what came back."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    delivery = models.ForeignKey(WebhookDelivery, on_delete=models.CASCADE, related_name="log")
    at = models.DateTimeField()
    content_hash = models.CharField(max_length=64, blank=True, default="", help_text="SHA-256 of the body sent.")
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    reply = models.CharField(max_length=500, blank=True, default="")

    def __str__(self) -> str:
        return f"{self.delivery_id}: {self.status or self.reply}"
