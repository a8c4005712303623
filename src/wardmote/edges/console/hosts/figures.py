"""Reports to read at the host's desk: what was asked of customers, what they answered, and how long it took."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wardmote.edges.console.hosts.access import staff_only
from wardmote.edges.console.hosts.labels import NOTICES
from wardmote.edges.console.moderators.figures import PERIODS, period
from wardmote.edges.ui import plots
from wardmote.hosting import queries
from wardmote.kernel import clock


@require_safe
@staff_only
def show(request: HttpRequest, staff_id: int) -> HttpResponse:
    """Cases, letters and answers of the last days, over all customers."""
    days = period(request)
    report = queries.figures(days=days, now=clock.now())
    context = {
        "report": report,
        "days": days,
        "periods": PERIODS,
        "letters": [(NOTICES[kind], n) for kind, n in report.letters],
        "plot": plots.by_day(
            [day.day for day in report.days],
            [
                (_("cases opened"), [day.opened for day in report.days]),
                (_("letters delivered"), [day.letters for day in report.days]),
                (_("answers"), [day.answers for day in report.days]),
            ],
        ),
        "here": "figures",
    }
    return render(request, "console/host/figures.html", context)
