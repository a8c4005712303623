import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from tests.databases import database_url

from wardmote.config.jobs import HANDLERS
from wardmote.jobs import engine, operations, queries
from wardmote.jobs.engine import Handler, claims, run_worker, worker
from wardmote.jobs.models import Job
from wardmote.jobs.policy import State
from wardmote.kernel.clock import now

pytestmark = pytest.mark.django_db(transaction=True)
SLOW_WORKER = Path(__file__).with_name("slow_worker.py")
SECOND = timedelta(seconds=1)


@contextmanager
def working(handlers: dict[str, Handler], *, lease: timedelta = SECOND, **options: Any) -> Iterator[threading.Thread]:
    """A worker in a thread for as long as the block lasts."""
    stop = threading.Event()
    thread = threading.Thread(target=run_worker, args=(stop, handlers), kwargs={"lease": lease, **options})
    thread.start()
    try:
        yield thread
    finally:
        stop.set()
        engine.wake()
        thread.join(20)


def wait_for(state: State, *, count: int = 1, seconds: float = 15) -> float:
    """Until so many jobs are in that state; gives the seconds it took."""
    began = time.monotonic()
    while Job.objects.filter(state=state.value).count() != count:
        assert time.monotonic() - began < seconds, list(Job.objects.values_list("name", "state", "last_error"))
        time.sleep(0.01)
    return time.monotonic() - began


def test_a_job_whose_worker_was_killed_is_finished_by_the_next(tmp_path: Path) -> None:
    """A worker killed with -9 in mid-job loses nothing: the next one does the job, once."""
    log = tmp_path / "log"
    operations.put("tests.slow", "Bob's post", now=now())
    environment = os.environ | {"DATABASE_URL": database_url(connection), "PYTHONPATH": os.pathsep.join(sys.path)}
    killed = subprocess.Popen([sys.executable, str(SLOW_WORKER), str(log)], env=environment)
    while not (log.exists() and log.read_text(encoding="utf-8")):
        assert killed.poll() is None
        time.sleep(0.02)
    killed.kill()
    killed.wait()
    left = Job.objects.get()
    done: list[object] = []

    def finish(word: object, *, now: datetime) -> None:
        done.append(word)

    with working({"tests.slow": finish}):
        wait_for(State.DONE)

    assert (left.state, left.attempts) == (State.RUNNING, 1)
    assert log.read_text(encoding="utf-8") == f"Bob's post begun by {killed.pid}"
    assert done == ["Bob's post"]
    assert Job.objects.get().attempts == 2


def test_a_worker_that_takes_long_keeps_its_job() -> None:
    """A job that outlasts its lease is not given to another worker while its own is alive."""
    begun: list[float] = []

    def slow(*, now: datetime) -> None:
        begun.append(time.monotonic())
        time.sleep(1.2)

    operations.put("tests.slow", now=now())
    lease = timedelta(seconds=0.4)
    with working({"tests.slow": slow}, lease=lease), working({"tests.slow": slow}, lease=lease):
        wait_for(State.DONE)

    assert len(begun) == 1


def test_mail_that_hangs_holds_up_nothing_but_mail() -> None:
    """While ten mails wait for a server that does not answer, a post is fanned out and a webhook sent."""
    answered = threading.Event()
    done: list[str] = []
    handlers: dict[str, Handler] = {
        "notices.deliver_email": lambda *, now: answered.wait(30),
        "moderation.deliver_webhook": lambda *, now: done.append("webhook"),
        "network.fan_out": lambda *, now: done.append("post"),
    }
    for _ in range(10):
        operations.put("notices.deliver_email", now=now())
    operations.put("moderation.deliver_webhook", now=now() + SECOND / 100)
    operations.put("network.fan_out", now=now() + SECOND / 100)
    with working(handlers, lease=10 * SECOND):
        wait_for(State.DONE, count=2)
        sent = sorted(done)
        answered.set()

    assert sent == ["post", "webhook"]


