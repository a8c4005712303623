"""The owner's desk: what the host says is wrong, the answers, the time left, and every receipt."""

from collections.abc import Mapping
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wardmote.edges.ui.refusals import say, say_when, status_of
from wardmote.edges.web.confirmed import Confirmed
from wardmote.edges.web.forms import AcceptForm, AnswerForm, HostForm
from wardmote.edges.web.pages import FormPage, MemberPage
from wardmote.edges.web.requests import Request, as_file, send_to
from wardmote.journeys.hosts import enrol
from wardmote.journeys.hosts import policy as host_policy
from wardmote.journeys.members import export
from wardmote.journeys.owners import answer_host
from wardmote.kernel import clock
from wardmote.kernel.errors import Conflict, Invalid, NotFound, Refused
from wardmote.record import queries as record
from wardmote.upstream import queries
from wardmote.upstream.policy import WORDS_LIMIT, AnswerKind

ANSWERS: dict[AnswerKind, str | Promise] = {
    AnswerKind.ACKNOWLEDGED: gettext_lazy("Acknowledged"),
    AnswerKind.REMOVED: gettext_lazy("Removed"),
    AnswerKind.DISPUTED: gettext_lazy("Disputed"),
    AnswerKind.REFERRED: gettext_lazy("Referred to somebody else"),
    AnswerKind.NEEDS_TIME: gettext_lazy("Needs more time"),
    AnswerKind.PLAN: gettext_lazy("Plan"),
    AnswerKind.APPEAL: gettext_lazy("Appeal"),
}
ABOUT_A_POST = tuple((kind, ANSWERS[kind]) for kind in AnswerKind if kind.about_an_item)
ABOUT_A_LETTER = tuple((kind, ANSWERS[kind]) for kind in AnswerKind if not kind.about_an_item)


class OwnerOnly(MemberPage):
    """Pages of the community's owner; a member who is not reads why, a stranger is sent to sign in."""

    here = "host"
    """Which part of the owner's desk the page belongs to."""

    def show(
        self, context: Mapping[str, object] | None = None, *, status: int = 200, template: str = ""
    ) -> HttpResponse:
        return super().show({"here": self.here, **(context or {})}, status=status, template=template)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        standing = cast("Request", request).standing
        if standing is not None and not standing.is_owner:
            raise Refused(_("Only this community’s owner works at this desk."))
        return super().dispatch(request, *args, **kwargs)


class Desk(OwnerOnly):
    """Every letter of the host, and the policy that is between the two."""

    template = "web/owner/desk.html"

    def get(self) -> HttpResponse:
        here = self.community.id
        context = {
            "letters": queries.notices(community_id=here),
            "unanswered": queries.open_count(community_id=here),
            "policy": queries.host_policy(community_id=here),
            "state": self.community.state,
            "receipts": queries.receipts(community_id=here),
            "host": queries.host_of(here),
        }
        return self.show(context)


class HostPolicy(OwnerOnly, Confirmed, FormPage):
    """The host's acceptable-use policy, to be read and accepted."""

    form_class = AcceptForm
    template = "web/owner/policy.html"

    def surroundings(self) -> dict[str, object]:
        policy = queries.host_policy(community_id=self.community.id)
        if policy is None:
            raise NotFound(_("No host has sent this community a policy."))
        return {"policy": policy}

    def save(self, data: dict[str, Any]) -> HttpResponse:
        host_policy.accept_acceptable_use(**self.me, policy_hash=data["policy_hash"], now=clock.now())
        return send_to(self.request, "/owner/")


class NameHost(OwnerOnly, Confirmed, FormPage):
    """Who hosts the community, where that is another installation: from then on its letters are taken."""

    form_class = HostForm
    template = "web/owner/host.html"

    def surroundings(self) -> dict[str, object]:
        return {"host": queries.host_of(self.community.id), "ours": record.verifier_key()}

    def save(self, data: dict[str, Any]) -> HttpResponse:
        enrol.name_host(**self.me, base_url=data["base_url"], key=data["key"], now=clock.now())
        messages.success(self.request, _("From now on this host’s letters are taken."))
        return send_to(self.request, "/owner/")


class Export(OwnerOnly, Confirmed):
    """What the community is and what was said about it, as a file; also while it is suspended."""

    offered_on = "/owner/#take"

    def get(self) -> HttpResponse:
        content = export.export_community(**self.me, now=clock.now())
        return as_file(content, name=f"{self.community.slug}.json")


