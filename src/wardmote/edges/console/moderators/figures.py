"""Reports to read: what moderation did over a while, as plots with their tables."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wardmote.edges.console.access import Desk, moderators_only
from wardmote.edges.console.labels import SOURCES
from wardmote.edges.console.shield import shielded
from wardmote.edges.ui import plots
from wardmote.kernel import clock
from wardmote.moderation import queries

PERIODS = (7, 30, 90)
"""Days that a report can cover; the middle one is shown where none is asked for."""


@require_safe
@moderators_only
def show(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Cases, decisions, appeals and screening of the last days, without anybody's name."""
    days = period(request)
    report = queries.figures(community_id=desk.community_id, days=days, now=clock.now())
    dates = [day.day for day in report.days]
    context = {
        "report": report,
        "days": days,
        "periods": PERIODS,
        "sources": [(SOURCES[row.source], row) for row in report.sources],
        "cases": plots.by_day(
            dates,
            [(_("opened"), [day.opened for day in report.days]), (_("decided"), [day.decided for day in report.days])],
        ),
        "screening": plots.by_day(
            dates,
            [
                (_("published"), [day.published for day in report.days]),
                (_("published and queued"), [day.queued for day in report.days]),
                (_("held"), [day.held for day in report.days]),
            ],
            stacked=True,
        ),
        "shielded": shielded(request),
        "here": "figures",
    }
    return render(request, "console/figures.html", context)


def period(request: HttpRequest) -> int:
    """The days that were asked for, if they are on offer."""
    asked = request.GET.get("days", "")
    return int(asked) if asked in {str(days) for days in PERIODS} else PERIODS[1]