def test_a_worker_whose_clock_is_set_back_keeps_its_job() -> None:
    """It renews its leases by a clock that nobody sets, so no other worker does the same once more."""
    begun: list[float] = []
    back = timedelta()
    beats: list[float] = []

    def slow(*, now: datetime) -> None:
        begun.append(time.monotonic())
        time.sleep(2)

    options: dict[str, Any] = {"lease": SECOND / 2, "now": lambda: now() - back}
    with working({"tests.slow": slow}, beat=lambda: beats.append(time.monotonic()), **options):
        while len(beats) < 2:
            time.sleep(0.01)
        back = timedelta(hours=1)
        operations.put("tests.slow", now=now() - back)
        while not begun:
            time.sleep(0.01)
        with working({"tests.slow": slow}, **options):
            wait_for(State.DONE)

    assert len(begun) == 1


def test_a_job_that_takes_long_is_said_in_the_log_and_noted(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The operator learns which job is at it and since when, and a worker with no thread left beats no more."""
    monkeypatch.setattr(worker, "SAY_EVERY", 0.3)
    monkeypatch.setattr(worker, "NOTED_AFTER", 0.2)
    monkeypatch.setattr(worker, "LONG", SECOND / 2)
    answered = threading.Event()
    beats: list[float] = []
    operations.put("tests.slow", now=now())
    with working(
        {"tests.slow": lambda *, now: answered.wait(30)}, threads=1, beat=lambda: beats.append(time.monotonic())
    ):
        deadline = time.monotonic() + 15
        while not (Job.objects.exclude(begun_at=None).exists() and "has run for" in caplog.text):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        (long,) = queries.long_running(now=now(), longer_than=timedelta())
        time.sleep(1)
        stuck_since = beats[-1]
        time.sleep(0.6)
        last = beats[-1]
        answered.set()
        wait_for(State.DONE)

    assert long.name == "tests.slow"
    assert last == stuck_since
    assert Job.objects.get().begun_at is None


def test_a_job_put_in_this_process_is_begun_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker is woken by the commit, not by its next look."""
    monkeypatch.setattr(worker, "POLL_SECONDS", 30)
    with working({"tests.quick": lambda *, now: None}):
        time.sleep(0.3)
        operations.put("tests.quick", now=now())
        seconds = wait_for(State.DONE)

    assert seconds < 5


def test_a_stopping_worker_finishes_what_it_began_and_gives_back_the_rest() -> None:
    """After a stop every job is either done or ready again, with its attempts uncounted."""
    began = threading.Event()

    def slow(*, now: datetime) -> None:
        began.set()
        time.sleep(0.3)

    for _ in range(worker.THREADS + 6):
        operations.put("tests.slow", now=now())
    with working({"tests.slow": slow}):
        began.wait(10)
    states = list(Job.objects.values_list("state", "attempts"))

    assert {(State.DONE.value, 1), (State.READY.value, 0)} == set(states)


def test_no_job_is_claimed_twice() -> None:
    """Four workers that claim at once share the jobs out without one going to two of them."""
    for _ in range(120):
        operations.put("tests.quick", now=now())
    taken: list[int] = []

    def claim_all(name: str) -> None:
        while batch := claims.claim(holder=name, limit=7, now=now(), lease=SECOND * 60):
            taken.extend(claim.job_id for claim in batch)
        connection.close()

    threads = [threading.Thread(target=claim_all, args=(name,)) for name in ("a", "b", "c", "d")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    while batch := claims.claim(holder="last", limit=7, now=now(), lease=SECOND * 60):
        taken.extend(claim.job_id for claim in batch)

    assert sorted(Job.objects.values_list("pk", flat=True)) == sorted(taken)


def test_a_transaction_rolled_back_asks_for_nothing() -> None:
    """A job is part of the caller's transaction."""
    with transaction.atomic():
        operations.put("tests.quick", now=now())
        transaction.set_rollback(True)

    assert Job.objects.count() == 0


def test_every_name_in_the_registry_has_its_function() -> None:
    """The worker of an installation finds all its handlers when it starts."""
    assert set(engine.resolve(HANDLERS)) == set(HANDLERS)
