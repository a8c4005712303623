"""How often one person may ask for something that costs work but writes nothing, counted in this process alone."""

import threading
from collections import deque
from datetime import datetime, timedelta

_WINDOW = timedelta(minutes=1)


class Pace:
    """At most `most` times a minute for each person."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._times: dict[int, deque[datetime]] = {}
        self._lock = threading.Lock()

    def seconds_to_wait(self, person_id: int, now: datetime) -> int:
        """Count one more and give 0; or, where it is too often, in how many seconds to come again."""
        with self._lock:
            self._forget(now)
            times = self._times.setdefault(person_id, deque())
            if len(times) >= self.most:
                return max(1, int((times[0] + _WINDOW - now).total_seconds()))
            times.append(now)
            return 0

    def _forget(self, now: datetime) -> None:
        for person_id, times in list(self._times.items()):
            while times and times[0] <= now - _WINDOW:
                times.popleft()
            if not times:
                del self._times[person_id]
