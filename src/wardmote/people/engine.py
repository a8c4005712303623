"""Counts what keys use: each process takes a part of a limit from the database at a time and spends it in memory.

However many processes there are, no more than the limit is ever granted; a process that ends takes what it had not
spent with it, at most a twentieth of the limit.
"""

import threading
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from wardmote.people.models import KeyUse
from wardmote.people.policy import Allowance, Window

_SHARE = 20


@dataclass(slots=True)
class _Lease:
    """What this process holds of one window: units left to spend, and how many all processes had taken by then."""

    begin: datetime
    left: int = 0
    taken: int = 0


class LeasedMeter:
    """One process's leases."""

    def __init__(self) -> None:
        self._leases: dict[tuple[str, Window], _Lease] = {}
        self._lock = threading.Lock()

    def spend(self, *, key_id: str, window: Window, limit: int, amount: int, now: datetime) -> Allowance | None:
        """Spend from what is held; None where more must be taken first, with `lease`."""
        with self._lock:
            lease = self._current(key_id, window, now)
            if lease.left >= amount:
                lease.left -= amount
            elif lease.taken < limit:
                return None
            else:
                return self._allowance(lease, window, limit, now, granted=False)
            return self._allowance(lease, window, limit, now, granted=True)

    def lease(self, *, key_id: str, window: Window, limit: int, amount: int, now: datetime) -> Allowance:
        """Take more from the database, inside the caller's transaction, and spend from it."""
        with self._lock:
            missing = amount - self._current(key_id, window, now).left
        got, taken = _take(int(key_id), window, limit, max(missing, limit // _SHARE, 1), now)
        with self._lock:
            lease = self._current(key_id, window, now)
            lease.left, lease.taken = lease.left + got, taken
            granted = lease.left >= amount
            if granted:
                lease.left -= amount
            return self._allowance(lease, window, limit, now, granted=granted)

    def _current(self, key_id: str, window: Window, now: datetime) -> _Lease:
        begin = window.begin(now)
        lease = self._leases.get((key_id, window))
        if lease is None or lease.begin != begin:
            lease = self._leases[key_id, window] = _Lease(begin)
        return lease

    @staticmethod
    def _allowance(lease: _Lease, window: Window, limit: int, now: datetime, *, granted: bool) -> Allowance:
        left = max(limit - lease.taken, 0) + lease.left
        return Allowance(limit, left, window.seconds_left(now), granted)


@transaction.atomic
def _take(key_id: int, window: Window, limit: int, wanted: int, now: datetime) -> tuple[int, int]:
    """Hand out up to `wanted` units of the window; gives how many, and how many are handed out in all."""
    begin = window.begin(now)
    KeyUse.objects.get_or_create(key_id=key_id, window=window.value, defaults={"begin": begin})
    use = KeyUse.objects.select_for_update().get(key_id=key_id, window=window.value)
    used = use.used if use.begin == begin else 0
    got = max(min(wanted, limit - used), 0)
    KeyUse.objects.filter(key_id=key_id, window=window.value).update(begin=begin, used=used + got)
    return got, used + got


meter = LeasedMeter()
"""This process's."""
