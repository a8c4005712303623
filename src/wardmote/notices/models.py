"""What was said to whom, word for word, and the proof that it arrived."""

from django.conf import settings
from django.db import models

from wardmote.communities.models import Community
from wardmote.kernel.ids import new_id
from wardmote.kernel.urn import Urn
from wardmote.notices.policy import Channel, DeliveryState, Kind


class Notice(models.Model):
    """One message to one person, or to a contact, who has no account and so no inbox.

    `body` is exactly what is shown, and mailed with a link to `path`; it is never rendered again.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, null=True, blank=True, related_name="notices")
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="notices"
    )
    contact = models.ForeignKey(
        "people.Contact", on_delete=models.PROTECT, null=True, blank=True, related_name="notices"
    )
    kind = models.CharField(max_length=32, choices=[(k.value, k.value) for k in Kind])
    about = models.CharField(max_length=80, help_text="URN of what the notice is about.")
    subject = models.CharField(max_length=200)
    body = models.TextField()
    path = models.CharField(max_length=200, blank=True, default="", help_text="Where the reader can act on it.")
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["recipient", "community", "-id"], name="notice_inbox")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(recipient__isnull=False, contact__isnull=True)
                | models.Q(recipient__isnull=True, contact__isnull=False),
                name="notice_to_one",
            )
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def urn(self) -> Urn:
        return Urn("notice", self.id)


class Delivery(models.Model):
    """One attempt-until-done to bring a notice to its reader by one channel, with the transport's own words."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=10, choices=[(c.value, c.value) for c in Channel])
    state = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in DeliveryState], default=DeliveryState.PENDING.value
    )
    message_id = models.CharField(max_length=200, blank=True, default="")
    content_hash = models.CharField(max_length=64, blank=True, default="", help_text="SHA-256 of the bytes sent.")
    transport_reply = models.TextField(blank=True, default="")
    delivered_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveIntegerField(default=0, help_text="How often it was not taken since it was put.")
    failed_at = models.DateTimeField(null=True, blank=True, help_text="When it was given up.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "channel"], name="delivery_once")]

    def __str__(self) -> str:
        return f"{self.notice_id} by {self.channel}"
