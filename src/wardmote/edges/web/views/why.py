"""Why something was done to what one wrote, and the appeal."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from wardmote.edges.web.forms import AppealForm
from wardmote.edges.web.pages import FormPage, MemberPage
from wardmote.edges.web.requests import send_to
from wardmote.journeys.members import appeal
from wardmote.kernel import clock
from wardmote.kernel.errors import NotFound
from wardmote.moderation import queries as moderation
from wardmote.moderation.queries.away import judges_of_decision
from wardmote.notices.policy import agreements


class Why(FormPage):
    """One measure: the clause, the words, how it came up, what one can do and until when."""

    form_class = AppealForm
    template = "web/why.html"
    http_method_names = ["get", "head", "options"]

    def surroundings(self) -> dict[str, object]:
        measure = moderation.measure(**self.me, decision_id=self.kwargs["decision_id"], now=clock.now())
        if measure is None:
            raise NotFound(_("There is no such decision about you."))
        here = self.community
        judges = judges_of_decision(community_id=here.id, decision_id=self.kwargs["decision_id"])
        return {
            "measure": measure,
            "by_whom": "" if judges is None else agreements.by_whom(community=here.title, judges=judges),
        }


class Appeal(Why):
    """The author's word against it."""

    http_method_names = ["post", "options"]

    @property
    def form_address(self) -> str:
        return f"/why/{self.kwargs['decision_id']}"

    def save(self, data: dict[str, Any]) -> HttpResponse:
        decision_id = self.kwargs["decision_id"]
        appeal.file_appeal(**self.me, decision_id=decision_id, text=data["text"], once=self.once, now=clock.now())
        messages.success(self.request, _("Your appeal is filed. A different moderator will look at it."))
        return send_to(self.request, f"/why/{decision_id}")


class Measures(MemberPage):
    """Everything that was ever decided about one, except what was taken back before one was told."""

    template = "web/measures.html"

    def get(self) -> HttpResponse:
        return self.show({"measures": [row for row in moderation.measures_of(**self.me) if row.was_told]})
