"""The list of cases by clock, and one case with everything that its next step needs."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wardmote.edges.console.hosts import forms as sheets
from wardmote.edges.console.hosts import labels
from wardmote.edges.console.hosts.access import staff_only
from wardmote.edges.console.hosts.ladder import checklist, rungs, steps
from wardmote.hosting import queries
from wardmote.hosting.policy import ProposalKind, Stage
from wardmote.hosting.policy.proposals import ProposalState
from wardmote.kernel import clock
from wardmote.kernel.errors import NotFound
from wardmote.moderation.queries.away import LISTED
from wardmote.moderation.queries.host import ForHost, for_host
from wardmote.outside.origin import origin_of
from wardmote.people.queries import email_of
from wardmote.upstream.queries import is_hosted_here


@require_safe
@staff_only
def listing(request: HttpRequest, staff_id: int) -> HttpResponse:
    """Every case, the one whose clock runs out first on top."""
    rows = queries.cases(now=clock.now())
    asked = _asked(staff_id)
    to_sign = queries.awaiting_signature(person_id=staff_id)
    context = {
        "to_sign": [_named(row) for row in rows if row.case_id in to_sign],
        "open": [_named(row) for row in rows if not row.stage.final],
        "ended": [_named(row) for row in rows if row.stage.final],
        "policy": queries.acceptable_use(),
        "asked": asked,
        "asked_full": len(asked) == LISTED,
        "here": "cases",
    }
    return render(request, "console/host/cases.html", context)


def _asked(staff_id: int) -> list[tuple[ForHost, str, int | None]]:
    """What communities here have asked about, how far it has come, and which customer they are."""
    rows = [row for row in for_host(person_id=staff_id) if is_hosted_here(row.home.id)]
    customers = {row.community_id: row.customer_id for row in queries.customers() if row.community_id}
    return [
        (row, f"{origin_of(row.home.domain)}{row.path}" if row.path else "", customers.get(row.home.id)) for row in rows
    ]


def _named(row: queries.CaseRow) -> tuple[queries.CaseRow, object, object]:
    return row, labels.STAGES[row.stage], labels.CLOCKS[row.clock.name] if row.clock else ""


@require_safe
@staff_only
def show(request: HttpRequest, staff_id: int, case_id: int) -> HttpResponse:
    """One case: its ladder, its posts, its letters, its timeline."""
    return render_case(request, staff_id, opened(case_id))


@require_safe
@staff_only
def receipt(request: HttpRequest, staff_id: int, receipt_id: int) -> HttpResponse:
    """A receipt as the file that `wardmote record check` reads."""
    found = queries.receipt_file(receipt_id=receipt_id)
    if found is None:
        raise NotFound(_("There is no such receipt."))
    name, text = found
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type="application/json", headers=headers)


def opened(case_id: int) -> queries.CaseView:
    """The case; NotFound where there is none."""
    case = queries.case(case_id=case_id, now=clock.now())
    if case is None:
        raise NotFound(_("There is no such case."))
    return case


def render_case(
    request: HttpRequest,
    staff_id: int,
    case: queries.CaseView,
    *,
    tried: tuple[str, forms.Form] | None = None,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page of a case; `tried` is the act that failed with its form as it was typed."""
    act, form = tried or ("", None)
    context: dict[str, Any] = {
        "case": case,
        "stage": labels.STAGES[case.stage],
        "rungs": rungs(case),
        "steps": steps(case),
        "checklist": checklist(case, form if act == "evidence" else None),
        "lacking": sum(not view.met for view in case.preconditions),
        "items": [(item, *labels.STATUSES[item.status], _looks(item), _said(item.answers)) for item in case.items],
        "letters": [(notice, labels.NOTICES[notice.kind]) for notice in case.notices],
        "answers": _said(case.answers),
        "clocks": [(c, labels.CLOCKS[c.name]) for c in case.clocks],
        "receipts": queries.receipts(case_id=case.case_id),
        "signatures": _signatures(case, staff_id),
        "sheets": _sheets(case, act, form),
        "act": act,
        "error": error,
        "opener": email_of(person_id=case.opened_by),
        "may_read_disputes": staff_id != case.opened_by,
        "here": "cases",
    }
    return render(request, "console/host/case.html", context, status=status)


def _looks(item: queries.ItemView) -> list[tuple[queries.CheckView, object]]:
    return [(check, labels.FINDINGS[check.finding]) for check in reversed(item.checks[-6:])]


def _said(answers: tuple[queries.AnswerView, ...]) -> list[tuple[queries.AnswerView, object]]:
    return [(answer, labels.ANSWERS[answer.kind]) for answer in answers]


def _signatures(case: queries.CaseView, staff_id: int) -> dict[str, Any]:
    """The two lines to be signed under the open proposal, and whether this person may sign one."""
    proposal = case.proposal
    if proposal is None or proposal.state is not ProposalState.OPEN:
        return {}
    names = [email_of(person_id=p) for p in sorted(proposal.barred - {case.opened_by})]
    if proposal.kind is ProposalKind.TERMINATION:
        names = [""] * proposal.approvals  # those who suspended are barred too, and did not sign this
    lines = [(True, name) for name in names] + [(False, "")] * (2 - len(names))
    outcome = Stage.SUSPENDED if proposal.kind is ProposalKind.SUSPENSION else Stage.TERMINATED
    missing = next((move.missing for move in case.moves if move.to is outcome), ())
    return {"proposal": proposal, "lines": lines, "may_sign": proposal.may_approve(staff_id), "missing": missing}


def _sheets(case: queries.CaseView, act: str, tried: forms.Form | None) -> dict[str, forms.Form]:
    """One empty form an act; the one that failed as it was typed."""
    made: dict[str, forms.Form] = {
        "extend": sheets.ExtendForm(auto_id="extend_%s"),
        "propose": sheets.ProposalForm(auto_id="propose_%s"),
        "terminate": sheets.ProposalForm(auto_id="terminate_%s"),
        "withdraw": sheets.ReasonForm(auto_id="withdraw_%s"),
        "reinstate": sheets.ReinstateForm(auto_id="reinstate_%s"),
    }
    if act in made and tried is not None:
        made[act] = tried
    return made
