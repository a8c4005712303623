"""What the doctor says of work and letters that hang, straight from its checks."""

from datetime import timedelta

import pytest
from tests.console.test_letters import Transport, transport
from tests.scenario import HELD, Town, run_jobs

from wardmote.config.installation.doctor import inside
from wardmote.config.installation.doctor.finding import State as Health
from wardmote.jobs import operations as jobs
from wardmote.jobs.models import Job
from wardmote.jobs.policy import State
from wardmote.kernel.clock import now
from wardmote.outside import mail
from wardmote.record.models import Entry

__all__ = ["transport"]


@pytest.mark.django_db
def test_a_job_that_runs_for_long_is_a_fault() -> None:
    """A worker lives and is at one job for an hour: which, and since when."""
    job = jobs.put("journeys.look_at_item", 7, now=now())
    hour = timedelta(hours=1)
    Job.objects.filter(pk=job).update(state=State.RUNNING.value, begun_at=now() - hour, lease_until=now() + hour)
    (finding,) = inside.jobs()

    assert finding.state is Health.FAULT
    assert f"journeys.look_at_item {job} has run for 3,60" in finding.found


def test_letters_that_did_not_arrive_are_a_warning(town: Town, transport: Transport) -> None:
    """What is tried again, and what was given up, is counted; and how to try again is said."""
    town.post("bob", HELD)
    run_jobs(town.now)
    (waits,) = inside.letters()
    transport.error = mail.Refused("550 nobody here")
    run_jobs(town.pass_time(minutes=1))
    (given_up,) = inside.letters()

    assert "1 were not taken yet" in waits.found
    assert "1 could not be delivered by mail" in given_up.found
    assert "wardmote jobs retry" in given_up.mend


def test_a_clock_that_was_set_back_is_found_though_newer_rows_are_dated_earlier(town: Town) -> None:
    """The last entry tells nothing: it was written after the clock was set back. The one from the future does."""
    town.post("bob", "Good morning.")
    oldest = Entry.objects.earliest("id")
    Entry.objects.filter(pk=oldest.pk).update(created=now() + timedelta(days=300))
    found = next(inside.clocks())

    assert found.state is Health.FAULT
    assert "behind an entry of the record" in found.found
