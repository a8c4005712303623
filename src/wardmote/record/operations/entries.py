"""Writes to the record: an entry is appended in the transaction of whatever it tells of."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from wardmote.kernel.ids import new_id
from wardmote.kernel.urn import Urn
from wardmote.ledger import Json
from wardmote.ledger.audit.erasures import COUNTED, NAMED, named
from wardmote.ledger.leaf import ERASED
from wardmote.record.engine.writing import ROWS, Event, committed, insert
from wardmote.record.models import Disclosure, Entry

__all__ = ["Event", "append", "append_all", "erase"]


def append(
    *,
    now: datetime,
    actor: Urn,
    verb: str,
    subject: Urn,
    community: Urn | None,
    facts: Mapping[str, Json] | None = None,
    content: Mapping[str, Json] | None = None,
    about: Urn | None = None,
) -> Entry:
    """Append one entry, still without a place in the tree, so that nobody waits for anybody; see `append_all`."""
    return append_all([Event(actor, verb, subject, community, facts or {}, content or {}, about)], now=now)[0]


@transaction.atomic
def append_all(events: Sequence[Event], *, now: datetime) -> list[Entry]:
    """Append entries in this order.

    Raises FormatError (a ValueError) for what cannot be recorded: content without `about`, a name used twice, a value
    that is not JSON, an integer beyond 2**53 - 1 (write an id as text).
    """
    return insert([committed(event) for event in events], now=now)


@transaction.atomic
def erase(*, now: datetime, about: Urn, actor: Urn, community: Urn | None) -> int:
    """Delete the salts and contents of everything that is about `about`, and append an entry that names each.

    Gives the number of contents deleted; none, and no entry, where there was nothing. Every proof stays true.
    """
    rows = list(
        Disclosure.objects.select_for_update()
        .filter(about=str(about), erased_by=None)
        .order_by("entry_id", "name")
        .values_list("pk", "entry_id", "name")
    )
    if not rows:
        return 0
    # Above all that it erases, so that it is placed after them, whatever the clocks of their processes said.
    entry_id = new_id(above=rows[-1][1])
    for start in range(0, len(rows), ROWS):
        some = [pk for pk, _, _ in rows[start : start + ROWS]]
        # The row that this points to comes below: the key is checked at the end of the transaction.
        Disclosure.objects.filter(pk__in=some).update(salt=None, content=None, erased_by_id=entry_id)
    facts: dict[str, Json] = {COUNTED: len(rows), NAMED: named((entry_id, name) for _, entry_id, name in rows)}
    event = Event(actor, ERASED, about, community, facts)
    insert([committed(event, entry_id)], now=now)
    return len(rows)
