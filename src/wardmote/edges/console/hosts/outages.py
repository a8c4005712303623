"""Times in which customers could not reach the host: their deadlines move, the host's own do not."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from wardmote.edges.console.hosts.access import staff_only
from wardmote.edges.console.hosts.forms import OutageForm
from wardmote.edges.ui.refusals import say
from wardmote.hosting import queries
from wardmote.journeys.hosts import cases
from wardmote.kernel import clock
from wardmote.kernel.errors import Conflict, Invalid


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def page(request: HttpRequest, staff_id: int) -> HttpResponse:
    """The outages that were noted, and the form for one that is over."""
    form = OutageForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            cases.note_outage(staff_id=staff_id, **form.cleaned_data, now=clock.now())
        except (Invalid, Conflict) as error:
            say(form, error)
        else:
            messages.success(request, _("Noted. Every customer’s deadline has moved."), extra_tags="ok")
            return redirect("host:outages")
    context = {"rows": queries.outages(), "form": form, "here": "outages"}
    return render(request, "console/host/outages.html", context, status=422 if form.errors else 200)
