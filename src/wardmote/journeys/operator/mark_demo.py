"""An installation is born once; whether as a demonstration is the first thing that its record says."""

from datetime import datetime

from django.db import transaction

from wardmote.kernel.urn import SYSTEM
from wardmote.record import operations as record
from wardmote.record import queries
from wardmote.record.policy import STORY

BORN_AS_DEMO = STORY


def mark_demo(*, now: datetime) -> bool:
    """Write into an empty record that this is a demonstration; gives False, and writes nothing, once it has begun.

    Only the first entry counts, and a record is never rewritten: a real installation cannot become one later.
    """
    with transaction.atomic(durable=True):
        if queries.first_verb() is not None:
            return False
        record.append(now=now, actor=SYSTEM, verb=BORN_AS_DEMO, subject=SYSTEM, community=None)
        return True
