"""What the detectors said, kept."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from wardmote.moderation.models import Screening
from wardmote.moderation.policy import Screened
from wardmote.moderation.policy.texts import hash_text


@transaction.atomic
def store_screenings(*, community_id: int, screened: Sequence[tuple[str, Screened]], now: datetime) -> list[int]:
    """Keep what was said of these subjects' texts. The record's entry is the writer's own, which has the same facts."""
    screenings = [
        Screening(
            community_id=community_id,
            subject=subject,
            content_hash=hash_text(said.text),
            screener=said.screener,
            scores=dict(said.scores),
            spans=[{"category": c, "start": s, "end": e, "weight": w} for c, s, e, w in said.spans],
            route=said.routing.route.value,
            clause_key=said.routing.clause_key,
            lists=[{"list": str(m.list_id), "name": m.name, "alike": round(m.alike, 4)} for m in said.matches],
            screened_at=now,
        )
        for subject, said in screened
    ]
    Screening.objects.bulk_create(screenings)
    return [screening.pk for screening in screenings]
