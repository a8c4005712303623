"""What is judged, kept still: whoever changes a thing, reports it or decides about it takes it first, then its case."""

from django.db import transaction

from wardmote.kernel.urn import Urn
from wardmote.moderation.models import OutsidePost
from wardmote.moderation.policy.outside import is_url
from wardmote.network import operations as network


@transaction.atomic
def hold_subject(*, community_id: int, subject: Urn | str) -> None:
    """Nobody else changes this post, profile or outside post until the transaction around it ends.

    Always before the row of its case: two who took them in the other order would wait for each other.
    """
    if is_url(str(subject)):
        OutsidePost.objects.select_for_update(no_key=True).filter(community_id=community_id, url=str(subject)).first()
        return
    urn = Urn.parse(str(subject))
    network.hold_text(community_id=community_id, kind=urn.kind, subject_id=urn.id)
