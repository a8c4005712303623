"""One row a job."""

from django.db import models

from wardmote.jobs.policy import State
from wardmote.kernel.ids import new_id


class Job(models.Model):
    """Work to be done after the transaction that asked for it: a name and plain arguments (ids)."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=80)
    args = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in State], default=State.READY.value)
    run_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    claimed_by = models.CharField(max_length=80, blank=True, default="")
    begun_at = models.DateTimeField(
        null=True, blank=True, help_text="When a running attempt began; noted once it takes a while."
    )
    lease_until = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True, default="")
    created_at = models.DateTimeField()
    asked_by = models.BigIntegerField(
        null=True, blank=True, editable=False, help_text="The job that put this one; it puts it once."
    )
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["run_at", "id"], condition=models.Q(state=State.READY.value), name="job_ready"),
            models.Index(fields=["lease_until"], condition=models.Q(state=State.RUNNING.value), name="job_running"),
            models.Index(fields=["asked_by"], condition=models.Q(asked_by__isnull=False), name="job_asked_by"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.id}"
