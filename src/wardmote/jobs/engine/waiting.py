"""What one worker has claimed and not ended: which thread may begin what, and since when each job is at it."""

import threading
import time
from collections import Counter

from wardmote.jobs.engine.claims import Claim
from wardmote.jobs.policy import may_begin


class Waiting:
    """Hands claims to threads, oldest first, but none of a kind that has as many threads as it may have."""

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._waiting: list[Claim] = []
        self._begun: dict[Claim, float] = {}
        self._changed = threading.Condition()
        self._closed = False

    def put(self, claims: list[Claim]) -> None:
        """Let the threads begin these when they can."""
        with self._changed:
            self._waiting += claims
            self._changed.notify_all()

    def take(self) -> Claim | None:
        """Wait for something to do; None once this is closed."""
        with self._changed:
            while True:
                if self._closed:
                    return None
                running = [claim.name for claim in self._begun]
                for place, claim in enumerate(self._waiting):
                    if may_begin(claim.name, running, threads=self._threads):
                        del self._waiting[place]
                        self._begun[claim] = time.monotonic()
                        return claim
                self._changed.wait()

    def ended(self, claim: Claim) -> None:
        """A thread is free again."""
        with self._changed:
            self._begun.pop(claim, None)
            self._changed.notify_all()

    def close(self) -> list[Claim]:
        """Let nothing more begin; gives what had not."""
        with self._changed:
            unbegun, self._waiting, self._closed = self._waiting, [], True
            self._changed.notify_all()
            return unbegun

    def held(self) -> Counter[str]:
        """How many claims of each kind are here, begun or not."""
        with self._changed:
            return Counter(claim.name for claim in [*self._waiting, *self._begun])

    def begun(self, *, at_least: float) -> dict[Claim, float]:
        """What has been at it for so many seconds, and for how many."""
        moment = time.monotonic()
        with self._changed:
            spans = {claim: moment - since for claim, since in self._begun.items()}
        return {claim: span for claim, span in spans.items() if span >= at_least}
