"""Taking one's own decision back, and correcting one whose letters have left."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from wardmote.communities.queries import current_policy
from wardmote.edges.console.access import Desk, moderators_only
from wardmote.edges.console.forms import CorrectionForm
from wardmote.edges.console.labels import action_name
from wardmote.edges.console.moderators.casefile import open_case, preview_of, render_case
from wardmote.edges.console.moderators.reasons import with_template
from wardmote.edges.ui import drafts
from wardmote.edges.ui.htmx import in_place
from wardmote.edges.ui.refusals import say, status_of
from wardmote.journeys.moderators import second_thoughts
from wardmote.kernel import clock
from wardmote.kernel.errors import Conflict, Invalid, NotFound, Refused
from wardmote.kernel.ids import MAX_ID
from wardmote.moderation import queries


def undo_of(desk: Desk) -> tuple[queries.Undoable, str] | None:
    """The decision that this moderator can still take back, with its action's name."""
    found = queries.undoable(
        community_id=desk.community_id, member_id=desk.member_id, within=second_thoughts.undo_time(), now=clock.now()
    )
    return (found, action_name(found.action)) if found else None


@require_POST
@moderators_only
def take_back(request: HttpRequest, desk: Desk, decision_id: int) -> HttpResponse:
    """Undo: the case is in the moderator's hands again, and nobody is written to."""
    if decision_id > MAX_ID:
        raise NotFound(_("There is no such decision here."))
    try:
        case_id = second_thoughts.take_back(
            community_id=desk.community_id,
            member_id=desk.member_id,
            decision_id=decision_id,
            seen=request.POST.get("seen", ""),
            now=clock.now(),
        )
    except (Conflict, Refused) as error:
        found = queries.case_of_decision(community_id=desk.community_id, decision_id=decision_id)
        if found is None:
            raise
        case = open_case(desk, found)
        return render_case(request, desk, case, None, status=status_of(error), error=str(error), undo=undo_of(desk))
    messages.success(request, _("Taken back: nobody is written to, and the case is yours again."), extra_tags="ok")
    return redirect("console:case", case_id)


@require_http_methods(["GET", "HEAD", "POST"])
@moderators_only
def correct(request: HttpRequest, desk: Desk, case_id: int) -> HttpResponse:
    """A decision in place of the one that holds. What cannot be done comes back with everything that was typed."""
    case = open_case(desk, case_id)
    before = corrected_by_sheet(case)
    if request.method != "POST":
        draft = drafts.take(request, to=request.path)
        if draft is not None:
            messages.info(request, draft.sentence)
        form = correction_form(desk, before, draft.fields if draft is not None else None)
        return render_case(request, desk, case, form, correcting=before)
    form = correction_form(desk, before, request.POST)
    status = 422
    if form.is_valid():
        try:
            _correct(desk, before.decision_id, form)
        except Invalid as error:
            say(form, error)
        except (Conflict, Refused) as error:
            found, said = open_case(desk, case_id), str(error)
            return render_case(request, desk, found, form, status=status_of(error), error=said, correcting=before)
        else:
            messages.success(
                request, _("Corrected. The letters to whom it concerns are on their way."), extra_tags="ok"
            )
            return redirect("console:case", case_id)
    return render_case(request, desk, case, form, status=status, correcting=before)


def corrected_by_sheet(case: queries.CaseView) -> queries.DecisionView:
    """The decision that a correction takes the place of; NotFound where none holds."""
    before = next((d for d in reversed(case.decisions) if d.ending is None), None)
    if before is None:
        raise NotFound(_("There is no decision here that could be corrected."))
    return before


def correction_form(desk: Desk, before: queries.DecisionView, typed: Mapping[str, Any] | None = None) -> CorrectionForm:
    """The sheet as typed, or as it was decided, but for the reason: that is written anew, or put in by its button."""
    policy = current_policy(community_id=desk.community_id)
    clauses = policy.clauses if policy else ()
    same = next((c.id for c in clauses if c.key == before.clause_key), "")
    initial = {"action": before.action.value, "clause": same, "judged": before.content_hash}
    return CorrectionForm(typed, clauses=clauses, initial=initial)


def preview_correction(request: HttpRequest, desk: Desk, case: queries.CaseView) -> HttpResponse:
    """What the author would read of a correction, as `cases.preview` shows it of a decision."""
    before = corrected_by_sheet(case)
    typed = with_template(desk, request.POST, before.reason)
    form = correction_form(desk, before, typed)
    notice = preview_of(desk, case, form, before)
    if in_place(request):
        return render(request, "console/_notice.html", notice)
    return render_case(request, desk, case, form, correcting=before, **notice)


def _correct(desk: Desk, decision_id: int, form: CorrectionForm) -> None:
    chosen = form.cleaned_data
    second_thoughts.correct(
        community_id=desk.community_id,
        member_id=desk.member_id,
        decision_id=decision_id,
        action=chosen["action"],
        clause_id=chosen["clause"],
        reason=chosen["reason"],
        days=chosen["days"],
        why=chosen["why"],
        judged=chosen["judged"],
        seen=chosen["seen"],
        now=clock.now(),
    )
