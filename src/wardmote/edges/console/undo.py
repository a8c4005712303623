"""Taking one's own decision back, and correcting one whose letters have left."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from wardmote.communities.queries import current_policy
from wardmote.edges.console.access import Desk, moderators_only
from wardmote.edges.console.casefile import open_case, render_case
from wardmote.edges.console.forms import CorrectionForm
from wardmote.edges.console.words import action_name
from wardmote.edges.look import drafts
from wardmote.journeys import second_thoughts
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
        status = 409 if isinstance(error, Conflict) else 403
        return render_case(request, desk, case, None, status=status, error=str(error), undo=undo_of(desk))
    messages.success(request, _("Taken back: nobody is written to, and the case is yours again."), extra_tags="ok")
    return redirect("console:case", case_id)


@require_http_methods(["GET", "HEAD", "POST"])
@moderators_only
def correct(request: HttpRequest, desk: Desk, case_id: int) -> HttpResponse:
    """A decision in place of the one that holds. What cannot be done comes back with everything that was typed."""
    case = open_case(desk, case_id)
    before = next((d for d in reversed(case.decisions) if d.reversed_at is None), None)
    if before is None:
        raise NotFound(_("There is no decision here that could be corrected."))
    policy = current_policy(community_id=desk.community_id)
    clauses = policy.clauses if policy else ()
    same = next((c.id for c in clauses if c.key == before.clause_key), "")
    initial = {"action": before.action.value, "clause": same, "reason": before.reason}
    if request.method != "POST":
        draft = drafts.take(request, to=request.path)
        if draft is not None:
            messages.info(request, draft.sentence)
        form = CorrectionForm(draft.fields if draft is not None else None, clauses=clauses, initial=initial)
        return render_case(request, desk, case, form, correcting=before)
    form = CorrectionForm(request.POST, clauses=clauses)
    status = 422
    if form.is_valid():
        try:
            _correct(desk, before.decision_id, form)
        except Invalid as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        except (Conflict, Refused) as error:
            status = 409 if isinstance(error, Conflict) else 403
            return render_case(
                request, desk, open_case(desk, case_id), form, status=status, error=str(error), correcting=before
            )
        else:
            messages.success(request, _("Corrected. Whom it concerns is told."), extra_tags="ok")
            return redirect("console:case", case_id)
    return render_case(request, desk, case, form, status=status, correcting=before)


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
        seen=chosen["seen"],
        now=clock.now(),
    )
