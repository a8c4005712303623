"""The community's face, who may join, and the links that let people in."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wardmote.communities.policy import FACE_LIMITS, LINK_DAYS, LINK_USES, SignUp
from wardmote.communities.queries import desk
from wardmote.edges.ui.fields import Text
from wardmote.edges.web.confirmed import Confirmed
from wardmote.edges.web.pages import FormPage, Page
from wardmote.edges.web.requests import send_to
from wardmote.edges.web.views.owner import OwnerOnly
from wardmote.journeys.members import entering
from wardmote.journeys.owners import face
from wardmote.kernel import clock
from wardmote.outside.origin import origin_of

JOINING = "/owner/joining"


def _line(name: str, label: Any, help_text: Any = "", *, required: bool = False) -> Text:
    attrs = {"data-limit": FACE_LIMITS[name], "dir": "auto"}
    return Text(label=label, required=required, strip=False, help_text=help_text, widget=forms.TextInput(attrs=attrs))


class FaceForm(forms.Form):
    """What the community says of itself."""

    use_required_attribute = False
    title = _line("title", gettext_lazy("Title"), required=True)
    tagline = _line("tagline", gettext_lazy("In one sentence"))
    description = Text(
        label=gettext_lazy("What this community is"),
        required=False,
        strip=False,
        help_text=gettext_lazy("Plain text, shown to visitors."),
        widget=forms.Textarea(attrs={"rows": 6, "data-limit": FACE_LIMITS["description"], "dir": "auto"}),
    )
    contact = _line("contact", gettext_lazy("Contact"), gettext_lazy("Public: an address or a sentence."))


class Face(OwnerOnly, Confirmed, FormPage):
    """Title, sentence, description and contact."""

    here = "community"
    form_class = FaceForm
    template = "web/owner/community.html"

    def initial(self) -> dict[str, object]:
        return {name: getattr(self.community, name) for name in FACE_LIMITS}

    def save(self, data: dict[str, Any]) -> HttpResponse:
        face.change_face(
            community_id=self.community.id,
            member_id=self.standing.member_id,
            title=data["title"],
            tagline=data["tagline"],
            description=data["description"],
            contact=data["contact"],
            now=clock.now(),
        )
        messages.success(self.request, _("Saved. Visitors read it from now on."), extra_tags="ok")
        return send_to(self.request, "/about")


class About(Page):
    """What the community says of itself."""

    template = "web/about.html"

    def get(self) -> HttpResponse:
        return self.show({"open": self.community.sign_up is SignUp.OPEN})


class ModeForm(forms.Form):
    """Who may join."""

    sign_up = forms.TypedChoiceField(
        label=gettext_lazy("Who may join"),
        coerce=SignUp,
        choices=[
            (SignUp.OPEN.value, gettext_lazy("Anybody who accepts the rules")),
            (SignUp.APPROVAL.value, gettext_lazy("Whoever asks and is approved by a moderator")),
            (SignUp.CLOSED.value, gettext_lazy("Only whoever has an invitation link")),
        ],
        widget=forms.RadioSelect,
    )


class LinkForm(forms.Form):
    """For how many people, and how long."""

    use_required_attribute = False
    most = forms.IntegerField(label=gettext_lazy("For how many people"), initial=10, min_value=1, max_value=LINK_USES)
    days = forms.IntegerField(label=gettext_lazy("For how many days"), initial=7, min_value=1, max_value=LINK_DAYS)


class Joining(OwnerOnly, Confirmed, FormPage):
    """Who may join, the links in use, and who waits."""

    here = "joining"
    form_class = ModeForm
    template = "web/owner/joining.html"

    def initial(self) -> dict[str, object]:
        return {"sign_up": self.community.sign_up.value}

    def surroundings(self) -> dict[str, object]:
        return {
            "links": desk.entry_links(community_id=self.community.id, now=clock.now()),
            "waiting": desk.requests_waiting(community_id=self.community.id),
            "link_form": LinkForm(),
        }

    def save(self, data: dict[str, Any]) -> HttpResponse:
        entering.set_sign_up(**self.me, mode=data["sign_up"], now=clock.now())
        messages.success(self.request, _("Saved; it holds from now on."), extra_tags="ok")
        return send_to(self.request, JOINING)


class NewLink(Joining):
    """A new link; it is on this one answer and nowhere else."""

    http_method_names = ["post"]

    def post(self, **_address: object) -> HttpResponse:
        form = LinkForm(self.request.POST)
        mode = ModeForm(initial=self.initial())
        if not form.is_valid():
            return self.show({"form": mode, **self.surroundings(), "link_form": form}, status=422)
        token = entering.make_link(**self.me, **form.cleaned_data, now=clock.now())
        link = f"{origin_of(self.community.domain)}/come/{token}"
        return self.show({"form": mode, **self.surroundings(), "link": link})


class RevokeLink(OwnerOnly, Confirmed):
    """Take a link back."""

    def post(self, link_id: int) -> HttpResponse:
        entering.revoke_link(**self.me, link_id=link_id, now=clock.now())
        messages.success(self.request, _("The link lets nobody in any more."), extra_tags="ok")
        return send_to(self.request, JOINING)
