"""The worker: claims jobs in batches, carries them out in a few threads, keeps its leases alive, and reaps.

One thread, the caller's, does all the bookkeeping; the others only run handlers. A handler may take longer than a
lease: the bookkeeper renews it. A worker that dies renews nothing, and the next one takes over.
"""

import logging
import os
import queue
import secrets
import socket
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import DatabaseError, close_old_connections, connection
from django.utils.module_loading import import_string

from wardmote.jobs.engine import claims
from wardmote.jobs.engine.claims import Claim, Outcome
from wardmote.jobs.engine.wake import sleep, wake
from wardmote.jobs.policy import LEASE, describe
from wardmote.kernel import clock

_T = TypeVar("_T")

log = logging.getLogger(__name__)

THREADS = 4
BATCH = 32
POLL_SECONDS = 0.25
REAP_EVERY = timedelta(seconds=5)
DISCARD_EVERY = timedelta(minutes=10)
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
        handler(*claim.args, now=now)
    except Exception as error:  # noqa: BLE001 - whatever a handler raises is how its attempt ended
        log.warning("job %s %s failed at attempt %s: %s", claim.name, claim.job_id, claim.attempt, describe(error))
        return Outcome(claim, describe(error))
    return Outcome(claim)


def run_due(handlers: Mapping[str, Handler], *, now: datetime) -> int:
    """Carry out in this thread all that is due at `now`, and what that puts for `now`; gives how many attempts."""
    attempts = 0
    while taken := claims.claim(holder=new_name(), limit=BATCH, now=now, lease=LEASE):
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
    tidy: Callable[[], object] = lambda: None,
) -> None:
    """Work until `stop` is set (call `wake()` after setting it to be heard at once).

    `tidy` is called where finished jobs are discarded too. `now` is the clock: a worker is an edge to its jobs, and
    hands each the moment at which it begins.
    """
    worker = _Worker(handlers, threads=threads, lease=lease, clock=now, tidy=tidy)
    try:
        while not stop.is_set():
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
        self._waiting: queue.SimpleQueue[Claim | None] = queue.SimpleQueue()
        self._ended: queue.SimpleQueue[Outcome] = queue.SimpleQueue()
        self._renewed = self._reaped = self._discarded = clock() - DISCARD_EVERY
        # Daemons: a handler that hangs must not keep a stopped process alive; its lease runs out.
        self._threads = [threading.Thread(target=self._work, name=f"job-{n}", daemon=True) for n in range(threads)]
        for thread in self._threads:
            thread.start()

    def turn(self) -> bool:
        """Do the bookkeeping once; says whether there was work, so that the next turn should come at once."""
        now = self._clock()
        settled = self._settle(now)
        if now - self._renewed >= self._lease / 3:
            claims.renew(self._held.values(), now=now, lease=self._lease)
            self._renewed = now
        if now - self._reaped >= min(REAP_EVERY, self._lease):
            claims.reap(now=now)
            self._reaped = now
        if now - self._discarded >= DISCARD_EVERY:
            claims.discard_done(now=now)
            self._tidy()
            self._discarded = now
        return self._claim(now) or settled

    def finish(self) -> None:
        """Stop: give back what was not begun, wait for what is running and write it down."""
        try:
            unbegun = [claim for claim in _drain(self._waiting) if claim is not None]
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
            for _ in self._threads:
                self._waiting.put(None)
            if not self._held:
                for thread in self._threads:
                    thread.join(GRACE_SECONDS)
            connection.close()

    def _claim(self, now: datetime) -> bool:
        room = BATCH - len(self._held)
        if room < BATCH // 2:
            return False
        taken = claims.claim(holder=self._name, limit=room, now=now, lease=self._lease)
        for claim in taken:
            self._held[claim.job_id] = claim
            self._waiting.put(claim)
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

    def _work(self) -> None:
        try:
            while (claim := self._waiting.get()) is not None:
                close_old_connections()
                self._ended.put(attempt(claim, self._handlers, now=self._clock()))
                close_old_connections()
                wake()
        finally:
            connection.close()


def _drain(source: queue.SimpleQueue[_T]) -> list[_T]:
    taken: list[_T] = []
    while not source.empty():
        try:
            taken.append(source.get_nowait())
        except queue.Empty:
            break
    return taken