class Letter(OwnerOnly):
    """One letter, each of its posts with the answers and the buttons to answer; also at the address that mails name."""

    template = "web/owner/letter.html"

    def get(self, letter_id: int) -> HttpResponse:
        return self.draw(letter_id)

    def draw(
        self, letter_id: int, *, tried: AnswerForm | None = None, about: int = 0, status: int = 200
    ) -> HttpResponse:
        """The page; `tried` is the answer that was not taken, `about` the post it is about (0: the letter)."""
        letter = queries.notice(community_id=self.community.id, notice_id=letter_id)
        if letter is None:
            raise NotFound(_("There is no such letter for this community."))
        empty = AnswerForm(choices=ABOUT_A_POST)
        items = [
            (item, tried if tried is not None and about == item.item_id else empty, _named(item.answers))
            for item in letter.items
        ]
        whole = tried if tried is not None and about == 0 else AnswerForm(choices=ABOUT_A_LETTER)
        context = {
            "letter": letter,
            "items": items,
            "whole": whole,
            "said": _named(letter.answers),
            "limit": WORDS_LIMIT,
        }
        return self.show(context, status=status)


class AnswerItem(Letter):
    """The answer about one post."""

    http_method_names = ["post"]

    def post(self, letter_id: int, item_id: int) -> HttpResponse:
        form = AnswerForm(self.request.POST, choices=ABOUT_A_POST)
        letter = queries.notice(community_id=self.community.id, notice_id=letter_id)
        if letter is None or item_id not in {item.item_id for item in letter.items}:
            raise NotFound(_("There is no such post in this letter."))
        if not form.is_valid():
            return self.draw(letter_id, tried=form, about=item_id, status=422)
        try:
            answer_host.answer_item(
                community_id=self.community.id,
                member_id=self.standing.member_id,
                item_id=item_id,
                kind=form.cleaned_data["kind"],
                words=form.cleaned_data["words"],
                now=clock.now(),
            )
        except (Invalid, Refused, Conflict) as error:
            say(form, error)
            return say_when(error, self.draw(letter_id, tried=form, about=item_id, status=status_of(error)))
        if form.cleaned_data["kind"] == AnswerKind.REMOVED:
            self.say_what_stands(item_id)
        return send_to(self.request, f"/owner/notices/{letter_id}#item-{item_id}")

    def say_what_stands(self, item_id: int) -> None:
        """Whoever says that a post was removed is told at once whether it was; the host will look too."""
        seen = answer_host.seen_by_visitors(community_id=self.community.id, item_id=item_id)
        if seen:
            said = _("Your answer is on its way. But the post is still up: a visitor can read it now.")
            messages.warning(self.request, said, extra_tags="warn")
        elif seen is not None:
            messages.success(
                self.request, _("Your answer is on its way. We looked: no visitor can read the post."), extra_tags="ok"
            )


class AnswerLetter(Letter):
    """The answer to a whole letter: acknowledged, a plan, an appeal."""

    http_method_names = ["post"]

    def post(self, letter_id: int) -> HttpResponse:
        form = AnswerForm(self.request.POST, choices=ABOUT_A_LETTER)
        if not form.is_valid():
            return self.draw(letter_id, tried=form, status=422)
        try:
            answer_host.answer_notice(
                community_id=self.community.id,
                member_id=self.standing.member_id,
                notice_id=letter_id,
                kind=form.cleaned_data["kind"],
                words=form.cleaned_data["words"],
                now=clock.now(),
            )
        except (Invalid, Refused, Conflict) as error:
            say(form, error)
            return say_when(error, self.draw(letter_id, tried=form, status=status_of(error)))
        return send_to(self.request, f"/owner/notices/{letter_id}")


class Receipt(OwnerOnly):
    """A receipt as the file that `wardmote record check` reads."""

    def get(self, receipt_id: int) -> HttpResponse:
        found = queries.receipt_file(community_id=self.community.id, receipt_id=receipt_id)
        if found is None:
            raise NotFound(_("There is no such receipt."))
        name, text = found
        return as_file(text.encode(), name=name)


def _named(answers: tuple[queries.AnswerView, ...]) -> list[tuple[queries.AnswerView, object]]:
    return [(answer, ANSWERS[answer.kind]) for answer in answers]
