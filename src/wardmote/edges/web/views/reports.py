"""Reporting a post or a profile, and what became of one's reports."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from wardmote.edges.web.forms import REASONS, ReportForm
from wardmote.edges.web.pages import FormPage, MemberPage
from wardmote.edges.web.requests import send_to
from wardmote.edges.web.shown import Shown
from wardmote.edges.web.views.posts import find_post
from wardmote.journeys.members import report
from wardmote.kernel import clock
from wardmote.kernel.errors import NotFound
from wardmote.moderation import queries as moderation
from wardmote.moderation.policy import ReportReason
from wardmote.moderation.policy.texts import hash_text
from wardmote.network import queries as network


class ReportPost(FormPage):
    """A report about a post."""

    form_class = ReportForm
    template = "web/report.html"

    def surroundings(self) -> dict[str, object]:
        """The post, and the hash of what it says for these eyes; of one that is gone by now, what was sent with it."""
        try:
            post = find_post(self, **self.kwargs)
        except NotFound:
            if not self.seen:
                raise
            return {"item": None, "seen": self.seen, "path": self.request.path.removesuffix("/report")}
        return {"item": Shown(post), "seen": hash_text(post.text) if post.text else "", "path": post.path}

    @property
    def seen(self) -> str:
        """The hash of what was on the page from which the report was sent."""
        return self.request.POST.get("seen", "")[:64]

    def save(self, data: dict[str, Any]) -> HttpResponse:
        report.report_post(
            **self.me,
            post_id=self.kwargs["post_id"],
            reason=ReportReason(data["reason"]),
            comment=data["comment"],
            seen=self.seen,
            once=self.once,
            now=clock.now(),
        )
        return self.thank(f"/@{self.kwargs['handle']}/{self.kwargs['post_id']}")

    def thank(self, path: str) -> HttpResponse:
        messages.success(
            self.request, _("Thank you. A moderator will look at it, and you will be told what came of it.")
        )
        # What was reported may be gone by now: then to where its report is.
        return send_to(self.request, path if self.is_there() else "/reports")

    def is_there(self) -> bool:
        """Whether the reporter can still see what they reported."""
        try:
            find_post(self, **self.kwargs)
        except NotFound:
            return False
        return True


class ReportProfile(ReportPost):
    """A report about somebody's name or self-description."""

    def surroundings(self) -> dict[str, object]:
        handle = self.kwargs["handle"]
        profile = network.profile_by_handle(
            community_id=self.community.id, handle=handle, viewer_id=self.viewer_id, moderates=self.moderates
        )
        if profile is None:
            raise NotFound(_("There is no @%(handle)s here.") % {"handle": handle})
        text = network.judged_text(community_id=self.community.id, kind="profile", subject_id=profile.member_id)
        return {"profile": profile, "seen": hash_text(text or ""), "path": f"/@{handle}"}

    def is_there(self) -> bool:
        return True

    def save(self, data: dict[str, Any]) -> HttpResponse:
        handle = self.kwargs["handle"]
        report.report_profile(
            **self.me,
            handle=handle,
            reason=ReportReason(data["reason"]),
            comment=data["comment"],
            seen=self.seen,
            once=self.once,
            now=clock.now(),
        )
        return self.thank(f"/@{handle}")


class MyReports(MemberPage):
    """One's own reports."""

    template = "web/reports.html"

    def get(self) -> HttpResponse:
        reports = moderation.my_reports(**self.me)
        return self.show({"reports": [(r, REASONS[r.reason]) for r in reports]})
