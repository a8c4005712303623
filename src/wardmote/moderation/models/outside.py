"""What outside platforms tell: posts, events, reports; and scores that clients suggest."""

from django.db import models

from wardmote.communities.models import Community
from wardmote.kernel.ids import new_id
from wardmote.kernel.urn import Urn
from wardmote.moderation.models.cases import Case, Item
from wardmote.moderation.policy import ReportReason


class OutsidePost(models.Model):
    """A post whose home is elsewhere, as its platform last told of it; `url` is the subject of its items and cases."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="outside_posts")
    source = models.CharField(max_length=80, help_text="The platform, as it calls itself.")
    source_id = models.CharField(max_length=200, help_text="The post's id there.")
    url = models.CharField(max_length=500)
    author = models.CharField(max_length=200, blank=True, default="", help_text="The author's id there.")
    text = models.TextField()
    told_at = models.DateTimeField()
    is_told = models.BooleanField(
        default=True, help_text="No while an edit or a report of it has come, but not yet the post itself."
    )
    edited_at = models.DateTimeField(null=True, blank=True, help_text="When it was last told with another text.")
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "source", "source_id"], name="outside_post_once"),
            models.UniqueConstraint(fields=["community", "url"], name="outside_post_url_once"),
        ]

    def __str__(self) -> str:
        return self.url

    @property
    def urn(self) -> Urn:
        return Urn("outside_post", self.id)


class OutsideEvent(models.Model):
    """One thing that a platform told us, kept so that telling it again changes nothing; `answer` is what we said."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="outside_events")
    source = models.CharField(max_length=80)
    event_id = models.CharField(max_length=200)
    digest = models.CharField(
        max_length=64, help_text="SHA-256 of what was told, to know another thing of the same id."
    )
    answer = models.JSONField()
    received_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "source", "event_id"], name="outside_event_once")]

    def __str__(self) -> str:
        return f"{self.source} {self.event_id}"


class OutsideReport(models.Model):
    """The word of somebody on an outside platform that something is wrong."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="outside_reports")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="outside_reports")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="outside_reports")
    reporter = models.CharField(max_length=200, help_text="The reporter's id there.")
    reason = models.CharField(max_length=20, choices=[(r.value, r.value) for r in ReportReason])
    comment = models.TextField(blank=True, default="")
    filed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "reporter"], name="outside_report_once")]

    def __str__(self) -> str:
        return str(self.urn)

    @property
    def urn(self) -> Urn:
        return Urn("outside_report", self.id)


class Suggestion(models.Model):
    """What somebody believes a text's scores should have been, waiting for a person to review it."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    key_id = models.CharField(max_length=40, help_text="The key by which it came.")
    realm = models.CharField(max_length=80, blank=True, default="")
    text = models.TextField()
    scores = models.JSONField(help_text="Perspective's attribute to the score suggested.")
    languages = models.JSONField(default=list)
    received_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.urn)

    @property
    def urn(self) -> Urn:
        return Urn("suggestion", self.id)
