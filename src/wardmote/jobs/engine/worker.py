"""The worker: claims jobs in batches, carries them out in a few threads, keeps its leases alive, and reaps.

One thread, the caller's, does all the bookkeeping; the others only run handlers. A handler may take longer than a
lease: the bookkeeper renews it for as long as this process lives, however long that is, because a job that another
takes over while it is still being done would be done twice. A worker that dies renews nothing, and the next one takes
over. What takes longer than anything should is said in the log, and a worker all of whose threads are caught in such
work says no more that it is alive, so that whoever watches it starts it anew.

All pacing is by the clock that nobody sets.
"""

import logging
import os
import queue
import secrets
import socket
import threading
import time
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import DatabaseError, close_old_connections, connection
from django.utils.module_loading import import_string

from wardmote.jobs.engine import claims
from wardmote.jobs.engine.at_work import at_work
from wardmote.jobs.engine.claims import Claim, Outcome
from wardmote.jobs.engine.waiting import Waiting
from wardmote.jobs.engine.wake import sleep, wake
from wardmote.jobs.policy import LEASE, LONG, OUTSIDE, describe
from wardmote.kernel import clock

_T = TypeVar("_T")

log = logging.getLogger(__name__)

THREADS = 4
BATCH = 64
"""Claims held at once."""
OF_ONE_KIND = 32
OF_ONE_KIND_OUTSIDE = 4
"""So many of them may be of one kind: what waits behind a kind that hangs is open to other workers."""
POLL_SECONDS = 0.25
REAP_EVERY = 5.0
DISCARD_EVERY = 600.0
SAY_EVERY = 60.0
NOTED_AFTER = 5.0
"""Seconds after which the start of a job is written down, where `wardmote doctor` sees it."""
GRACE_SECONDS = 10.0
"""How long a stopping worker waits for what is running; what takes longer is done again by the next worker."""


Handler = Callable[..., object]
"""Called with a job's args and `now=`; harmless to repeat, since a worker may die just before it says it is done."""


def resolve(handlers: Mapping[str, str]) -> dict[str, Handler]:
    """The functions behind dotted paths; raises ImportError at once, not when the first such job comes."""
    return {name: import_string(path) for name, path in handlers.items()}


def attempt(claim: Claim, handlers: Mapping[str, Handler], *, now: datetime) -> Outcome:
    """Carry out one job; whatever it raises becomes the outcome."""
    handler = handlers.get(claim.name)
    if handler is None:
        return Outcome(claim, f"no handler is named {claim.name}")
    try:
        with at_work(claim.job_id):
            handler(*claim.args, now=now)
    except Exception as error:  # noqa: BLE001 - whatever a handler raises is how its attempt ended
        log.warning("job %s %s failed at attempt %s: %s", claim.name, claim.job_id, claim.attempt, describe(error))
        return Outcome(claim, describe(error))
    return Outcome(claim)


def run_due(handlers: Mapping[str, Handler], *, only: Collection[str] = (), now: datetime) -> int:
    """Carry out in this thread all that is due at `now`, and what that puts for `now`; gives how many attempts.

    `only`: of these kinds; where none is named, of every kind.
    """
    attempts = 0
    while taken := claims.claim(holder=new_name(), limit=BATCH, now=now, lease=LEASE, only=only):
        for claim in taken:
            claims.settle([attempt(claim, handlers, now=now)], now=now)
        attempts += len(taken)
    return attempts


def run_worker(
    stop: threading.Event,
    handlers: Mapping[str, Handler],
    *,
    threads: int = THREADS,
    lease: timedelta = LEASE,
    now: Callable[[], datetime] = clock.now,
    beat: Callable[[], object] = lambda: None,
    tidy: Callable[[], object] = lambda: None,
) -> None:
    """Work until `stop` is set (call `wake()` after setting it to be heard at once).

    `now` is the clock: a worker is an edge to its jobs, and hands each the moment at which it begins. `beat` is called
    at every turn for as long as a thread is left that could do something, `tidy` where finished jobs are discarded.
    """
    worker = _Worker(handlers, threads=threads, lease=lease, clock=now, tidy=tidy)
    try:
        while not stop.is_set():
            if not worker.is_stuck():
                beat()
            try:
                busy = worker.turn()
            except DatabaseError as error:
                # The database may be restarting or full: leases run on, and the next turn tries again.
                log.error("the database refuses the worker: %s", describe(error))  # noqa: TRY400 - one line a turn
                connection.close()
                stop.wait(1.0)
                continue
            if not busy:
                sleep(POLL_SECONDS)
    finally:
        worker.finish()


