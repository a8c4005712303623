"""The locked lane: what matched a list of what is illegal, for the owner's eyes alone."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from wardmote.edges.console.access import Desk, owner_or_nobody
from wardmote.edges.ui import drafts
from wardmote.edges.ui.fields import Text
from wardmote.edges.ui.refusals import status_of
from wardmote.journeys.steps import quarantine as journey
from wardmote.kernel import clock
from wardmote.kernel.errors import Conflict, Invalid, NotFound, Refused
from wardmote.kernel.ids import MAX_ID
from wardmote.moderation import queries
from wardmote.moderation.policy import REASON_LIMIT, QuarantineState
from wardmote.moderation.queries import QuarantineView

STATES = {
    QuarantineState.WAITING: gettext_lazy("waits for you"),
    QuarantineState.CONFIRMED: gettext_lazy("confirmed"),
    QuarantineState.MISTAKEN: gettext_lazy("the list was mistaken"),
}
_CONFIRMED, _MISTAKEN = "confirmed", "mistaken"


class QuarantineForm(forms.Form):
    """What the owner finds."""

    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        label=gettext_lazy("What it is"),
        choices=[
            (_CONFIRMED, gettext_lazy("It is what the list says. It stays locked away.")),
            (_MISTAKEN, gettext_lazy("The list is mistaken. The text is erased, and can be written again.")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what it is.")},
    )
    note = Text(
        label=gettext_lazy("What you found, and whom you told"),
        max_length=REASON_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("For whoever asks later, such as a court: the authority, the day, its reference."),
    )


@never_cache
@require_safe
@owner_or_nobody
def listing(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The cases, without their texts."""
    rows = queries.quarantined_cases(community_id=desk.community_id, member_id=desk.member_id)
    return render(
        request, "console/locked.html", {"rows": [(row, STATES[row.state]) for row in rows], "here": "locked"}
    )


@never_cache
@require_safe
@owner_or_nobody
def show(request: HttpRequest, desk: Desk, locked_id: int) -> HttpResponse:
    """One case; its text is folded away until it is asked for."""
    found = _find(desk, locked_id)
    waits = found.state is QuarantineState.WAITING and not found.own
    draft = drafts.take(request, to=reverse("console:locked-decide", args=[locked_id])) if waits else None
    if draft is not None:
        messages.info(request, draft.sentence)
    return _render(request, found, QuarantineForm(draft.fields if draft is not None else None))


@never_cache
@require_POST
@owner_or_nobody
def decide(request: HttpRequest, desk: Desk, locked_id: int) -> HttpResponse:
    """Say what it is."""
    found = _find(desk, locked_id)
    form = QuarantineForm(request.POST)
    if not form.is_valid():
        return _render(request, found, form, status=422)
    try:
        journey.decide(
            community_id=desk.community_id,
            member_id=desk.member_id,
            case_id=locked_id,
            mistaken=form.cleaned_data["outcome"] == _MISTAKEN,
            note=form.cleaned_data["note"],
            seen=form.cleaned_data["seen"],
            now=clock.now(),
        )
    except (Invalid, Refused, Conflict) as error:
        form.add_error(None, str(error))
        # The page is theirs; what is refused is this answer to it.
        status = 422 if isinstance(error, Refused) else status_of(error)
        return _render(request, found, form, status=status)
    messages.success(request, _("It is decided; the record says so, and not what it was."), extra_tags="ok")
    return redirect("console:locked")


@require_POST
@owner_or_nobody
def erase(request: HttpRequest, desk: Desk, locked_id: int) -> HttpResponse:
    """Empty the text of a decided case."""
    _find(desk, locked_id)
    journey.erase(community_id=desk.community_id, member_id=desk.member_id, case_id=locked_id, now=clock.now())
    messages.success(request, _("The text is erased."), extra_tags="ok")
    return redirect("console:locked-case", locked_id)


def _find(desk: Desk, locked_id: int) -> QuarantineView:
    found = None
    if locked_id <= MAX_ID:
        found = queries.locked_case(community_id=desk.community_id, member_id=desk.member_id, case_id=locked_id)
    if found is None:
        raise NotFound(_("There is nothing at this address."))
    return found


def _render(request: HttpRequest, found: QuarantineView, form: QuarantineForm, *, status: int = 200) -> HttpResponse:
    context = {
        "case": found,
        "state": STATES[found.state],
        "percent": round(found.alike * 100),
        "waits": found.state is QuarantineState.WAITING,
        "form": form,
        "here": "locked",
    }
    return render(request, "console/locked_case.html", context, status=status)
