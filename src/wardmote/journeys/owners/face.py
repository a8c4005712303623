"""The owner says what the community is called, what it is, and how the public reaches whoever runs it."""

from datetime import datetime

from django.db import transaction

from wardmote.communities.operations import face
from wardmote.communities.policy import FACE_LIMITS, Face
from wardmote.journeys.steps.permission import owner
from wardmote.kernel.urn import Urn
from wardmote.network.policy import clean_text


def change_face(
    *, community_id: int, member_id: int, title: str, tagline: str, description: str, contact: str, now: datetime
) -> bool:
    """Say it anew; gives whether anything is different."""
    typed = {"title": title, "tagline": tagline, "description": description, "contact": contact}
    clean = {
        name: clean_text(text, limit=FACE_LIMITS[name], field=name, required=name == "title")
        for name, text in typed.items()
    }
    with transaction.atomic(durable=True):
        owner(community_id=community_id, member_id=member_id, now=now, lock=True)
        return face.change_face(community_id=community_id, face=Face(**clean), actor=Urn("member", member_id), now=now)
