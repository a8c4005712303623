"""A member changes their display name and bio: both are texts, and both are screened."""

from datetime import datetime

from django.db import transaction

from wardmote.communities.policy import Deed
from wardmote.journeys.steps import pace
from wardmote.journeys.steps.permission import writer
from wardmote.journeys.steps.quarantine import screen_or_lock
from wardmote.journeys.steps.screened import Stored, act_on_screening, visibility_of
from wardmote.kernel.texts import clean_name
from wardmote.kernel.urn import Urn
from wardmote.moderation import operations as moderation
from wardmote.moderation.policy import Route
from wardmote.network import operations as network
from wardmote.network.policy import BIO_LIMIT, NAME_LIMIT, clean_text, profile_text


def edit_profile(*, community_id: int, member_id: int, display_name: str, bio: str, now: datetime) -> Route:
    """New texts for one's own profile; what screening holds is shown to nobody else until a person has decided."""
    writer(community_id=community_id, member_id=member_id, now=now)
    pace.check(community_id=community_id, member_id=member_id, deed=Deed.PROFILE, now=now)
    name = clean_name(display_name, limit=NAME_LIMIT, field="display_name", required=False)
    about = clean_text(bio, limit=BIO_LIMIT, field="bio", required=False)
    screened = screen_or_lock(community_id=community_id, text=profile_text(name, about), author_id=member_id, now=now)
    subject = Urn("profile", member_id)
    with transaction.atomic(durable=True):
        writer(community_id=community_id, member_id=member_id, now=now, lock=True)
        moderation.hold_subject(community_id=community_id, subject=subject)
        pace.count(community_id=community_id, member_id=member_id, deed=Deed.PROFILE, now=now)
        profile = network.change_profile(
            community_id=community_id,
            member_id=member_id,
            display_name=name,
            bio=about,
            visibility=visibility_of(screened, community_id=community_id, subject=subject),
            facts=screened.as_facts(),
            now=now,
        )
        path = f"/@{profile.handle}"
        stored = Stored(
            subject=profile.urn, author_id=member_id, screened=screened, path=path, thing="profile", edited=True
        )
        act_on_screening(community_id=community_id, texts=[stored], now=now)
    return screened.routing.route
