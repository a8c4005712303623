"""A client says what a text's scores should have been."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from wardmote.moderation import operations as moderation


def suggest_score(
    *, key_id: str, realm: str, text: str, scores: Mapping[str, float], languages: Sequence[str], now: datetime
) -> int:
    """Keep the suggestion for a person to review; gives its id."""
    with transaction.atomic(durable=True):
        return moderation.keep_suggestion(
            key_id=key_id, realm=realm, text=text, scores=scores, languages=languages, now=now
        )
