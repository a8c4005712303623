from datetime import UTC, datetime

import pytest

from wardmote.edges.cli.main import main
from wardmote.jobs.models import Job
from wardmote.jobs.policy import MAX_ATTEMPTS, State

pytestmark = pytest.mark.django_db(transaction=True)
NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


def fail_a_job() -> Job:
    return Job.objects.create(
        name="notices.deliver_email", args=[7], state=State.FAILED.value, run_at=NOON, created_at=NOON,
        attempts=MAX_ATTEMPTS, last_error="NotTaken: 550 no such mailbox",
    )  # fmt: skip


def test_what_failed_is_listed_with_its_error(capsys: pytest.CaptureFixture[str]) -> None:
    """The host's staff see counts, the job, and why it was given up."""
    job = fail_a_job()
    status = main(["jobs", "list", "--state", "failed"])
    counts, line = capsys.readouterr().out.splitlines()

    assert status == 0
    assert counts == "0 ready, 0 running, 0 done, 1 failed"
    assert line == f"{job.pk}  2026-01-02T12:00:00.000Z  failed   8  notices.deliver_email(7)  {job.last_error}"


def test_what_failed_can_be_put_back(capsys: pytest.CaptureFixture[str]) -> None:
    """A retry makes the job ready, with its attempts counted from none."""
    job = fail_a_job()
    status = main(["jobs", "retry", str(job.pk)])
    job.refresh_from_db()

    assert (status, capsys.readouterr().out.strip()) == (0, "1 jobs will be tried again")
    assert (job.state, job.attempts) == (State.READY, 0)
