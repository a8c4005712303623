"""Reports by visitors: the form, the page behind the mailed link, and what came of it."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import add_never_cache_headers
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from wardmote.edges.ui.refusals import say, say_when, status_of
from wardmote.edges.web import pace
from wardmote.edges.web.forms import REASONS, VisitorReportForm
from wardmote.edges.web.locked import is_locked, locked_page
from wardmote.edges.web.pages import Page
from wardmote.edges.web.requests import Request, as_file, send_to
from wardmote.edges.web.shown import Shown
from wardmote.edges.web.views.posts import find_post
from wardmote.edges.web.views.reports import ReportPost, ReportProfile
from wardmote.journeys.members import visitor_reports
from wardmote.journeys.members.visitor_reports import Statement, no_such_link
from wardmote.kernel import clock
from wardmote.kernel.errors import Conflict, Invalid, NotFound, Refused
from wardmote.kernel.urn import Urn
from wardmote.moderation import queries as moderation
from wardmote.moderation.policy import ReportReason
from wardmote.moderation.policy.texts import hash_text
from wardmote.moderation.policy.visitors import KEEP_UNCONFIRMED
from wardmote.network import queries as network
from wardmote.outside.report_links import report_of, report_path
from wardmote.record.queries import inclusion_receipt

_SEEN_SALT = "wardmote.seen-by-visitor"
OPENED = ("item", "content_hash", "reason")
"""The facts that a receipt opens; what its reporter wrote, and who they are, stays theirs to show."""


class VisitorForm(Page):
    """What both forms do: show the thing, take the report, say what is wrong beside its field."""

    template = "web/visitor_report.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        # What a lock hides cannot be seen, and so not reported; nothing is taken behind it.
        if is_locked(cast("Request", request)):
            return locked_page(cast("Request", request))
        response = super().dispatch(request, *args, **kwargs)
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    def get(self, **_address: object) -> HttpResponse:
        return self.draw(VisitorReportForm())

    def post(self, **_address: object) -> HttpResponse:
        form = VisitorReportForm(self.request.POST)
        if not form.is_valid():
            return self.draw(form, status=422)
        try:
            pace.leave_report(self.request, self.request.path)
            report_id = self.take(self._statement(form.cleaned_data))
        except (Invalid, Refused, Conflict) as error:
            say(form, error)
            return say_when(error, self.draw(form, status=status_of(error)))
        # The same whether the address has a login, waits already, or was never seen.
        return send_to(self.request, "/report/sent" if report_id is None else report_path(report_id))

    def draw(self, form: forms.Form, *, status: int = 200) -> HttpResponse:
        context = {"form": form, "days": KEEP_UNCONFIRMED.days, **self.surroundings()}
        return self.show({**context, "seen": self._signer.sign(str(context["seen"]))}, status=status)

    def take(self, statement: Statement) -> int | None:
        """Call the journey."""
        raise NotImplementedError

    def surroundings(self) -> dict[str, object]:
        """What is reported, as it is now, and the hashes of what was seen."""
        raise NotImplementedError

    @property
    def seen(self) -> str:
        """The hash of what was on the page when it was first opened; "" for one that no page of ours has shown.

        Signed: else whoever guesses the words of a text that nobody was shown would learn whether they are right.
        """
        try:
            return self._signer.unsign(self.request.POST.get("seen", "")[:200])
        except signing.BadSignature:
            return ""

    @property
    def _signer(self) -> signing.Signer:
        return signing.Signer(salt=f"{_SEEN_SALT}:{self.community.id}:{self.request.path}")

    @property
    def newest(self) -> str:
        """The hash of what the page showed last, where that was another text."""
        return self.request.POST.get("newest", "")[:64] or self.seen

    def _statement(self, data: dict[str, Any]) -> Statement:
        return Statement(
            reason=ReportReason(data["reason"]),
            comment=data["comment"],
            name=data["name"],
            address=data["address"],
            language=get_language() or "",
        )


class VisitorReportPost(VisitorForm):
    """A visitor's report of a post."""

    def surroundings(self) -> dict[str, object]:
        try:
            post = find_post(self, **self.kwargs)
        except NotFound:
            post = None
        written = network.texts_of_post(community_id=self.community.id, post_id=self.kwargs["post_id"])
        known = {hash_text(text) for text in written.texts} if written else set()
        path = self.request.path.removesuffix("/report")
        if post is None or not post.text:
            if self.seen not in known:
                raise NotFound(_("There is no such post here, or it was deleted."))
            return {"item": None, "seen": self.seen, "path": path}
        shown = hash_text(post.text)
        # Once opened, a form is about the text that was there then, whatever its author makes of it.
        seen = self.seen if self.seen in known else shown
        return {"item": Shown(post), "seen": seen, "newest": shown if shown != seen else "", "path": path}

    def take(self, statement: Statement) -> int | None:
        return visitor_reports.report_post(
            community_id=self.community.id,
            post_id=self.kwargs["post_id"],
            statement=statement,
            seen=self.seen,
            newest=self.newest,
            now=clock.now(),
        )


