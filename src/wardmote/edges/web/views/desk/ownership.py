"""The community changes hands: the owner offers it, and whoever is asked answers on a page that shows all of it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wardmote.communities.policy import Role
from wardmote.communities.queries import desk, standing_of_member
from wardmote.communities.queries.offers import OfferView, last_offer, offer_to
from wardmote.edges.ui.confirmed import ask_again
from wardmote.edges.ui.fields import Text
from wardmote.edges.ui.refusals import status_of
from wardmote.edges.web.confirmed import Confirmed
from wardmote.edges.web.pages import FormPage, MemberPage
from wardmote.edges.web.requests import send_to
from wardmote.edges.web.views.desk.moderators import Named, named
from wardmote.edges.web.views.owner import OwnerOnly
from wardmote.journeys.owners import ownership as journey
from wardmote.journeys.owners.taken_on import taken_on
from wardmote.kernel import clock
from wardmote.kernel.errors import Conflict, Invalid, NotFound, Refused
from wardmote.kernel.handles import TYPED_LIMIT

HERE = "/owner/ownership"
OTHER = "other"


class OfferForm(forms.Form):
    """To whom, and what the owner is afterwards. Moderators come first; any other member is named by handle."""

    use_required_attribute = False
    who = forms.ChoiceField(label=gettext_lazy("To whom"), widget=forms.RadioSelect)
    handle = Text(
        label=gettext_lazy("Handle of another member"),
        max_length=TYPED_LIMIT,
        required=False,
        help_text=gettext_lazy("Only where you chose “another member”."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
    )
    stays = forms.TypedChoiceField(
        label=gettext_lazy("What you are afterwards"),
        coerce=Role,
        choices=[
            (Role.MODERATOR.value, gettext_lazy("A moderator")),
            (Role.MEMBER.value, gettext_lazy("A member like others")),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, moderators: list[Named], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        those = [(who.handle, f"{who.name or who.handle} (@{who.handle})") for who in moderators]
        field = self.fields["who"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the types; it is set above
        field.choices = [*those, (OTHER, _("Another member"))]


class HandOver(OwnerOnly, Confirmed, FormPage):
    """The open offer with its end, or the form to make one."""

    here = "moderators"
    template = "web/owner/ownership.html"

    def _moderators(self) -> list[Named]:
        here = self.community.id
        return [named(here, member_id) for member_id in desk.moderators(community_id=here)]

    def empty_form(self) -> forms.Form:
        return OfferForm(moderators=self._moderators(), initial={"stays": Role.MODERATOR.value})

    def filled_form(self) -> forms.Form:
        return OfferForm(self.request.POST, moderators=self._moderators())

    def surroundings(self) -> dict[str, object]:
        here, now = self.community.id, clock.now()
        offer = last_offer(community_id=here)
        if offer is None or offer.by_id != self.standing.member_id:
            return {"offer": None}
        asked = standing_of_member(community_id=here, member_id=offer.to_id)
        return {
            "offer": offer,
            "who": _called(here, offer.to_id),
            "is_open": offer.is_open(now),
            "cannot": asked.suspended(now),
        }

    def save(self, data: dict[str, Any]) -> HttpResponse:
        handle = data["handle"] if data["who"] == OTHER else data["who"]
        if not handle:
            raise Invalid(_("Say which member: their handle."), field="handle")
        journey.offer(**self.me, handle=handle, stays=data["stays"], now=clock.now())
        messages.success(self.request, _("The offer is sent. You are told the answer."), extra_tags="ok")
        return send_to(self.request, HERE)


class Withdraw(OwnerOnly, Confirmed):
    """The owner takes the offer back."""

    def post(self, offer_id: int) -> HttpResponse:
        journey.withdraw(**self.me, offer_id=offer_id, now=clock.now())
        messages.success(self.request, _("The offer is withdrawn. Nothing has changed hands."), extra_tags="ok")
        return send_to(self.request, HERE)


class Offer(MemberPage):
    """What somebody would take on, and their yes or no."""

    template = "web/ownership.html"

    def _offer(self, offer_id: int) -> OfferView:
        found = offer_to(community_id=self.community.id, member_id=self.standing.member_id, offer_id=offer_id)
        if found is None:
            raise NotFound(_("There is no such offer for you."))
        return found

    def get(self, offer_id: int) -> HttpResponse:
        return self.draw(offer_id)

    def draw(self, offer_id: int, *, trouble: str = "", status: int = 200) -> HttpResponse:
        offer, here, now = self._offer(offer_id), self.community.id, clock.now()
        comes = taken_on(offer, community_id=here, now=now)
        context = {
            "offer": offer,
            "by": _called(here, offer.by_id),
            "is_open": offer.is_open(now),
            "comes": comes,
            "invited": [_called(here, pk) for pk in comes.invited],
            "serving": [
                _called(here, pk) for pk in desk.moderators(community_id=here) if pk != self.standing.member_id
            ],
            "trouble": trouble,
        }
        return self.show(context, status=status)

    def post(self, offer_id: int) -> HttpResponse:
        self._offer(offer_id)
        said = self.request.POST.get("answer", "")
        if said not in ("accept", "decline"):
            return self.draw(offer_id, trouble=_("Accept or decline."), status=422)
        if said == "accept":
            ask_again(self.request)
        try:
            if said == "accept":
                seen = self.request.POST.get("seen", "")
                journey.accept(**self.me, offer_id=offer_id, seen=seen, now=clock.now())
            else:
                journey.decline(**self.me, offer_id=offer_id, now=clock.now())
        except (Invalid, Refused, Conflict) as error:
            return self.draw(offer_id, trouble=str(error), status=status_of(error))
        if said == "accept":
            messages.success(self.request, _("The community is yours from now on."), extra_tags="ok")
            return send_to(self.request, "/owner/")
        messages.success(self.request, _("You have declined; nothing changes for you."), extra_tags="ok")
        return send_to(self.request, "/notices")


def _called(community_id: int, member_id: int) -> Named | None:
    """How a member is called here; None for one who has erased their profile."""
    try:
        return named(community_id, member_id)
    except NotFound:
        return None
