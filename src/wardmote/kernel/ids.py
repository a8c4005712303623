"""Time-sortable 63-bit ids, one space for everything.

Layout, frozen: 42 bits of milliseconds since 1970 (enough until the year 2109), 10 bits of node, 11 bits of sequence.
A node is one process; set `WARDMOTE_NODE` (0..1023) where many machines write, otherwise each process draws one.
"""

import os
import secrets
import threading
import time
from datetime import UTC, datetime, timedelta

from wardmote.kernel import clock

NODE_BITS = 10
SEQUENCE_BITS = 11
TIME_SHIFT = NODE_BITS + SEQUENCE_BITS
MAX_ID = 2**63 - 1

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SEQUENCES = 2**SEQUENCE_BITS


_AHEAD_AT_MOST_MS = 24 * 60 * 60 * 1000
"""How far ahead of the clock what is stored may be and still be followed: further off it is damage, not a clock."""


class _Source:
    """Hands out ids of one process: never the same twice, never smaller than the one before.

    When the clock is set back, time goes on here as it went: processes that lived through it stay in order among each
    other, where each that stood still in its last millisecond would not. See `start_above` for those that begin after.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.draw_node()

    def draw_node(self) -> None:
        """Choose this process's node; called again in a forked child, which must not share its parent's."""
        configured = os.environ.get("WARDMOTE_NODE")
        self._node = int(configured) if configured else secrets.randbelow(2**NODE_BITS)
        if not 0 <= self._node < 2**NODE_BITS:
            raise ValueError(f"WARDMOTE_NODE must be between 0 and {2**NODE_BITS - 1}, not {self._node}")
        self._lock = threading.Lock()
        self._last_ms = 0
        self._sequence = 0
        self._base_ms, self._base_tick = 0, self._tick()
        self._spread = secrets.randbelow(_SEQUENCES)

    def at(self, ms: int) -> int:
        """An id of that millisecond, for something that happened then (an imported post)."""
        with self._lock:
            self._spread = (self._spread + 1) % _SEQUENCES
            return (ms << TIME_SHIFT) | (secrets.randbelow(2**NODE_BITS) << SEQUENCE_BITS) | self._spread

    @staticmethod
    def _tick() -> int:
        """Milliseconds by a clock that nobody sets."""
        return time.monotonic_ns() // 1_000_000

    def start_above(self, identifier: int, ms: int) -> None:
        """Go on after what others have stored; `ms` is the clock."""
        with self._lock:
            stored = (identifier >> TIME_SHIFT) + 1
            if self._present(ms) < stored <= ms + _AHEAD_AT_MOST_MS:
                self._base_ms, self._base_tick = stored, self._tick()

    def _present(self, ms: int) -> int:
        """The clock, or where time would be had nobody set it back."""
        tick = self._tick()
        expected = self._base_ms + tick - self._base_tick
        if ms < expected:
            return expected
        self._base_ms, self._base_tick = ms, tick
        return ms

    def next(self, ms: int) -> int:
        with self._lock:
            ms = self._present(ms)
            if ms > self._last_ms:
                self._last_ms, self._sequence = ms, 0
            else:
                # Still the same millisecond: go on from where we were rather than repeat an id.
                self._sequence += 1
                if self._sequence == _SEQUENCES:
                    self._last_ms, self._sequence = self._last_ms + 1, 0
            return (self._last_ms << TIME_SHIFT) | (self._node << SEQUENCE_BITS) | self._sequence


_source = _Source()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_source.draw_node)


def new_id(*, above: int = 0) -> int:
    """A new id of this moment: a positive integer below 2**63 that sorts by time.

    It sorts after `above`, which a process of another clock may have made later than now.
    """
    made = _source.next(clock.to_milliseconds(clock.now()))
    return made if made > above else _source.at((above >> TIME_SHIFT) + 1)


def start_above(identifier: int) -> None:
    """Let a process that begins after the clock was set back go on after `identifier`, the newest that is stored."""
    _source.start_above(identifier, clock.to_milliseconds(clock.now()))


def id_at(moment: datetime) -> int:
    """A new id that sorts with `moment`; 21 bits distinguish ids of one millisecond, so the caller's insert must
    tolerate the rare clash (a unique constraint tells it)."""
    ms = clock.to_milliseconds(moment)
    if not 0 <= ms < 2**42:
        raise ValueError(f"an id can name a moment between 1970 and 2109, not {moment.isoformat()}")
    return _source.at(ms)


def moment_of(identifier: int) -> datetime:
    """The moment an id was made for, in UTC, to the millisecond."""
    return _EPOCH + timedelta(milliseconds=identifier >> TIME_SHIFT)
