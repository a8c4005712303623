"""What staff do to a case: each act is one form and one journey."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from wardmote.edges.console.hosts import forms as sheets
from wardmote.edges.console.hosts.access import staff_only
from wardmote.edges.console.hosts.cases import opened, render_case
from wardmote.edges.ui.confirmed import ask_again
from wardmote.edges.ui.refusals import say, status_of
from wardmote.hosting import queries
from wardmote.hosting.policy import Precondition, ProposalKind
from wardmote.journeys.hosts import cases, evidence, recheck, suspend
from wardmote.kernel import clock
from wardmote.kernel.errors import Conflict, Invalid, NotFound, Refused

Run = Callable[[int, queries.CaseView, Any, str], object]
"""Called with who acts, the case, the filled form, and what the page that it comes from was made of."""


@dataclass(frozen=True, slots=True)
class Act:
    """The form that is sent, the journey that it calls, and what is said when it worked."""

    form: type[forms.Form]
    run: Run
    done: str | Promise


def _case(journey: Callable[..., object]) -> Run:
    """A journey whose arguments are the case's id and the form's fields, by name."""
    return lambda staff_id, case, form, seen: journey(
        staff_id=staff_id, case_id=case.case_id, **form.cleaned_data, seen=seen, now=clock.now()
    )


def _proposal(journey: Callable[..., object]) -> Run:
    """A journey about the proposal that is before the approvers."""

    def run(staff_id: int, case: queries.CaseView, form: Any, seen: str) -> object:
        if case.proposal is None:
            raise NotFound(_("Nothing was proposed."))
        return journey(
            staff_id=staff_id,
            proposal_id=case.proposal.proposal_id,
            **form.cleaned_data,
            seen=seen,
            now=clock.now(),
        )

    return run


def _propose(kind: ProposalKind) -> Run:
    return lambda staff_id, case, form, seen: suspend.propose(
        staff_id=staff_id, case_id=case.case_id, kind=kind, **form.cleaned_data, seen=seen, now=clock.now()
    )


def _look(staff_id: int, case: queries.CaseView, form: Any, _: str) -> None:
    # It decides nothing, and changes nothing that somebody else may be reading.
    recheck.check_now(staff_id=staff_id, case_id=case.case_id, **form.cleaned_data, now=clock.now())


def _record(staff_id: int, case: queries.CaseView, form: Any, seen: str) -> object:
    return evidence.record_evidence(
        staff_id=staff_id,
        case_id=case.case_id,
        precondition=form.about,
        parts=form.parts,
        reference=form.cleaned_data["reference"],
        seen=seen,
        now=clock.now(),
    )


ACTS: Mapping[str, Act] = {
    "move": Act(sheets.MoveForm, _case(cases.move), gettext_lazy("The case has moved.")),
    "look": Act(sheets.LookForm, _look, gettext_lazy("The posts are being looked at.")),
    "extend": Act(sheets.ExtendForm, _case(cases.extend), gettext_lazy("The customer has more time.")),
    "settle": Act(sheets.SettleForm, _case(cases.settle_item), gettext_lazy("Your reading is recorded.")),
    "take-back": Act(sheets.ItemForm, _case(cases.withdraw_item), gettext_lazy("The post is withdrawn.")),
    "dispute": Act(sheets.DisputeForm, _case(cases.decide_dispute), gettext_lazy("The dispute is decided.")),
    "evidence": Act(sheets.EvidenceForm, _record, gettext_lazy("The evidence is recorded.")),
    "propose": Act(
        sheets.ProposalForm,
        _propose(ProposalKind.SUSPENSION),
        gettext_lazy("The suspension is proposed: to two others, and to the customer."),
    ),
    "terminate": Act(
        sheets.ProposalForm,
        _propose(ProposalKind.TERMINATION),
        gettext_lazy("The termination is proposed to two others."),
    ),
    "sign": Act(forms.Form, _proposal(suspend.approve), gettext_lazy("Signed.")),
    "carry-out": Act(
        forms.Form, _proposal(suspend.carry_out), gettext_lazy("Carried out; the customer has the reasons.")
    ),
    "withdraw": Act(sheets.ReasonForm, _proposal(suspend.withdraw), gettext_lazy("The proposal is withdrawn.")),
    "reinstate": Act(sheets.ReinstateForm, _case(suspend.reinstate), gettext_lazy("Reinstated: all of it is back.")),
}


WEIGHTY = frozenset({"propose", "terminate", "sign", "carry-out", "reinstate"})
"""Acts that ask for the password again: they bind a whole community."""


@require_POST
@staff_only
def act(request: HttpRequest, staff_id: int, case_id: int, name: str) -> HttpResponse:
    """Do one act. What cannot be done comes back with the reason and everything that was typed."""
    case = opened(case_id)
    chosen = ACTS.get(name)
    if chosen is None:
        raise NotFound(_("There is no such act."))
    if name in WEIGHTY:
        ask_again(request)
    form = _filled(chosen, name, request)
    if not form.is_valid():
        return render_case(request, staff_id, case, tried=(name, form), error=_first(form), status=422)
    try:
        chosen.run(staff_id, case, form, request.POST.get("seen", ""))
    except (Invalid, Refused, Conflict) as error:
        say(form, error)
        tried, said = (name, form), str(error)
        return render_case(request, staff_id, opened(case_id), tried=tried, error=said, status=status_of(error))
    messages.success(request, str(chosen.done), extra_tags="ok")
    return redirect("host:case", case_id)


def _filled(chosen: Act, name: str, request: HttpRequest) -> forms.Form:
    if chosen.form is not sheets.EvidenceForm:
        return chosen.form(request.POST, auto_id=f"{name}_%s")
    try:
        about = Precondition(request.POST.get("precondition", ""))
    except ValueError:
        raise NotFound(_("There is no such precondition.")) from None
    return sheets.EvidenceForm(request.POST, about=about, auto_id=f"{about}_%s")


def _first(form: forms.Form) -> str:
    return str(next(iter(form.errors.values()))[0])
