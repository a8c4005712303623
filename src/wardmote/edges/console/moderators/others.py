"""Cases of other communities, by agreement: each by itself, under its own community's rules, and nothing around it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wardmote.edges.console.access import Desk, moderators_only
from wardmote.edges.console.forms import HearingForm
from wardmote.edges.console.moderators.handed import NEXT_DOOR, render_appeal, render_case, sheet
from wardmote.edges.ui.refusals import say, status_of
from wardmote.journeys.moderators import away as journey
from wardmote.kernel import clock
from wardmote.kernel.errors import Conflict, Invalid, NotFound, Refused
from wardmote.moderation import queries
from wardmote.moderation.queries import away


@require_safe
@moderators_only
def listing(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What other communities have handed to this one."""
    rows = away.away_rows(judges_id=desk.community_id, member_id=desk.member_id)
    return render(request, "console/others.html", {"rows": rows, "full": len(rows) == away.LISTED, "here": "others"})


@require_safe
@moderators_only
def show(request: HttpRequest, desk: Desk, case_id: int) -> HttpResponse:
    """One case, and the sheet for whoever holds it."""
    found = _open(desk, case_id)
    return render_case(request, NEXT_DOOR, found, sheet(found))


@require_POST
@moderators_only
def claim(request: HttpRequest, desk: Desk, case_id: int) -> HttpResponse:
    """Take it."""
    found = _open(desk, case_id)
    try:
        journey.claim(judges_id=desk.community_id, member_id=desk.member_id, case_id=case_id, now=clock.now())
    except Conflict as error:
        return render_case(request, NEXT_DOOR, found, sheet(found), status=status_of(error), error=str(error))
    return redirect("console:other-case", case_id)


@require_POST
@moderators_only
def release(request: HttpRequest, desk: Desk, case_id: int) -> HttpResponse:
    """Give it back, undecided."""
    _open(desk, case_id)
    journey.release(judges_id=desk.community_id, member_id=desk.member_id, case_id=case_id, now=clock.now())
    messages.success(request, _("Released. Somebody else can take it."), extra_tags="ok")
    return redirect("console:others")


@require_POST
@moderators_only
def decide(request: HttpRequest, desk: Desk, case_id: int) -> HttpResponse:
    """Decide by the rules of the case's own community. What cannot be done comes back as it was typed."""
    found = _open(desk, case_id)
    form = sheet(found, request.POST)
    if not form.is_valid():
        return render_case(request, NEXT_DOOR, found, form, status=422)
    typed = {name: form.cleaned_data[name] for name in ("action", "reason", "days", "seen", "judged")}
    try:
        journey.decide(
            judges_id=desk.community_id,
            member_id=desk.member_id,
            case_id=case_id,
            clause_id=form.cleaned_data["clause"],
            now=clock.now(),
            **typed,
        )
    except Invalid as error:
        say(form, error)
        return render_case(request, NEXT_DOOR, found, form, status=status_of(error))
    except Refused as error:
        return render_case(request, NEXT_DOOR, found, form, status=status_of(error), error=str(error))
    except Conflict as error:
        return render_case(request, NEXT_DOOR, _open(desk, case_id), form, status=status_of(error), error=str(error))
    messages.success(request, _("Decided. Author and reporters are told, and by which community."), extra_tags="ok")
    return redirect("console:others")


@require_safe
@moderators_only
def show_appeal(request: HttpRequest, desk: Desk, appeal_id: int) -> HttpResponse:
    """One appeal, and the sheet for who may hear it."""
    return render_appeal(request, NEXT_DOOR, _open_appeal(desk, appeal_id), HearingForm())


@require_POST
@moderators_only
def decide_appeal(request: HttpRequest, desk: Desk, appeal_id: int) -> HttpResponse:
    """Uphold or reverse."""
    found = _open_appeal(desk, appeal_id)
    form = HearingForm(request.POST)
    if not form.is_valid():
        return render_appeal(request, NEXT_DOOR, found, form, status=422)
    try:
        journey.decide_appeal(
            judges_id=desk.community_id,
            member_id=desk.member_id,
            appeal_id=appeal_id,
            reverse=form.cleaned_data["outcome"] == "reverse",
            reason=form.cleaned_data["reason"],
            seen=form.cleaned_data["seen"],
            now=clock.now(),
        )
    except Invalid as error:
        say(form, error)
        return render_appeal(request, NEXT_DOOR, found, form, status=status_of(error))
    except Refused as error:
        return render_appeal(request, NEXT_DOOR, found, form, status=status_of(error), error=str(error))
    except Conflict as error:
        return render_appeal(
            request, NEXT_DOOR, _open_appeal(desk, appeal_id), form, status=status_of(error), error=str(error)
        )
    messages.success(request, _("Decided. The author is told, and by which community."), extra_tags="ok")
    return redirect("console:others")


@require_POST
@moderators_only
def hand_on(request: HttpRequest, desk: Desk, case_id: int) -> HttpResponse:
    """A moderator here asks for somebody who may decide a case of their own community."""
    return _ask(request, desk, case_id=case_id)


@require_POST
@moderators_only
def hand_on_appeal(request: HttpRequest, desk: Desk, appeal_id: int) -> HttpResponse:
    """The same for an appeal."""
    case_id = queries.case_of_appeal(community_id=desk.community_id, appeal_id=appeal_id)
    if case_id is None:
        raise NotFound(_("There is no such appeal here."))
    return _ask(request, desk, case_id=case_id, appeal_id=appeal_id)


def _ask(request: HttpRequest, desk: Desk, *, case_id: int, appeal_id: int | None = None) -> HttpResponse:
    title = journey.ask(
        community_id=desk.community_id,
        member_id=desk.member_id,
        case_id=case_id,
        appeal_id=appeal_id,
        now=clock.now(),
    )
    said = _("It is for the moderators of %(title)s now.") % {"title": title} if title else _("The host is asked.")
    messages.success(request, said, extra_tags="ok")
    return redirect("console:appeals" if appeal_id else "console:queue")


def _open(desk: Desk, case_id: int) -> away.AwayCase:
    found = away.away_case(judges_id=desk.community_id, member_id=desk.member_id, case_id=case_id)
    if found is None:
        raise NotFound(_("There is no such case here."))
    if found.why_not:
        raise Refused(found.why_not)
    return found


def _open_appeal(desk: Desk, appeal_id: int) -> away.AwayAppeal:
    found = away.away_appeal(judges_id=desk.community_id, member_id=desk.member_id, appeal_id=appeal_id)
    if found is None:
        raise NotFound(_("There is no such appeal here."))
    if found.why_not:
        raise Refused(found.why_not)
    return found
