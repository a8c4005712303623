"""The community's rules: read, accepted, and with them joining."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from wardmote.communities import queries as communities
from wardmote.communities.policy import Change, changes
from wardmote.communities.queries import desk
from wardmote.communities.queries.accepted import last_accepted
from wardmote.edges.ui.differences import marked
from wardmote.edges.web import invited
from wardmote.edges.web.forms import AcceptForm, MembershipForm
from wardmote.edges.web.pages import FormPage, Page
from wardmote.edges.web.requests import send_to
from wardmote.edges.web.signup import enter
from wardmote.journeys.members import join
from wardmote.kernel import clock
from wardmote.kernel.errors import NotFound


class Policy(Page):
    """One version of the rules; without a number the one in force."""

    template = "web/policy.html"

    def get(self, number: int | None = None) -> HttpResponse:
        here = self.community.id
        current = communities.current_policy(community_id=here)
        policy = current if number is None else communities.policy_version(community_id=here, number=number)
        if policy is None:
            raise NotFound(_("This community has published no such policy."))
        in_force = current is not None and current.id == policy.id
        versions = communities.policy_numbers(community_id=here)
        return self.show({"policy": policy, "in_force": in_force, "versions": versions})


class Accept(FormPage):
    """A member accepts the version in force."""

    form_class = AcceptForm
    template = "web/accept.html"

    def surroundings(self) -> dict[str, object]:
        policy = communities.current_policy(community_id=self.community.id)
        if policy is None:
            raise NotFound(_("This community has published no policy yet."))
        number = last_accepted(community_id=self.community.id, member_id=self.standing.member_id)
        before = communities.policy_version(community_id=self.community.id, number=number) if number else None
        return {
            "policy": policy,
            "accepted": self.standing.accepted_policy,
            "before": before,
            "retitled": before is not None and before.title != policy.title,
            "changes": _shown(before, policy) if before else [],
            "next": self._next(),
        }

    def save(self, data: dict[str, Any]) -> HttpResponse:
        join.accept_policy(**self.me, policy_hash=data["policy_hash"], now=clock.now())
        return send_to(self.request, self._next())

    def _next(self) -> str:
        return safe_next(self.request)


def _shown(before: communities.PolicyView, policy: communities.PolicyView) -> list[tuple[Change, str]]:
    """Each clause that reads differently from what was accepted, with its two texts as one that marks what changed."""
    told = [change for change in changes(before.drafts(), policy.drafts()) if change.reads_differently]
    return [(each, marked(each.before.text, each.after.text) if each.before and each.after else "") for each in told]


class Join(FormPage):
    """Somebody with a login becomes a member here."""

    template = "web/join.html"
    for_members = False

    def empty_form(self) -> forms.Form:
        return MembershipForm(community_id=self.community.id, asks=self._asks())

    def filled_form(self) -> forms.Form:
        return MembershipForm(self.request.POST, community_id=self.community.id, asks=self._asks())

    def _asks(self) -> bool:
        """The owner of a community comes in as they are."""
        return self.community.owner_id != self.person_id and invited.must_ask(self.request, now=clock.now())

    def surroundings(self) -> dict[str, object]:
        shut = self.community.owner_id != self.person_id and invited.is_shut_out(self.request, now=clock.now())
        return {
            "next": safe_next(self.request),
            "trouble": self.request.session.pop("join_trouble", ""),
            "asked": desk.has_asked(community_id=self.community.id, person_id=self.person_id),
            "asks": self._asks(),
            "shut": shut,
        }

    def save(self, data: dict[str, Any]) -> HttpResponse:
        is_member = enter(
            self.request,
            person_id=self.person_id,
            handle=data["handle"],
            policy_hash=data["policy_hash"],
            reason=data.get("reason", ""),
        )
        return send_to(self.request, safe_next(self.request) if is_member else "/join")


def safe_next(request: HttpRequest) -> str:
    """Where somebody was going, if that is a page of ours."""
    url = request.POST.get("next") or request.GET.get("next") or "/"
    ours = url_has_allowed_host_and_scheme(url, allowed_hosts=None) and url.startswith("/")
    return url if ours else "/"
