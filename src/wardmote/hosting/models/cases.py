"""Cases, their items and clocks, the checks, the disputes, and the host's own outages."""

from django.conf import settings
from django.db import models

from wardmote.hosting.models.contract import Acceptance, Clause, Customer
from wardmote.hosting.policy.clocks import Clock as Reading
from wardmote.hosting.policy.facts import Timed
from wardmote.hosting.policy.kinds import ClockName, Finding, ItemStatus, Stage
from wardmote.kernel.ids import new_id
from wardmote.kernel.urn import Urn


class Case(models.Model):
    """One account to which a customer is called, under the version of the policy that it had accepted."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="cases")
    contract = models.ForeignKey(Acceptance, on_delete=models.PROTECT, related_name="cases")
    stage = models.CharField(max_length=20, choices=[(s.value, s.value) for s in Stage])
    entered_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    summary = models.CharField(max_length=300)
    life_threat = models.BooleanField(default=False)
    extended_at = models.DateTimeField(null=True, blank=True)
    return_proven_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["stage", "-id"], name="host_case_by_stage")]
        constraints = [
            models.CheckConstraint(condition=models.Q(stage__in=[s.value for s in Stage]), name="host_case_stage_known")
        ]

    def __str__(self) -> str:
        return str(self.urn)

    @property
    def urn(self) -> Urn:
        return Urn("host_case", self.id)


class Item(models.Model):
    """One post by its address, with what was seen there, when and by whom."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="items")
    clause = models.ForeignKey(Clause, on_delete=models.PROTECT, related_name="items")
    url = models.CharField(max_length=500)
    capture = models.TextField()
    capture_hash = models.CharField(max_length=64, help_text="SHA-256 of the capture's UTF-8 bytes.")
    captured_at = models.DateTimeField()
    captured_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=20, choices=[(s.value, s.value) for s in ItemStatus])
    status_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "url"], name="host_item_once"),
            models.CheckConstraint(
                condition=models.Q(status__in=[s.value for s in ItemStatus]), name="host_item_status_known"
            ),
        ]

    def __str__(self) -> str:
        return self.url

    @property
    def urn(self) -> Urn:
        return Urn("host_item", self.id)


class Clock(models.Model):
    """A clock of a case, or of one of its items; see `policy.clocks` for what the columns mean."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="clocks")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, blank=True, related_name="clocks")
    name = models.CharField(max_length=20, choices=[(n.value, n.value) for n in ClockName])
    started_at = models.DateTimeField()
    length = models.DurationField()
    ran = models.DurationField()
    running_since = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["case"], condition=models.Q(ended_at__isnull=True), name="host_clock_unended")]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "name"],
                condition=models.Q(item__isnull=True, ended_at__isnull=True),
                name="host_clock_of_case_once",
            ),
            models.UniqueConstraint(fields=["item", "name"], name="host_clock_of_item_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.case_id}"

    def reading(self) -> Reading:
        """The clock as a plain value."""
        return Reading(self.started_at, self.length, self.ran, self.running_since)

    def as_timed(self) -> Timed:
        """The clock with what it measures, as the ladder looks at it."""
        item = None if self.item_id is None else Urn("host_item", self.item_id)
        return Timed(ClockName(self.name), self.reading(), item, self.ended_at)

    def store(self, reading: Reading) -> None:
        """Keep what a plain value has become."""
        self.length, self.ran, self.running_since = reading.length, reading.ran, reading.running_since
        self.save(update_fields=["length", "ran", "running_since"])


class Check(models.Model):
    """One look at an item's address as a stranger."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="checks")
    at = models.DateTimeField()
    finding = models.CharField(max_length=16, choices=[(f.value, f.value) for f in Finding])
    why = models.CharField(max_length=200)
    http_status = models.PositiveSmallIntegerField(null=True, blank=True)
    body_hash = models.CharField(max_length=64, blank=True, default="", help_text="SHA-256 of the bytes that came.")

    class Meta:
        indexes = [models.Index(fields=["item", "id"], name="host_check_of_item")]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.finding}"


class Dispute(models.Model):
    """A customer's word that an item breaks nothing, decided by somebody who did not open the case."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    item = models.OneToOneField(Item, on_delete=models.PROTECT, related_name="dispute")
    first_reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    words = models.TextField()
    opened_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    upheld = models.BooleanField(null=True, blank=True)
    reason = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(decided_by=models.F("first_reader")), name="dispute_read_by_another"
            ),
            models.CheckConstraint(
                condition=models.Q(decided_at__isnull=True, decided_by__isnull=True, upheld__isnull=True)
                | models.Q(decided_at__isnull=False, decided_by__isnull=False, upheld__isnull=False),
                name="dispute_decision_whole",
            ),
        ]

    def __str__(self) -> str:
        return str(self.urn)

    @property
    def urn(self) -> Urn:
        return Urn("host_dispute", self.id)


class Outage(models.Model):
    """A time in which we could not be reached; every customer's clock was given it back."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    reason = models.CharField(max_length=300)
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(started_at__lt=models.F("ended_at")), name="outage_begins_first")
        ]

    def __str__(self) -> str:
        return f"outage from {self.started_at}"

    @property
    def urn(self) -> Urn:
        return Urn("outage", self.id)
