"""One's own profile, whom one follows, and leaving without a trace."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from wardmote.edges.ui.htmx import in_place
from wardmote.edges.web.confirmed import Confirmed
from wardmote.edges.web.forms import EraseForm, ProfileForm
from wardmote.edges.web.pages import FormPage, MemberPage
from wardmote.edges.web.requests import as_file, send_to
from wardmote.journeys.members import edit_profile, erase, export, follow
from wardmote.kernel import clock
from wardmote.kernel.errors import Invalid, NotFound
from wardmote.moderation import queries as moderation
from wardmote.moderation.policy import Route
from wardmote.moderation.queries.erasing import in_the_way_of_erasing
from wardmote.network import queries as network
from wardmote.network.queries import ProfileView


class Follow(MemberPage):
    """Begin to follow."""

    def post(self, handle: str) -> HttpResponse:
        follow.follow(**self.me, handle=handle, now=clock.now())
        return self._answer(handle)

    def _answer(self, handle: str) -> HttpResponse:
        if not in_place(self.request):
            return send_to(self.request, f"/@{handle}")
        profile = network.profile_by_handle(
            community_id=self.community.id, handle=handle, viewer_id=self.viewer_id, moderates=self.moderates
        )
        return self.show({"profile": profile}, template="web/pieces/profile_head.html")


class Unfollow(Follow):
    """Stop following."""

    def post(self, handle: str) -> HttpResponse:
        follow.unfollow(**self.me, handle=handle)
        return self._answer(handle)


class Settings(FormPage):
    """The profile's texts, and the ways to everything else of one's own."""

    form_class = ProfileForm
    template = "web/settings.html"

    def _profile(self) -> ProfileView:
        profile = network.profile(
            community_id=self.community.id, member_id=self.standing.member_id, viewer_id=self.viewer_id
        )
        if profile is None:
            raise NotFound(_("You have no profile here any more."))
        return profile

    def initial(self) -> dict[str, object]:
        profile = self._profile()
        return {
            "display_name": "" if profile.display_name == profile.handle else profile.display_name,
            "bio": profile.bio,
        }

    def surroundings(self) -> dict[str, object]:
        profile = self._profile()
        hold = moderation.holding(
            community_id=self.community.id,
            subject=f"urn:wardmote:profile:{profile.member_id}",
            member_id=profile.member_id,
        )
        return {"profile": profile, "hold": hold}

    def save(self, data: dict[str, Any]) -> HttpResponse:
        route = edit_profile.edit_profile(
            **self.me, display_name=data["display_name"], bio=data["bio"], now=clock.now()
        )
        if route is Route.HOLD:
            messages.warning(self.request, _("Your profile waits for a moderator; until then only you can read it."))
        else:
            messages.success(self.request, _("Your profile is saved."))
        return send_to(self.request, "/settings")


class Export(Confirmed, MemberPage):
    """Everything of one's own as a file, also where the community or the member is suspended."""

    offered_on = "/settings#yours"

    def get(self) -> HttpResponse:
        return as_file(export.export_mine(**self.me, now=clock.now()), name=f"{self.community.slug}-mine.json")


class Erase(Confirmed, FormPage):
    """Everything one wrote here, gone for good."""

    form_class = EraseForm
    template = "web/erase.html"

    def surroundings(self) -> dict[str, object]:
        return {"waits": in_the_way_of_erasing(**self.me)}

    def save(self, data: dict[str, Any]) -> HttpResponse:
        if data["handle"].strip().removeprefix("@").lower() != self.request.handle:
            raise Invalid(_("That is not your handle."), field="handle")
        erase.erase_member(**self.me, now=clock.now())
        messages.success(self.request, _("Everything you wrote here is erased."))
        return send_to(self.request, "/")
