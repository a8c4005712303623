"""Cases that nobody of their community may decide, and appeals: each by itself, under that community's own rules."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wardmote.edges.console.forms import HearingForm
from wardmote.edges.console.hosts.access import staff_only
from wardmote.edges.console.moderators.handed import HOST, render_appeal, render_case, sheet
from wardmote.edges.ui.confirmed import confirmed
from wardmote.edges.ui.refusals import say, status_of
from wardmote.journeys.hosts import judges as journey
from wardmote.kernel import clock
from wardmote.kernel.errors import Conflict, Invalid, NotFound, Refused
from wardmote.moderation.queries import host
from wardmote.moderation.queries.away import AwayAppeal, AwayCase
from wardmote.upstream.queries import is_hosted_here


@require_safe
@staff_only
def show(request: HttpRequest, staff_id: int, case_id: int) -> HttpResponse:
    """One case, and the sheet for whoever may decide it."""
    found = _found(staff_id, case_id)
    if found is None:
        raise NotFound(_("There is no such case here."))
    return render_case(request, HOST, found, sheet(found))


@require_POST
@staff_only
@confirmed
def decide(request: HttpRequest, staff_id: int, case_id: int) -> HttpResponse:
    """Decide by the rules of the case's own community. What cannot be done comes back as it was typed."""
    found = _posted(staff_id, case_id)
    form = sheet(found, request.POST)
    if not form.is_valid():
        return render_case(request, HOST, found, form, status=422)
    typed = {name: form.cleaned_data[name] for name in ("action", "reason", "days", "seen", "judged")}
    try:
        journey.decide(
            staff_id=staff_id, case_id=case_id, clause_id=form.cleaned_data["clause"], now=clock.now(), **typed
        )
    except Invalid as error:
        say(form, error)
        return render_case(request, HOST, found, form, status=status_of(error))
    except Refused as error:
        return render_case(request, HOST, found, form, status=status_of(error), error=str(error))
    except Conflict as error:
        return render_case(request, HOST, _posted(staff_id, case_id), form, status=status_of(error), error=str(error))
    messages.success(request, _("Decided. Author and reporters are told, and that the host decided."), extra_tags="ok")
    return redirect("host:cases")


@require_safe
@staff_only
def show_appeal(request: HttpRequest, staff_id: int, appeal_id: int) -> HttpResponse:
    """One appeal, and the sheet for who may hear it."""
    found = _found_appeal(staff_id, appeal_id)
    if found is None:
        raise NotFound(_("There is no such appeal here."))
    return render_appeal(request, HOST, found, HearingForm())


@require_POST
@staff_only
@confirmed
def decide_appeal(request: HttpRequest, staff_id: int, appeal_id: int) -> HttpResponse:
    """Uphold or reverse."""
    found = _posted_appeal(staff_id, appeal_id)
    form = HearingForm(request.POST)
    if not form.is_valid():
        return render_appeal(request, HOST, found, form, status=422)
    typed = form.cleaned_data
    try:
        journey.decide_appeal(
            staff_id=staff_id,
            appeal_id=appeal_id,
            reverse=typed["outcome"] == "reverse",
            reason=typed["reason"],
            seen=typed["seen"],
            now=clock.now(),
        )
    except Invalid as error:
        say(form, error)
        return render_appeal(request, HOST, found, form, status=status_of(error))
    except Refused as error:
        return render_appeal(request, HOST, found, form, status=status_of(error), error=str(error))
    except Conflict as error:
        return render_appeal(
            request, HOST, _posted_appeal(staff_id, appeal_id), form, status=status_of(error), error=str(error)
        )
    messages.success(request, _("Decided. The author is told, and that the host decided."), extra_tags="ok")
    return redirect("host:cases")


def _found(staff_id: int, case_id: int) -> AwayCase | None:
    found = host.host_case(person_id=staff_id, case_id=case_id)
    if found is None or not is_hosted_here(found.home.id):
        return None
    if found.why_not:
        raise Refused(found.why_not)
    return found


def _posted(staff_id: int, case_id: int) -> AwayCase:
    """The same for a sheet that comes in, which is told where the case went home meanwhile."""
    found = _found(staff_id, case_id)
    if found is None:
        journey.asked(case_id)
        raise NotFound(_("There is no such case here."))
    return found


def _found_appeal(staff_id: int, appeal_id: int) -> AwayAppeal | None:
    found = host.host_appeal(person_id=staff_id, appeal_id=appeal_id)
    if found is None or not is_hosted_here(found.home.id):
        return None
    if found.why_not:
        raise Refused(found.why_not)
    return found


def _posted_appeal(staff_id: int, appeal_id: int) -> AwayAppeal:
    found = _found_appeal(staff_id, appeal_id)
    if found is None:
        journey.asked(journey.case_of(appeal_id), appeal_id=appeal_id)
        raise NotFound(_("There is no such appeal here."))
    return found
