"""Cases of other communities, by agreement: each by itself, under its own community's rules, and nothing around it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wardmote.communities.queries import current_policy
from wardmote.edges.console import labels
from wardmote.edges.console.access import Desk, moderators_only
from wardmote.edges.console.forms import DecisionForm, HearingForm
from wardmote.edges.console.moderators.casefile import claimed_at, what_changed
from wardmote.edges.console.shield import shielded
from wardmote.edges.ui.refusals import say, status_of
from wardmote.journeys.moderators import away as journey
from wardmote.kernel import clock
from wardmote.kernel.errors import Conflict, Invalid, NotFound, Refused
from wardmote.moderation import queries
from wardmote.moderation.policy import REASON_LIMIT, SUSPENSIONS
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
    return _render(request, found, _sheet(found))


@require_POST
@moderators_only
def claim(request: HttpRequest, desk: Desk, case_id: int) -> HttpResponse:
    """Take it."""
    found = _open(desk, case_id)
    try:
        journey.claim(judges_id=desk.community_id, member_id=desk.member_id, case_id=case_id, now=clock.now())
    except Conflict as error:
        return _render(request, found, _sheet(found), status=status_of(error), error=str(error))
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
    form = _sheet(found, request.POST)
    if not form.is_valid():
        return _render(request, found, form, status=422)
    sheet = {name: form.cleaned_data[name] for name in ("action", "reason", "days", "seen", "judged")}
    try:
        journey.decide(
            judges_id=desk.community_id,
            member_id=desk.member_id,
            case_id=case_id,
            clause_id=form.cleaned_data["clause"],
            now=clock.now(),
            **sheet,
        )
    except Invalid as error:
        say(form, error)
        return _render(request, found, form, status=status_of(error))
    except Refused as error:
        return _render(request, found, form, status=status_of(error), error=str(error))
    except Conflict as error:
        return _render(request, _open(desk, case_id), form, status=status_of(error), error=str(error))
    messages.success(request, _("Decided. Author and reporters are told, and by which community."), extra_tags="ok")
    return redirect("console:others")


@require_safe
@moderators_only
def show_appeal(request: HttpRequest, desk: Desk, appeal_id: int) -> HttpResponse:
    """One appeal, and the sheet for who may hear it."""
    return _render_appeal(request, _open_appeal(desk, appeal_id), HearingForm())


@require_POST
@moderators_only
def decide_appeal(request: HttpRequest, desk: Desk, appeal_id: int) -> HttpResponse:
    """Uphold or reverse."""
    found = _open_appeal(desk, appeal_id)
    form = HearingForm(request.POST)
    if not form.is_valid():
        return _render_appeal(request, found, form, status=422)
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
        return _render_appeal(request, found, form, status=status_of(error))
    except Refused as error:
        return _render_appeal(request, found, form, status=status_of(error), error=str(error))
    except Conflict as error:
        return _render_appeal(request, _open_appeal(desk, appeal_id), form, status=status_of(error), error=str(error))
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


def _sheet(found: away.AwayCase, typed: Any = None) -> DecisionForm:
    policy = current_policy(community_id=found.home.id)
    initial = {"clause": found.case.suggested_clause_id or ""}
    return DecisionForm(typed, clauses=policy.clauses if policy else (), initial=initial)


def _render(
    request: HttpRequest, found: away.AwayCase, form: DecisionForm, *, status: int = 200, error: str = ""
) -> HttpResponse:
    policy = current_policy(community_id=found.home.id)
    changed = what_changed(found.case, form) if found.case.claimed_by_me else None
    context = {
        "home": found.home,
        "case": found.case,
        "item": found.case.item,
        "spans": found.case.spans,
        "behind": labels.behind_case(found.case),
        "texts": labels.named_texts(found.case.texts) if len(found.case.texts) > 1 else (),
        "judged": str(form["judged"].value() or found.case.newest_hash),
        "reports": labels.named_reports(found.case),
        "decisions": labels.named_decisions(found.case.decisions),
        "claimed_at": claimed_at(found.case),
        # Nobody at home may be there to bring back a claim that ran out: whoever comes next takes it.
        "ran_out": found.case.claim_expires_at is not None and found.case.claim_expires_at <= clock.now(),
        "form": form,
        "policy": policy,
        "clauses": labels.named_clauses(policy.clauses if policy else ()),
        "actions": labels.ACTIONS,
        "suspensions": SUSPENSIONS,
        "reason_limit": REASON_LIMIT,
        "changed": changed,
        "error": error if changed is None else "",
        "shielded": shielded(request),
        "here": "others",
    }
    return render(request, "console/other_case.html", context, status=status)


def _render_appeal(
    request: HttpRequest, found: away.AwayAppeal, form: HearingForm, *, status: int = 200, error: str = ""
) -> HttpResponse:
    context = {
        "home": found.home,
        "appeal": found.appeal,
        "item": found.appeal.item,
        "spans": found.appeal.spans,
        "behind": labels.behind_appeal(found.appeal),
        "decision": found.appeal.decision,
        "name": labels.action_name(found.appeal.decision.action),
        "form": form,
        "error": error,
        "reason_limit": REASON_LIMIT,
        "shielded": shielded(request),
        "here": "others",
    }
    return render(request, "console/other_appeal.html", context, status=status)
