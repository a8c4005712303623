from datetime import UTC, datetime, timedelta

import pytest

from wardmote.jobs import engine, operations, queries
from wardmote.jobs.engine import Handler, claims
from wardmote.jobs.models import Job
from wardmote.jobs.policy import KEEP_DONE, LEASE, MAX_ATTEMPTS, State, retry_delay

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def failing(*, now: datetime) -> None:
    raise ConnectionError("the server <carol@example.org> is not there")


class Steady:
    """A clock that nobody sets, moved by the test."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at

    def reaper(self) -> claims.Reaper:
        """One that has looked once, a lease ago."""
        reaper = claims.Reaper(LEASE, seconds=self)
        reaper.reap(now=NOON)
        self.at += LEASE.total_seconds()
        return reaper


HANDLERS: dict[str, Handler] = {"tests.failing": failing, "tests.quick": lambda *args, now: None}


def fail_for_good() -> datetime:
    """Put a job that fails and try it until it is given up; gives the last moment."""
    moment = NOON
    operations.put("tests.failing", now=NOON)
    for attempt in range(1, MAX_ATTEMPTS + 1):
        engine.run_due(HANDLERS, now=moment)
        moment += retry_delay(attempt)
    return moment


def test_a_handler_gets_the_arguments_and_the_time() -> None:
    """What was put is what the handler is called with."""
    seen: list[tuple[object, ...]] = []

    def remember(*args: object, now: datetime) -> None:
        seen.append((*args, now))

    operations.put("tests.remember", 7, "a word", now=NOON)
    engine.run_due({"tests.remember": remember}, now=NOON)

    assert seen == [(7, "a word", NOON)]
    assert queries.counts()[State.DONE] == 1


def test_a_job_for_later_waits() -> None:
    """Nothing runs before its time."""
    operations.put("tests.quick", now=NOON, run_at=NOON + SECOND)

    assert engine.run_due(HANDLERS, now=NOON) == 0
    assert engine.run_due(HANDLERS, now=NOON + SECOND) == 1


def test_a_failure_is_tried_again_after_a_wait() -> None:
    """The first failure puts the job off by two seconds."""
    operations.put("tests.failing", now=NOON)

    engine.run_due(HANDLERS, now=NOON)
    job = Job.objects.get()

    assert (job.state, job.attempts, job.run_at) == (State.READY, 1, NOON + 2 * SECOND)


def test_a_job_that_keeps_failing_is_given_up_and_seen() -> None:
    """After the last attempt a job stands among the failed with its error, addresses taken out, and runs no more."""
    later = fail_for_good()
    (row,) = queries.jobs(state=State.FAILED)

    assert row.attempts == MAX_ATTEMPTS
    assert row.last_error == "ConnectionError: the server <<address>> is not there"
    assert engine.run_due(HANDLERS, now=later + LEASE) == 0


def test_a_job_given_up_can_be_tried_again() -> None:
    """A retry gives a fresh set of attempts to the jobs named, or to all."""
    later = fail_for_good()
    nothing = operations.retry(job_ids=[1], now=later)
    everything = operations.retry(now=later)
    engine.run_due({"tests.failing": HANDLERS["tests.quick"]}, now=later)

    assert (nothing, everything) == (0, 1)
    assert [row.state for row in queries.jobs()] == [State.DONE]


def test_a_job_without_a_handler_is_put_off_and_says_so() -> None:
    """An unknown name is a failure like any other: a newer worker may know it."""
    operations.put("tests.unknown", now=NOON)

    engine.run_due(HANDLERS, now=NOON)

    assert queries.jobs()[0].last_error == "no handler is named tests.unknown"


def test_a_worker_given_up_for_dead_cannot_settle_what_another_holds() -> None:
    """Only the holder of the present attempt can say how a job ended."""
    operations.put("tests.quick", now=NOON)
    (stale,) = claims.claim(holder="slow", limit=1, now=NOON, lease=LEASE)
    later = NOON + LEASE + SECOND
    Steady().reaper().reap(now=later)
    claims.claim(holder="quick", limit=1, now=later, lease=LEASE)

    claims.settle([claims.Outcome(stale, "too late")], now=later)
    claims.renew([stale], now=later + LEASE, lease=LEASE)
    job = Job.objects.get()

    assert (job.state, job.claimed_by, job.last_error) == (State.RUNNING, "quick", "the worker slow was lost")
    assert job.lease_until == later + LEASE


def test_a_lease_that_was_renewed_is_not_reaped() -> None:
    """Saying that one is still at it keeps the job."""
    operations.put("tests.quick", now=NOON)
    held = claims.claim(holder="slow", limit=1, now=NOON, lease=LEASE)
    steady = Steady()
    reaper = steady.reaper()
    claims.renew(held, now=NOON + LEASE / 2, lease=LEASE)

    assert reaper.reap(now=NOON + LEASE) == 0
    steady.at += LEASE.total_seconds()
    assert reaper.reap(now=NOON + 2 * LEASE) == 1


@pytest.mark.parametrize("step", [timedelta(hours=1), -timedelta(hours=1)])
def test_a_clock_that_was_set_neither_robs_a_worker_nor_keeps_a_dead_ones_jobs(step: timedelta) -> None:
    """An hour forth, and a lease just made is not taken away; an hour back, and one that nobody renews runs out."""
    operations.put("tests.quick", now=NOON)
    claims.claim(holder="slow", limit=1, now=NOON, lease=LEASE)
    steady = Steady()
    reaper = claims.Reaper(LEASE, seconds=steady)

    assert reaper.reap(now=NOON + step) == 0
    steady.at += LEASE.total_seconds()
    assert reaper.reap(now=NOON + step) == 1


def test_a_job_for_now_does_not_wait_until_a_clock_that_was_set_back_has_caught_up() -> None:
    """What was put for at once runs at once; what was put for later keeps its time."""
    operations.put("tests.quick", now=NOON)
    operations.put("tests.quick", now=NOON, run_at=NOON + SECOND)
    earlier = NOON - timedelta(hours=1)

    assert claims.pull_back(now=earlier) == 1
    assert engine.run_due(HANDLERS, now=earlier) == 1
    assert claims.pull_back(now=NOON) == 0


def test_a_job_that_kills_its_worker_each_time_is_given_up() -> None:
    """A job found in the hands of a dead worker at every attempt fails for good."""
    operations.put("tests.quick", now=NOON)
    moment = NOON
    for _ in range(MAX_ATTEMPTS):
        claims.claim(holder="doomed", limit=1, now=moment, lease=LEASE)
        moment += LEASE + SECOND
        Steady().reaper().reap(now=moment)

    assert [(row.state, row.last_error) for row in queries.jobs()] == [(State.FAILED, "the worker doomed was lost")]


def test_what_was_done_long_ago_is_removed_and_what_failed_stays() -> None:
    """The table does not grow for ever, and nobody's failure is swept away."""
    later = fail_for_good()
    operations.put("tests.quick", now=later)
    engine.run_due(HANDLERS, now=later)

    assert claims.discard_done(now=later + KEEP_DONE) == 0
    assert claims.discard_done(now=later + KEEP_DONE + SECOND) == 1
    assert queries.counts() == {State.READY: 0, State.RUNNING: 0, State.DONE: 0, State.FAILED: 1}


def test_the_oldest_job_that_is_due_tells_how_late_the_work_is() -> None:
    """The queue's delay is counted from the moment the job should have run."""
    operations.put("tests.quick", now=NOON, run_at=NOON + SECOND)

    assert queries.oldest_due(now=NOON) is None
    assert queries.oldest_due(now=NOON + LEASE) == NOON + SECOND
