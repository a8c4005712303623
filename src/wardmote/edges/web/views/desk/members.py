"""The members: found by name, removed with a reason, let back in."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wardmote.communities import queries as communities
from wardmote.communities.policy import Role
from wardmote.communities.queries import desk
from wardmote.edges.web.confirmed import Confirmed
from wardmote.edges.web.pages import FormPage
from wardmote.edges.web.requests import send_to
from wardmote.edges.web.views.desk.moderators import ReasonForm
from wardmote.edges.web.views.owner import OwnerOnly
from wardmote.journeys.owners import membership
from wardmote.kernel import clock
from wardmote.kernel.errors import NotFound
from wardmote.moderation.queries.roll import Enrolled, enrolled, roll

AT_ONCE = 30
ROLES = {
    Role.OWNER: gettext_lazy("owner"),
    Role.MODERATOR: gettext_lazy("moderator"),
    Role.MEMBER: gettext_lazy("member"),
}


class Members(OwnerOnly):
    """The roll, newest first, or those whose handle or name has what was searched for."""

    here = "members"
    template = "web/owner/members.html"

    def get(self) -> HttpResponse:
        search = self.request.GET.get("q", "").strip()[:60]
        rows = roll(community_id=self.community.id, search=search, before=self.before, limit=AT_ONCE)
        now = clock.now()
        context = {
            "rows": [(row, ROLES[row.role], row.suspended(now)) for row in rows],
            "search": search,
            "older": rows[-1].member_id if len(rows) == AT_ONCE else None,
        }
        return self.show(context)


class RemoveForm(ReasonForm):
    """Which rule was broken, and why this is needed."""

    clause = forms.TypedChoiceField(
        label=gettext_lazy("Clause"), coerce=int, error_messages={"required": gettext_lazy("Choose a clause.")}
    )
    field_order = ("clause", "reason")

    def __init__(self, *args: Any, clauses: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["clause"].choices = [("", _("Choose a clause.")), *clauses]  # type: ignore[attr-defined]  # a choice field


class Remove(OwnerOnly, Confirmed, FormPage):
    """Shut somebody out until it is lifted."""

    here = "members"
    template = "web/owner/remove.html"

    def _form(self, *args: Any, **kwargs: Any) -> forms.Form:
        policy = communities.current_policy(community_id=self.community.id)
        clauses = [(c.id, f"{c.key} {c.title}") for c in policy.clauses] if policy else []
        return RemoveForm(*args, clauses=clauses, **kwargs)

    def empty_form(self) -> forms.Form:
        return self._form()

    def filled_form(self) -> forms.Form:
        return self._form(self.request.POST)

    def who(self) -> Enrolled:
        found = enrolled(community_id=self.community.id, member_id=self.kwargs["member_id"])
        if found is None:
            raise NotFound(_("There is no such member here."))
        return found

    def surroundings(self) -> dict[str, object]:
        return {"who": self.who(), "alone": not desk.moderators(community_id=self.community.id)}

    def save(self, data: dict[str, Any]) -> HttpResponse:
        membership.remove(
            **self.me,
            removed_id=self.kwargs["member_id"],
            clause_id=data["clause"],
            reason=data["reason"],
            now=clock.now(),
        )
        messages.success(self.request, _("They are removed. The letter that says why is on its way."), extra_tags="ok")
        return send_to(self.request, "/owner/members")


class Reinstate(Remove):
    """Let somebody back in."""

    template = "web/owner/reinstate.html"

    def _form(self, *args: Any, **kwargs: Any) -> forms.Form:
        return ReasonForm(*args, **kwargs)

    def save(self, data: dict[str, Any]) -> HttpResponse:
        membership.reinstate(**self.me, removed_id=self.kwargs["member_id"], reason=data["reason"], now=clock.now())
        messages.success(
            self.request, _("They are a member again. The letter that says why is on its way."), extra_tags="ok"
        )
        return send_to(self.request, "/owner/members")
