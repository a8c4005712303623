"""The sequencer holds each entry's date against its own clock, and says on the record what is far off.

It places the entry all the same: a log that stood still for a wrong clock would be the worse harm. What it says is an
entry like any other, so that nobody takes it back.
"""

import logging
import re
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from wardmote.kernel import clock
from wardmote.kernel.urn import SYSTEM, Urn
from wardmote.ledger import Json
from wardmote.ledger.audit.dates import TOLERANCE
from wardmote.record.engine.writing import Event, committed, insert
from wardmote.record.policy import STORY
from wardmote.record.queries.entries import first_verb

MISDATED = "entry.misdated"
_TIME = re.compile(rb'"time":"([0-9TZ:.+-]{20,32})"')
_log = logging.getLogger(__name__)


class Placed(NamedTuple):
    """An entry that was given a place: its id, the hash of its leaf (32 bytes), and the leaf."""

    id: int
    leaf_hash: bytes
    leaf: bytes


def say_misdated(placed: Sequence[Placed], *, since: datetime | None, now: datetime) -> None:
    """Append one entry about those of `placed` that are dated far before `since` or far after `now`.

    `since` is the time of the checkpoint before: what is new and older than that was not written when it says. An entry
    that waited for a sequencer that did not run is younger than that checkpoint, however long it waited.
    """
    earliest = None if since is None else min(since, now) - TOLERANCE
    odd = [
        (row, date)
        for row in placed
        if (date := _date(row.leaf)) is not None
        and (date > now + TOLERANCE or (earliest is not None and date < earliest))
    ]
    # A demonstration is filled with a made-up past.
    if not odd or first_verb() == STORY:
        return
    row, date = odd[0]
    facts: dict[str, Json] = {"says": clock.to_rfc3339(date), "clock": clock.to_rfc3339(now), "entries": len(odd)}
    _log.warning("%d entries are dated far from the clock, the first (id %d) %s", len(odd), row.id, facts["says"])
    insert([committed(Event(SYSTEM, MISDATED, Urn("entry", row.id), None, facts))], now=now)


def _date(leaf: bytes) -> datetime | None:
    # Every string of a leaf is plain ASCII without quotes; to decode it whole costs twenty times as much.
    found = _TIME.search(leaf)
    try:
        return None if found is None else datetime.fromisoformat(found[1].decode())
    except ValueError:
        return None