def new_name() -> str:
    """A name for a worker that no other ever has: machine, process, and a random part."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"


class _Worker:
    """What one worker knows: the claims that it holds, and how those ended that it has not written down yet."""

    def __init__(
        self,
        handlers: Mapping[str, Handler],
        *,
        threads: int,
        lease: timedelta,
        clock: Callable[[], datetime],
        tidy: Callable[[], object] = lambda: None,
    ) -> None:
        self._name = new_name()
        self._handlers, self._lease, self._clock, self._tidy = handlers, lease, clock, tidy
        self._held: dict[int, Claim] = {}
        self._waiting = Waiting(threads)
        self._ended: queue.SimpleQueue[Outcome] = queue.SimpleQueue()
        self._reaper = claims.Reaper(lease)
        seconds = lease.total_seconds()
        self._renewing, self._reaping = Every(seconds / 3), Every(min(REAP_EVERY, seconds / 2))
        self._discarding, self._saying = Every(DISCARD_EVERY), Every(SAY_EVERY)
        # Daemons: a handler that hangs must not keep a stopped process alive; its lease runs out.
        self._threads = [threading.Thread(target=self._work, name=f"job-{n}", daemon=True) for n in range(threads)]
        for thread in self._threads:
            thread.start()

    def turn(self) -> bool:
        """Do the bookkeeping once; says whether there was work, so that the next turn should come at once."""
        now = self._clock()
        settled = self._settle(now)
        if self._renewing.is_due():
            claims.renew(self._held.values(), now=now, lease=self._lease)
            begun = self._waiting.begun(at_least=NOTED_AFTER)
            claims.note_begun({claim: now - timedelta(seconds=span) for claim, span in begun.items()})
            self._renewing.done()
        if self._reaping.is_due():
            self._reaper.reap(now=now)
            claims.pull_back(now=now)
            self._reaping.done()
        if self._discarding.is_due():
            claims.discard_done(now=now)
            self._tidy()
            self._discarding.done()
        self._say_what_is_long()
        return self._claim(now) or settled

    def is_stuck(self) -> bool:
        """Whether every thread has been caught for longer than anything should take."""
        return len(self._waiting.begun(at_least=LONG.total_seconds())) == len(self._threads)

    def finish(self) -> None:
        """Stop: give back what was not begun, wait for what is running and write it down."""
        unbegun = self._waiting.close()
        try:
            claims.release(unbegun, now=self._clock())
            for claim in unbegun:
                del self._held[claim.job_id]
            deadline = time.monotonic() + GRACE_SECONDS
            while self._held and time.monotonic() < deadline:
                if not self._settle(self._clock()):
                    sleep(0.05)
        except DatabaseError as error:
            log.error("the database refuses the worker at its end: %s", describe(error))  # noqa: TRY400 - one line
        finally:
            if not self._held:
                for thread in self._threads:
                    thread.join(GRACE_SECONDS)
            connection.close()

    def _claim(self, now: datetime) -> bool:
        room = BATCH - len(self._held)
        if room < BATCH // 2:
            return False
        held = self._waiting.held()
        taken = claims.claim(
            holder=self._name,
            limit=room,
            now=now,
            lease=self._lease,
            full=[name for name, count in held.items() if count > _most_of(name) // 2],
            room=lambda name: _most_of(name) - held[name],
        )
        self._held |= {claim.job_id: claim for claim in taken}
        self._waiting.put(taken)
        return bool(taken)

    def _settle(self, now: datetime) -> bool:
        outcomes = _drain(self._ended)
        try:
            claims.settle(outcomes, now=now)
        except DatabaseError:
            for outcome in outcomes:
                self._ended.put(outcome)
            raise
        for outcome in outcomes:
            del self._held[outcome.claim.job_id]
        return bool(outcomes)

    def _say_what_is_long(self) -> None:
        if self._saying.is_due():
            for claim, span in self._waiting.begun(at_least=SAY_EVERY).items():
                log.warning("job %s %s has run for %.0f s", claim.name, claim.job_id, span)
            self._saying.done()

    def _work(self) -> None:
        try:
            while (claim := self._waiting.take()) is not None:
                close_old_connections()
                self._ended.put(attempt(claim, self._handlers, now=self._clock()))
                self._waiting.ended(claim)
                close_old_connections()
                wake()
        finally:
            connection.close()


class Every:
    """Something to be done every so many seconds, the first time at once."""

    def __init__(self, seconds: float) -> None:
        self._seconds, self._due = seconds, float("-inf")

    def is_due(self) -> bool:
        return time.monotonic() >= self._due

    def done(self) -> None:
        self._due = time.monotonic() + self._seconds


def _most_of(name: str) -> int:
    return OF_ONE_KIND_OUTSIDE if name in OUTSIDE else OF_ONE_KIND


def _drain(source: queue.SimpleQueue[_T]) -> list[_T]:
    taken: list[_T] = []
    while not source.empty():
        try:
            taken.append(source.get_nowait())
        except queue.Empty:
            break
    return taken
