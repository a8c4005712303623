"""Who moderates: the owner asks and dismisses; whoever is asked answers on a page of their own, and may step down."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wardmote.communities.queries import desk
from wardmote.edges.ui.fields import Text
from wardmote.edges.web.confirmed import Confirmed
from wardmote.edges.web.pages import FormPage, MemberPage
from wardmote.edges.web.requests import send_to
from wardmote.edges.web.views.owner import OwnerOnly
from wardmote.journeys.owners import moderators as journey
from wardmote.kernel import clock
from wardmote.kernel.errors import NotFound
from wardmote.kernel.handles import TYPED_LIMIT
from wardmote.moderation.policy import REASON_LIMIT
from wardmote.network import queries as network

HERE = "/owner/moderators"


class InviteForm(forms.Form):
    """Whom the owner asks."""

    use_required_attribute = False
    handle = Text(
        label=gettext_lazy("Handle"),
        max_length=TYPED_LIMIT,
        help_text=gettext_lazy("They read what it means, and moderate only once they have accepted."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
    )


class ReasonForm(forms.Form):
    """Why something is done to somebody, who reads it."""

    use_required_attribute = False
    reason = Text(
        label=gettext_lazy("Why"),
        required=False,
        help_text=gettext_lazy("Whoever it is about reads this."),
        widget=forms.Textarea(attrs={"rows": 3, "data-limit": REASON_LIMIT, "dir": "auto", "aria-required": "true"}),
    )


@dataclass(frozen=True, slots=True)
class Named:
    """A member on a list: `id` is the member's or the invitation's."""

    id: int
    handle: str
    name: str
    since: datetime | None = None


def named(community_id: int, member_id: int) -> Named:
    """How a member is called here."""
    profile = network.profile(community_id=community_id, member_id=member_id)
    if profile is None:
        raise NotFound(_("There is no such member here."))
    return Named(member_id, profile.handle, profile.display_name)


class Moderators(OwnerOnly, Confirmed, FormPage):
    """Those who moderate, those who were asked, and the form to ask somebody."""

    here = "moderators"
    form_class = InviteForm
    template = "web/owner/moderators.html"

    def surroundings(self) -> dict[str, object]:
        here = self.community.id
        asked = [
            (invitation, named(here, invitation.member_id)) for invitation in desk.open_invitations(community_id=here)
        ]
        serving = [named(here, member_id) for member_id in desk.moderators(community_id=here)]
        return {"serving": serving, "asked": asked}

    def save(self, data: dict[str, Any]) -> HttpResponse:
        journey.invite(**self.me, handle=data["handle"], now=clock.now())
        messages.success(self.request, _("The invitation is sent. You are told the answer."), extra_tags="ok")
        return send_to(self.request, HERE)


class Withdraw(OwnerOnly, Confirmed):
    """The owner takes an invitation back."""

    def post(self, invitation_id: int) -> HttpResponse:
        journey.withdraw(**self.me, invitation_id=invitation_id, now=clock.now())
        messages.success(self.request, _("The invitation is withdrawn."), extra_tags="ok")
        return send_to(self.request, HERE)


class Dismiss(OwnerOnly, Confirmed, FormPage):
    """The owner ends somebody's moderating, with a reason."""

    here = "moderators"
    form_class = ReasonForm
    template = "web/owner/dismiss.html"

    def surroundings(self) -> dict[str, object]:
        return {"who": named(self.community.id, self.kwargs["member_id"])}

    def save(self, data: dict[str, Any]) -> HttpResponse:
        journey.dismiss(**self.me, moderator_id=self.kwargs["member_id"], reason=data["reason"], now=clock.now())
        messages.success(
            self.request, _("They moderate no more. The letter that says why is on its way."), extra_tags="ok"
        )
        return send_to(self.request, HERE)


class Invitation(MemberPage):
    """Where a member says yes or no to moderating."""

    template = "web/invitation.html"

    def get(self, invitation_id: int) -> HttpResponse:
        invitation = desk.invitation(
            community_id=self.community.id, member_id=self.standing.member_id, invitation_id=invitation_id
        )
        if invitation is None:
            raise NotFound(_("There is no such invitation for you."))
        return self.show({"invitation": invitation})

    def post(self, invitation_id: int) -> HttpResponse:
        accepts = self.request.POST.get("answer") == "accept"
        journey.answer(**self.me, invitation_id=invitation_id, accepts=accepts, now=clock.now())
        if accepts:
            messages.success(self.request, _("Thank you. You moderate from now on."), extra_tags="ok")
            return send_to(self.request, "/console/")
        messages.success(self.request, _("You have declined; nothing changes for you."), extra_tags="ok")
        return send_to(self.request, "/notices")


class StepDown(FormPage):
    """A moderator becomes a member like others."""

    template = "web/step_down.html"

    def get(self, **_address: object) -> HttpResponse:
        if not self.standing.moderates or self.standing.is_owner:
            raise NotFound(_("This member does not moderate."))
        return super().get()

    def save(self, data: dict[str, Any]) -> HttpResponse:
        journey.step_down(**self.me, now=clock.now())
        messages.success(self.request, _("You are a member like others now."), extra_tags="ok")
        return send_to(self.request, "/settings")
