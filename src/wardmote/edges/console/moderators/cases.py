"""One case: read it, take it, give it back, see what the author would read, decide."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from wardmote.communities.policy import Action
from wardmote.edges.console.access import Desk, moderators_only
from wardmote.edges.console.forms import HandOverForm, NoteForm
from wardmote.edges.console.labels import action_name
from wardmote.edges.console.moderators.casefile import (
    MINUTE,
    claimed_at,
    decision_form,
    open_case,
    preview_of,
    render_case,
)
from wardmote.edges.console.moderators.drafted import again, taken_back
from wardmote.edges.console.moderators.queue import go_to_next
from wardmote.edges.console.moderators.reasons import with_template
from wardmote.edges.console.moderators.undo import preview_correction, undo_of
from wardmote.edges.ui.htmx import in_place
from wardmote.edges.ui.refusals import say, status_of
from wardmote.journeys.moderators import review
from wardmote.journeys.moderators.second_thoughts import undo_time
from wardmote.journeys.steps import cover as covering
from wardmote.kernel import clock
from wardmote.kernel.errors import Conflict, Invalid, Refused
from wardmote.moderation import queries
from wardmote.moderation.policy.seen import Changed


@require_safe
@moderators_only
def show(request: HttpRequest, desk: Desk, case_id: int) -> HttpResponse:
    """The case and, for whoever holds it, the decision sheet."""
    case = open_case(desk, case_id)
    form, more = again(request, desk, case)
    return render_case(request, desk, case, form or taken_back(desk, case), undo=undo_of(desk), **more)


@require_safe
@moderators_only
def clock_chip(request: HttpRequest, desk: Desk, case_id: int) -> HttpResponse:
    """How long the claim still holds; the page asks twice a minute."""
    case = open_case(desk, case_id)
    return render(request, "console/_clock.html", {"case": case, "claimed_at": claimed_at(case)})


@require_POST
@moderators_only
def claim(request: HttpRequest, desk: Desk, case_id: int) -> HttpResponse:
    """Take this case."""
    try:
        review.claim(community_id=desk.community_id, member_id=desk.member_id, case_id=case_id, now=clock.now())
    except (Conflict, Refused) as error:
        messages.error(request, str(error))
    return redirect("console:case", case_id)


@require_POST
@moderators_only
def release(request: HttpRequest, desk: Desk, case_id: int) -> HttpResponse:
    """Give it back to the queue, undecided."""
    try:
        review.release(community_id=desk.community_id, member_id=desk.member_id, case_id=case_id, now=clock.now())
    except (Conflict, Refused) as error:
        messages.error(request, str(error))
        return redirect("console:case", case_id)
    messages.info(request, _("The case is back in the queue, undecided."))
    return redirect("console:queue")


@require_POST
@moderators_only
def cover(request: HttpRequest, desk: Desk, case_id: int) -> HttpResponse:
    """Keep it from readers until it is decided."""
    try:
        covering.cover_by_hand(
            community_id=desk.community_id, member_id=desk.member_id, case_id=case_id, now=clock.now()
        )
    except (Conflict, Invalid) as error:
        messages.error(request, str(error))
    return redirect("console:case", case_id)


@require_POST
@moderators_only
def uncover(request: HttpRequest, desk: Desk, case_id: int) -> HttpResponse:
    """Let readers see it while it waits."""
    try:
        covering.uncover_by_hand(
            community_id=desk.community_id, member_id=desk.member_id, case_id=case_id, now=clock.now()
        )
    except Conflict as error:
        messages.error(request, str(error))
    return redirect("console:case", case_id)


@require_POST
@moderators_only
def preview(request: HttpRequest, desk: Desk, case_id: int) -> HttpResponse:
    """What the author would read: a piece of the page for htmx, else the whole page with the sheet as typed."""
    case = open_case(desk, case_id)
    if "correcting" in request.POST:
        return preview_correction(request, desk, case)
    form = decision_form(desk, case, with_template(desk, request.POST))
    notice = preview_of(desk, case, form)
    if in_place(request):
        return render(request, "console/_notice.html", notice)
    return render_case(request, desk, case, form, **notice)


@require_POST
@moderators_only
def decide(request: HttpRequest, desk: Desk, case_id: int) -> HttpResponse:
    """Decide it. What cannot be done comes back with everything that was typed."""
    case = open_case(desk, case_id)
    form = decision_form(desk, case, request.POST)
    if not form.is_valid():
        return render_case(request, desk, case, form, status=422)
    chosen = form.cleaned_data
    if chosen["action"] is not Action.NONE and request.POST.get("judged") == "":
        form.add_error("judged", _("Choose which text you judge."))
        return render_case(request, desk, case, form, status=422)
    try:
        review.decide(
            community_id=desk.community_id,
            member_id=desk.member_id,
            case_id=case_id,
            action=chosen["action"],
            clause_id=chosen["clause"],
            reason=chosen["reason"],
            days=chosen["days"],
            seen=chosen["seen"],
            judged=chosen["judged"],
            now=clock.now(),
        )
    except Invalid as error:
        say(form, error)
        return render_case(request, desk, case, form, status=status_of(error))
    except Refused as error:
        say(form, error, otherwise="action")
        return render_case(request, desk, case, form, status=status_of(error))
    except Conflict as error:
        case = open_case(desk, case_id)
        said = "" if isinstance(error, Changed) and case.claimed_by_me else str(error)
        return render_case(request, desk, case, form, status=status_of(error), error=said)
    messages.success(request, _said(chosen["action"]), extra_tags="ok")
    goes_on = "go_on" in request.POST
    if "go_on_asked" in request.POST:
        review.choose_to_go_on(
            community_id=desk.community_id, member_id=desk.member_id, goes_on=goes_on, now=clock.now()
        )
    return go_to_next(request, desk) if goes_on else redirect("console:queue")


@require_POST
@moderators_only
def hand_over(request: HttpRequest, desk: Desk, case_id: int) -> HttpResponse:
    """Give it to another moderator, with a note that only moderators read."""
    case = open_case(desk, case_id)
    others = queries.colleagues(
        community_id=desk.community_id, case_id=case_id, member_id=desk.member_id, now=clock.now()
    )
    form = HandOverForm(request.POST, colleagues=others)
    if not form.is_valid():
        return render_case(request, desk, case, status=422, hand_form=form)
    try:
        review.hand_over(
            community_id=desk.community_id,
            member_id=desk.member_id,
            case_id=case_id,
            to_id=form.cleaned_data["to"],
            note=form.cleaned_data["note"],
            now=clock.now(),
        )
    except (Invalid, Refused) as error:
        say(form, error, otherwise="note")
        return render_case(request, desk, case, status=status_of(error), hand_form=form)
    except Conflict as error:
        found, said = open_case(desk, case_id), str(error)
        return render_case(request, desk, found, status=status_of(error), error=said, hand_form=form)
    messages.success(request, _("Handed over. Whoever gets it finds it on top of their queue."), extra_tags="ok")
    return redirect("console:queue")


@require_POST
@moderators_only
def note(request: HttpRequest, desk: Desk, case_id: int) -> HttpResponse:
    """Leave a note for the other moderators."""
    case = open_case(desk, case_id)
    form = NoteForm(request.POST, auto_id="note-%s")
    if not form.is_valid():
        return render_case(request, desk, case, status=422, note_form=form)
    try:
        review.note(
            community_id=desk.community_id,
            member_id=desk.member_id,
            case_id=case_id,
            text=form.cleaned_data["note"],
            now=clock.now(),
        )
    except Refused as error:
        say(form, error, otherwise="note")
        return render_case(request, desk, case, status=status_of(error), note_form=form)
    return redirect("console:case", case_id)


def _said(action: Action) -> str:
    done = _("Decided: %(action)s.") % {"action": action_name(action).lower()}
    minutes = undo_time() // MINUTE
    if minutes:
        letters = ngettext(
            "The letters leave in %(count)d minute; until then you can take it back.",
            "The letters leave in %(count)d minutes; until then you can take it back.",
            minutes,
        ) % {"count": minutes}
    elif action is Action.NONE:
        letters = _("A letter to whoever reported it is on its way.")
    else:
        letters = _("Letters to the author and to whoever reported it are on their way.")
    return f"{done} {letters}"
