import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from tests.databases import database_url

from wardmote.config.jobs import HANDLERS
from wardmote.jobs import engine, operations
from wardmote.jobs.engine import Handler, claims, run_worker, worker
from wardmote.jobs.models import Job
from wardmote.jobs.policy import State
from wardmote.kernel.clock import now

pytestmark = pytest.mark.django_db(transaction=True)
SLOW_WORKER = Path(__file__).with_name("slow_worker.py")
SECOND = timedelta(seconds=1)


@contextmanager
def working(handlers: dict[str, Handler], *, lease: timedelta = SECOND) -> Iterator[threading.Thread]:
    """A worker in a thread for as long as the block lasts."""
    stop = threading.Event()
    thread = threading.Thread(target=run_worker, args=(stop, handlers), kwargs={"lease": lease})
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
    while not log.exists():
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
