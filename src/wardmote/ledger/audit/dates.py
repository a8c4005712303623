"""Dates held against each other. An entry says when it was appended, and its place says after what: the two must agree.

They need not agree to the second. A transaction is dated at its beginning, and a clock may be set back by an hour.
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from wardmote.kernel import clock
from wardmote.ledger.audit.faults import Fault, Kind

TOLERANCE = timedelta(hours=2)
"""How far an entry's date may be from its neighbours': a long transaction, a clock that is an hour wrong."""
_TOLERANCE = TOLERANCE // timedelta(milliseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class DateCheck:
    """Collects the date of every placed entry in 24 bytes.

    A log that begins with the verb `story` is a demonstration: what it was filled with, up to the first entry that is
    dated after that one, tells a made-up past and is not held against anything.
    """

    def __init__(self, story: str = "") -> None:
        self._story = story
        self._told: int | None = None
        self._places = array("q")
        self._ids = array("q")
        self._dates = array("q")

    def stands(self, index: int, entry_id: int, verb: str, time: datetime) -> None:
        """The entry at `index` is dated `time`; called in the order of the places."""
        date = clock.to_milliseconds(time)
        if index == 0 and self._story and verb == self._story:
            self._told = date
        elif self._told is not None:
            if date <= self._told:
                return
            self._told = None
        self._places.append(index)
        self._ids.append(entry_id)
        self._dates.append(date)

    def faults(self, now: datetime | None) -> list[Fault]:
        """Entries that are dated far before ones in front of them, far after ones behind them, or far after `now`.

        Where dates contradict each other the few are named, not the many.
        """
        dates = np.array(self._dates, dtype=np.int64)
        if not len(dates):
            return []
        odd = dict(self._odd(dates))
        if now is not None:
            ahead = clock.to_milliseconds(now) + _TOLERANCE
            odd |= {int(seat): None for seat in np.flatnonzero(dates > ahead)}
        return [self._fault(run, odd[run[0]]) for run in _runs(odd)]

    def _odd(self, dates: npt.NDArray[np.int64]) -> Iterator[tuple[int, int | None]]:
        """Seat of each odd entry, and of one that it contradicts."""
        latest = np.maximum.accumulate(dates)
        earliest = np.minimum.accumulate(dates[::-1])[::-1]
        cuts = [0, *(np.flatnonzero(latest[:-1] - earliest[1:] <= _TOLERANCE) + 1).tolist(), len(dates)]
        for start, stop in pairwise(cuts):
            if stop - start > 1:
                yield from _contradictions(dates[start:stop].tolist(), start)

    def _fault(self, run: list[int], other: int | None) -> Fault:
        first, last = run[0], run[-1]
        detail = f"dated {self._date(first)}"
        if first != last:
            detail += f" to {self._date(last)}"
        if other is None:
            detail += ", which is still to come"
        else:
            apart = timedelta(milliseconds=abs(self._dates[first] - self._dates[other]))
            side = "after" if self._dates[first] > self._dates[other] else "before"
            detail += f", {_long(apart)} {side} entry {self._places[other]}, which is dated {self._date(other)}"
        return Fault(
            Kind.MISDATED,
            detail,
            index=self._places[first],
            last=None if first == last else self._places[last],
            entry_id=self._ids[first],
        )

    def _date(self, seat: int) -> str:
        return clock.to_rfc3339(_EPOCH + timedelta(milliseconds=self._dates[seat]))


def _contradictions(dates: list[int], start: int) -> Iterator[tuple[int, int]]:
    """Of dates that do not rise together: those that the longest rising row among them leaves out and contradicts."""
    kept = _longest_rising(dates)
    after = 0
    for seat, date in enumerate(dates):
        while after < len(kept) and kept[after] <= seat:
            after += 1
        if after and kept[after - 1] == seat:
            continue
        if after and date < dates[kept[after - 1]] - _TOLERANCE:
            yield start + seat, start + kept[after - 1]
        elif after < len(kept) and date > dates[kept[after]] + _TOLERANCE:
            yield start + seat, start + kept[after]


def _longest_rising(dates: list[int]) -> list[int]:
    ends: list[int] = []
    seats: list[int] = []
    before = [-1] * len(dates)
    for seat, date in enumerate(dates):
        length = bisect_right(ends, date)
        before[seat] = seats[length - 1] if length else -1
        ends[length : length + 1] = [date]
        seats[length : length + 1] = [seat]
    row = []
    seat = seats[-1]
    while seat >= 0:
        row.append(seat)
        seat = before[seat]
    return row[::-1]


def _runs(odd: dict[int, int | None]) -> Iterator[list[int]]:
    """Neighbours that are odd in the same way, together."""
    run: list[int] = []
    for seat in sorted(odd):
        if run and (seat != run[-1] + 1 or odd[seat] != odd[run[0]]):
            yield run
            run = []
        run.append(seat)
    if run:
        yield run


def _long(apart: timedelta) -> str:
    if apart >= timedelta(days=2):
        return f"{apart.days} days"
    return f"{apart // timedelta(hours=1)} hours"
