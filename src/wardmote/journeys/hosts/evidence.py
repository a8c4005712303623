"""The host's staff record what no machine can find out."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from wardmote.hosting import operations as hosting
from wardmote.hosting.policy import Precondition
from wardmote.hosting.policy.notices import LIMIT
from wardmote.journeys.steps.permission import host_staff
from wardmote.network.policy import clean_text


def record_evidence(
    *,
    staff_id: int,
    case_id: int,
    precondition: Precondition,
    parts: Mapping[str, str],
    reference: str,
    seen: str | None = None,
    now: datetime,
) -> int:
    """Record what was found towards a precondition, with where the evidence lies; gives the record's id."""
    staff = host_staff(staff_id)
    said = {name: clean_text(text, limit=LIMIT, field=name, required=False) for name, text in parts.items()}
    with transaction.atomic(durable=True):
        case = hosting.locked_case(case_id, seen=seen)
        return hosting.record_evidence(
            case=case, precondition=precondition, parts=said, reference=reference, staff=staff, now=now
        )
