"""What the detectors said, kept."""

import hashlib
from datetime import datetime

from django.db import transaction

from wardmote.moderation.models import Screening
from wardmote.moderation.policy import Screened


def hash_text(text: str) -> str:
    """SHA-256 of a text's UTF-8 bytes, lower-case hex: how a snapshot is told from another."""
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def store_screening(*, community_id: int, subject: str, screened: Screened, now: datetime) -> int:
    """Keep what was said of a text. The record's entry is the writer's own, which carries the same facts."""
    screening = Screening.objects.create(
        community_id=community_id,
        subject=subject,
        content_hash=hash_text(screened.text),
        screener=screened.screener,
        scores=dict(screened.scores),
        spans=[{"category": c, "start": s, "end": e, "weight": w} for c, s, e, w in screened.spans],
        route=screened.routing.route.value,
        clause_key=screened.routing.clause_key,
        screened_at=now,
    )
    return screening.pk
