"""Communities that judge for each other: the owner offers it, answers, withdraws and ends."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wardmote.communities.queries import communities, current_policy
from wardmote.communities.queries.agreements import AgreementView, agreement, agreement_seen, agreements
from wardmote.edges.ui.refusals import status_of
from wardmote.edges.web.confirmed import Confirmed
from wardmote.edges.web.pages import FormPage
from wardmote.edges.web.requests import send_to
from wardmote.edges.web.views.owner import OwnerOnly
from wardmote.journeys.owners import agreements as journey
from wardmote.kernel import clock
from wardmote.kernel.errors import Conflict, Invalid, NotFound, Refused

HERE = "/owner/agreements"


class AgreementForm(forms.Form):
    """With which community of this server."""

    use_required_attribute = False
    slug = forms.ChoiceField(label=gettext_lazy("Community"))

    def __init__(self, *args: Any, others: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["slug"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the types; it is set above
        field.choices = [("", _("choose")), *others]


class Agreements(OwnerOnly, Confirmed, FormPage):
    """Those in force, those that wait, those that are over, and the form to offer another."""

    here = "moderators"
    template = "web/owner/agreements.html"

    def _others(self) -> list[tuple[str, str]]:
        return [(each.slug, each.title) for each in communities() if each.id != self.community.id]

    def empty_form(self) -> forms.Form:
        return AgreementForm(others=self._others())

    def filled_form(self) -> forms.Form:
        return AgreementForm(self.request.POST, others=self._others())

    def surroundings(self) -> dict[str, object]:
        now = clock.now()
        rows = agreements(community_id=self.community.id)
        return {
            "in_force": [row for row in rows if row.in_force],
            "waiting": [row for row in rows if row.is_open(now)],
            "over": [row for row in rows if not row.in_force and not row.is_open(now)],
            "alone": not self._others(),
        }

    def save(self, data: dict[str, Any]) -> HttpResponse:
        journey.offer(**self.me, slug=data["slug"], now=clock.now())
        messages.success(self.request, _("The offer is sent. You are told the answer."), extra_tags="ok")
        return send_to(self.request, HERE)


class Agreement(OwnerOnly, Confirmed):
    """What is offered or agreed, in full; yes, no, withdraw, end."""

    here = "moderators"
    template = "web/owner/agreement.html"

    def _agreement(self, agreement_id: int) -> AgreementView:
        found = agreement(community_id=self.community.id, agreement_id=agreement_id)
        if found is None:
            raise NotFound(_("There is no such agreement here."))
        return found

    def get(self, agreement_id: int) -> HttpResponse:
        return self.draw(agreement_id)

    def draw(self, agreement_id: int, *, trouble: str = "", status: int = 200) -> HttpResponse:
        view = self._agreement(agreement_id)
        context = {
            "agreement": view,
            "is_open": view.is_open(clock.now()),
            "policy": current_policy(community_id=view.other.id),
            "seen": agreement_seen(view),
            "trouble": trouble,
        }
        return self.show(context, status=status)

    def post(self, agreement_id: int) -> HttpResponse:
        self._agreement(agreement_id)
        said, now = self.request.POST.get("answer", ""), clock.now()
        each = {**self.me, "agreement_id": agreement_id}
        try:
            if said in ("accept", "decline"):
                seen = self.request.POST.get("seen", "")
                journey.answer(**each, accepts=said == "accept", seen=seen, now=now)
            elif said == "withdraw":
                journey.withdraw(**each, now=now)
            elif said == "end":
                journey.end(**each, now=now)
            else:
                return self.draw(agreement_id, trouble=_("Choose what should happen."), status=422)
        except (Invalid, Refused, Conflict) as error:
            return self.draw(agreement_id, trouble=str(error), status=status_of(error))
        messages.success(self.request, _said(said), extra_tags="ok")
        return send_to(self.request, HERE)


def _said(answer: str) -> str:
    return {
        "accept": _("Agreed. It holds from now on, and the other owner is told."),
        "decline": _("Declined. The other owner is told."),
        "withdraw": _("The offer is withdrawn."),
        "end": _("Ended. The other owner is told."),
    }[answer]
