"""A client says what a text's scores should have been."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from wardmote.journeys.steps.screening import check_legal
from wardmote.kernel.urn import Urn
from wardmote.moderation import operations as moderation
from wardmote.people import operations as people


def suggest_score(
    *, key_id: str, realm: str, text: str, scores: Mapping[str, float], languages: Sequence[str], now: datetime
) -> int:
    """Keep the suggestion for a person to review; gives its id.

    Raises Locked, and keeps nothing, where the text is on the key's community's list of what is illegal: from
    suggestions others learn.
    """
    if realm:
        check_legal(community_id=Urn.parse(realm).id, text=text)
    with transaction.atomic(durable=True):
        people.hold_key(key_id=int(key_id))
        return moderation.keep_suggestion(
            key_id=key_id, realm=realm, text=text, scores=scores, languages=languages, now=now
        )
