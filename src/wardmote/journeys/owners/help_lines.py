"""The owner says where members are led who may be thinking of harming themselves."""

from datetime import datetime

from django.db import transaction

from wardmote.communities import operations as communities
from wardmote.journeys.steps.permission import owner
from wardmote.kernel.urn import Urn
from wardmote.network.policy import clean_text

LIMIT = 1_000


def set_help_lines(*, community_id: int, member_id: int, lines: str, now: datetime) -> None:
    """Numbers and addresses, one a line; nothing: the usual ones of the reader's language."""
    cleaned = clean_text(lines, limit=LIMIT, field="lines", required=False)
    with transaction.atomic(durable=True):
        owner(community_id=community_id, member_id=member_id, now=now, lock=True)
        communities.set_help_lines(community_id=community_id, lines=cleaned, actor=Urn("member", member_id), now=now)
