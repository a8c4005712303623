"""Profiles: made, changed, judged, erased."""

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction

from wardmote.kernel.errors import Conflict, NotFound, Refused
from wardmote.kernel.handles import gone_handle
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.urn import SYSTEM, Urn
from wardmote.ledger import Json
from wardmote.network.models import Follow, HomeEntry, Profile
from wardmote.network.policy import Judgement, Visibility
from wardmote.record import operations as record


@transaction.atomic
def add_profile(*, community_id: int, member_id: int, handle: str, display_name: str, now: datetime) -> None:
    """A member's profile; Conflict when the handle is taken."""
    try:
        with transaction.atomic():
            profile = Profile.objects.create(
                membership_id=member_id,
                community_id=community_id,
                handle=handle,
                display_name=display_name,
                created_at=now,
            )
    except IntegrityError:
        raise Conflict(_("The handle @%(handle)s is taken; please choose another.") % {"handle": handle}) from None
    record.append(
        now=now,
        actor=profile.member_urn,
        verb="profile.created",
        subject=profile.urn,
        community=Urn("community", community_id),
        content={"handle": handle, "display_name": display_name},
        about=profile.member_urn,
    )


@transaction.atomic
def change_profile(
    *,
    community_id: int,
    member_id: int,
    display_name: str,
    bio: str,
    visibility: Visibility,
    facts: Mapping[str, Json],
    now: datetime,
) -> Profile:
    """New texts for a profile; held texts are shown to nobody but their author. Refused while it is taken down."""
    profile = Profile.objects.select_for_update().filter(community_id=community_id, pk=member_id).first()
    if profile is None:
        raise NotFound(_("There is no such profile here."))
    if not Visibility(profile.visibility).is_editable:
        raise Refused(_("Your profile was acted on under the policy; it cannot be changed. You can appeal instead."))
    profile.display_name, profile.bio = display_name, bio
    profile.visibility = visibility.value
    profile.save(update_fields=["display_name", "bio", "visibility"])
    record.append(
        now=now,
        actor=profile.member_urn,
        verb="profile.changed",
        subject=profile.urn,
        community=Urn("community", community_id),
        facts={"held": visibility is Visibility.HELD, **facts},
        content={"display_name": display_name, "bio": bio},
        about=profile.member_urn,
    )
    return profile


@transaction.atomic
def judge_profile(
    *, community_id: int, member_id: int, judgement: Judgement, actor: Urn, reason: Urn, now: datetime
) -> Judgement:
    """Set who may see a profile's texts; gives the state before, for an undo."""
    profile = Profile.objects.select_for_update().filter(community_id=community_id, pk=member_id).first()
    if profile is None:
        raise NotFound(_("There is no such profile here."))
    before = Judgement(Visibility(profile.visibility), profile.label)
    profile.visibility, profile.label = judgement.visibility.value, judgement.label
    profile.save(update_fields=["visibility", "label"])
    record.append(
        now=now,
        actor=actor,
        verb="profile.judged",
        subject=profile.urn,
        community=Urn("community", community_id),
        facts={"visibility": judgement.visibility.value, "label": judgement.label, "reason": str(reason)},
    )
    return before


@transaction.atomic
def withdraw_profile(*, community_id: int, member_id: int, now: datetime) -> None:
    """Empty a profile's texts; the member may write others."""
    profile = Profile.objects.filter(community_id=community_id, pk=member_id).first()
    if profile is None:
        raise NotFound(_("There is no such profile here."))
    Profile.objects.filter(pk=member_id).update(display_name="", bio="", label="")
    record.append(
        now=now,
        actor=SYSTEM,
        verb="profile.withdrawn",
        subject=profile.urn,
        community=Urn("community", community_id),
    )


@transaction.atomic
def erase_profile(*, community_id: int, member_id: int) -> None:
    """Empty a profile's texts and its ties; the handle becomes a number, so that nobody takes another's name."""
    Profile.objects.filter(community_id=community_id, pk=member_id).update(
        display_name="", bio="", label="", handle=gone_handle(member_id)
    )
    Follow.objects.filter(follower_id=member_id).delete()
    Follow.objects.filter(followed_id=member_id).delete()
    HomeEntry.objects.filter(member_id=member_id).delete()
