"""Suggested scores, kept for a person to review."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from wardmote.kernel.urn import Urn
from wardmote.moderation.models import Suggestion
from wardmote.moderation.policy.texts import hash_text
from wardmote.record import operations as record


@transaction.atomic
def keep_suggestion(
    *, key_id: str, realm: str, text: str, scores: Mapping[str, float], languages: Sequence[str], now: datetime
) -> int:
    """Keep what a client believes a text's scores should have been."""
    suggestion = Suggestion.objects.create(
        key_id=key_id, realm=realm, text=text, scores=dict(scores), languages=list(languages), received_at=now
    )
    record.append(
        now=now,
        actor=Urn("api_key", int(key_id)),
        verb="score.suggested",
        subject=suggestion.urn,
        community=Urn.parse(realm) if realm else None,
        facts={"content_hash": hash_text(text), "scores": dict(scores)},
    )
    return suggestion.pk
