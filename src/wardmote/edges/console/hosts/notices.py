"""Writing to a customer: the letter beside what the linter says of it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from wardmote.edges.console.hosts import labels
from wardmote.edges.console.hosts.access import staff_only
from wardmote.edges.console.hosts.cases import opened
from wardmote.edges.console.hosts.forms import NoticeForm
from wardmote.edges.ui import drafts
from wardmote.edges.ui.refusals import say, status_of
from wardmote.hosting import queries
from wardmote.hosting.policy import Letter, NoticeDraft, NoticeKind, Stage
from wardmote.hosting.policy.notices import BRINGS
from wardmote.journeys.hosts import notices
from wardmote.kernel import clock
from wardmote.kernel.errors import Conflict, Invalid, Refused


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def write(request: HttpRequest, staff_id: int, case_id: int) -> HttpResponse:
    """The composer: preview shows the letter exactly as it would be read, send issues it."""
    case = opened(case_id)
    if request.method != "POST":
        kept = drafts.take(request, to=request.path)
        if kept is None:
            return _draw(request, case, NoticeForm(initial={"kind": due_kind(case)}))
        messages.info(request, kept.sentence)
        return _draw(request, case, NoticeForm(kept.fields))
    form = NoticeForm(request.POST)
    if not form.is_valid():
        return _draw(request, case, form, status=422)
    draft = NoticeDraft(**form.cleaned_data)
    seen = request.POST.get("seen", "")
    try:
        if request.POST.get("do") != "send":
            letter = notices.preview(staff_id=staff_id, case_id=case_id, draft=draft, now=clock.now())
            return _draw(request, case, form, letter=letter)
        notices.send(staff_id=staff_id, case_id=case_id, draft=draft, seen=seen, now=clock.now())
    except (Invalid, Refused, Conflict) as error:
        say(form, error)
        # A letter out of turn is refused because of where the case is by now.
        status = 409 if isinstance(error, Refused) else status_of(error)
        return _draw(request, opened(case_id), form, status=status)
    messages.success(request, _("The letter is on its way. The clock starts when it is delivered."), extra_tags="ok")
    return redirect("host:case", case_id)


def due_kind(case: queries.CaseView) -> NoticeKind:
    """The letter that the ladder waits for; a reminder where it waits for none."""
    ahead = [move.to for move in case.moves]
    for kind in (NoticeKind.NOTICE, NoticeKind.WARNING, NoticeKind.RESTRICTION):
        if BRINGS[kind] in ahead and case.stage not in (Stage.SUSPENSION_PROPOSED, Stage.REINSTATED):
            return kind
    return NoticeKind.REMINDER


def _draw(
    request: HttpRequest, case: queries.CaseView, form: NoticeForm, *, letter: Letter | None = None, status: int = 200
) -> HttpResponse:
    context = {"case": case, "stage": labels.STAGES[case.stage], "form": form, "letter": letter, "here": "cases"}
    return render(request, "console/host/letter.html", context, status=status)