class VisitorReportProfile(VisitorForm):
    """A visitor's report of somebody's name or self-description."""

    def surroundings(self) -> dict[str, object]:
        handle = self.kwargs["handle"]
        profile = network.profile_by_handle(community_id=self.community.id, handle=handle, viewer_id=None)
        if profile is None:
            raise NotFound(_("There is no @%(handle)s here.") % {"handle": handle})
        text = network.judged_text(community_id=self.community.id, kind="profile", subject_id=profile.member_id)
        return {"profile": profile, "seen": hash_text(text or ""), "path": f"/@{handle}"}

    def take(self, statement: Statement) -> int | None:
        return visitor_reports.report_profile(
            community_id=self.community.id,
            handle=self.kwargs["handle"],
            statement=statement,
            seen=self.seen,
            now=clock.now(),
        )


def report_post(request: HttpRequest, **address: Any) -> HttpResponseBase:
    """The form of members, or that of visitors."""
    return (VisitorReportPost if _is_visitor(request) else ReportPost).as_view()(request, **address)


def report_profile(request: HttpRequest, **address: Any) -> HttpResponseBase:
    """The same of a profile."""
    return (VisitorReportProfile if _is_visitor(request) else ReportProfile).as_view()(request, **address)


def _is_visitor(request: HttpRequest) -> bool:
    """No member here. A member's form that comes without a session is led to sign in, and keeps what was typed."""
    if cast("Request", request).standing is not None:
        return False
    return request.method != "POST" or "address" in request.POST


class Sent(Page):
    """What is said to everybody alike, once a link is on its way."""

    template = "web/visitor_sent.html"

    def get(self) -> HttpResponse:
        return self.show({"days": KEEP_UNCONFIRMED.days})


class OfLink(Page):
    """A page behind a link that is nobody else's to see, to keep or to pass on."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        add_never_cache_headers(response)
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["Referrer-Policy"] = "same-origin"
        return response


class VisitorReport(OfLink):
    """Asks before it confirms, since mail programs look at links by themselves; afterwards shows what came of it."""

    def get(self, report_token: str) -> HttpResponse:
        report_id = report_of(report_token) or 0
        waiting = moderation.unconfirmed(community_id=self.community.id, report_id=report_id, now=clock.now())
        if waiting is not None:
            context = {"report": waiting, "reason": REASONS[waiting.reason], "path": self._where(waiting.subject)}
            return self.show(context, template="web/visitor_confirm.html")
        report = moderation.visitor_report(community_id=self.community.id, report_id=report_id)
        if report is None:
            raise no_such_link()
        context = {
            "report": report,
            "reason": REASONS[report.reason],
            "erasable": report.contact_id is not None and bool(report.comment),
        }
        return self.show(context, template="web/visitor_status.html")

    def _where(self, subject: Urn) -> str:
        """Where a visitor finds what they report; "" where it is gone."""
        if subject.kind == "profile":
            profile = network.profile(community_id=self.community.id, member_id=subject.id)
            return f"/@{profile.handle}" if profile else ""
        post = network.post(community_id=self.community.id, post_id=subject.id, viewer_id=None)
        return post.path if post and post.text else ""

    def post(self, report_token: str) -> HttpResponse:
        do = self.request.POST.get("do", "")
        if do == "discard":
            if visitor_reports.discard(community_id=self.community.id, token=report_token):
                return self.show(template="web/visitor_discarded.html")
            return send_to(self.request, self.request.path)
        if do == "forget":
            visitor_reports.forget_me(community_id=self.community.id, token=report_token, now=clock.now())
            messages.success(self.request, _("Your name, address and words are deleted. No more mail is sent to you."))
        elif do == "confirm":
            visitor_reports.confirm(community_id=self.community.id, token=report_token, now=clock.now())
            messages.success(self.request, _("Thank you. Your report has come in; a receipt is on its way by mail."))
        else:
            raise Invalid(_("Use the buttons on the page."))
        return send_to(self.request, self.request.path)


class VisitorReceipt(OfLink):
    """The receipt of the record's entry, to keep: it proves what was reported and when."""

    def get(self, report_token: str) -> HttpResponse:
        entry_id = moderation.entry_of_visitor_report(
            community_id=self.community.id, report_id=report_of(report_token) or 0
        )
        if entry_id is None:
            raise no_such_link()
        receipt = inclusion_receipt(entry_id, disclose=OPENED)
        if receipt is None:
            raise NotFound(_("The record has not placed your report yet. Please try again in a few seconds."))
        return as_file(receipt.to_json().encode(), name="report-receipt.json")
