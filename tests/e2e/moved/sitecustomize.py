"""Moves the clock of every Wardmote process that is started with this folder on its path.

The file named by MOVED_CLOCK holds how many seconds it is ahead. Only the processes of a test find this folder.
"""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from wardmote.kernel import clock

_FILE = Path(os.environ["MOVED_CLOCK"])


def _now() -> datetime:
    return clock.floor_to_millisecond(datetime.now(UTC) + timedelta(seconds=float(_FILE.read_text())))


clock.now = _now
