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
from wardmote.journeys import report
from wardmote.kernel import clock
from wardmote.kernel.errors import NotFound
from wardmote.moderation import queries as moderation
from wardmote.moderation.policy import ReportReason
from wardmote.network import queries as network


class ReportPost(FormPage):
    """A report about a post."""

    form_class = ReportForm
    template = "web/report.html"

    def surroundings(self) -> dict[str, object]:
        return {"item": Shown(find_post(self, **self.kwargs))}

    def save(self, data: dict[str, Any]) -> HttpResponse:
        post = find_post(self, **self.kwargs)
        report.report_post(
            **self.me,
            post_id=post.id,
            reason=ReportReason(data["reason"]),
            comment=data["comment"],
            now=clock.now(),
        )
        return self.thank(post.path)

    def thank(self, path: str) -> HttpResponse:
        messages.success(
            self.request, _("Thank you. A moderator will look at it, and you will be told what came of it.")
        )
        return send_to(self.request, path)


class ReportProfile(ReportPost):
    """A report about somebody's name or self-description."""

    def surroundings(self) -> dict[str, object]:
        handle = self.kwargs["handle"]
        profile = network.profile_by_handle(
            community_id=self.community.id, handle=handle, viewer_id=self.viewer_id, moderates=self.moderates
        )
        if profile is None:
            raise NotFound(_("There is no @%(handle)s here.") % {"handle": handle})
        return {"profile": profile}

    def save(self, data: dict[str, Any]) -> HttpResponse:
        handle = self.kwargs["handle"]
        report.report_profile(
            **self.me,
            handle=handle,
            reason=ReportReason(data["reason"]),
            comment=data["comment"],
            now=clock.now(),
        )
        return self.thank(f"/@{handle}")


class MyReports(MemberPage):
    """One's own reports."""

    template = "web/reports.html"

    def get(self) -> HttpResponse:
        reports = moderation.my_reports(**self.me)
        return self.show({"reports": [(r, REASONS[r.reason]) for r in reports]})
