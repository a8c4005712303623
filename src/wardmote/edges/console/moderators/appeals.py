"""Appeals: what waits for a second pair of eyes, and the hearing."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wardmote.edges.console import labels
from wardmote.edges.console.access import Desk, moderators_only
from wardmote.edges.console.forms import HearingForm
from wardmote.edges.console.moderators.casefile import WhatChanged
from wardmote.edges.console.shield import shielded
from wardmote.edges.ui import drafts
from wardmote.edges.ui.refusals import say, status_of
from wardmote.journeys.members import appeal as journey
from wardmote.kernel import clock
from wardmote.kernel.errors import Conflict, Invalid, NotFound, Refused
from wardmote.moderation import queries
from wardmote.moderation.policy import REASON_LIMIT
from wardmote.moderation.policy.seen import Changed, Seen, check_seen


@require_safe
@moderators_only
def listing(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Every open appeal, the ones this moderator may hear marked."""
    rows = queries.appeals(community_id=desk.community_id, member_id=desk.member_id)
    return render(request, "console/appeals.html", {"rows": rows, "shielded": shielded(request), "here": "appeals"})


@require_safe
@moderators_only
def show(request: HttpRequest, desk: Desk, appeal_id: int) -> HttpResponse:
    """The decision, the author's answer to it, the item, and the sheet for who may hear it."""
    appeal = _open(desk, appeal_id)
    address = reverse("console:appeal-decide", args=[appeal_id])
    draft = drafts.take(request, to=address) if appeal.may_hear else None
    if draft is None:
        return _render(request, appeal, HearingForm())
    messages.info(request, draft.sentence)
    form = HearingForm(draft.fields)
    try:
        check_seen(Seen.decode(appeal.seen) or Seen(""), str(draft.fields.get("seen", "")))
    except Changed as error:
        return _render(request, appeal, form, changed=_what_changed(desk, appeal, form, str(error)))
    return _render(request, appeal, form)


@require_POST
@moderators_only
def decide(request: HttpRequest, desk: Desk, appeal_id: int) -> HttpResponse:
    """Uphold or reverse. What cannot be done comes back with everything that was typed."""
    appeal = _open(desk, appeal_id)
    form = HearingForm(request.POST)
    if not form.is_valid():
        return _render(request, appeal, form, status=422)
    reverse = form.cleaned_data["outcome"] == "reverse"
    try:
        journey.decide_appeal(
            community_id=desk.community_id,
            member_id=desk.member_id,
            appeal_id=appeal_id,
            reverse=reverse,
            reason=form.cleaned_data["reason"],
            seen=form.cleaned_data["seen"],
            now=clock.now(),
        )
    except (Invalid, Refused) as error:
        say(form, error)
        return _render(request, appeal, form, status=status_of(error))
    except Conflict as error:
        appeal = _open(desk, appeal_id)
        if isinstance(error, Changed) and appeal.may_hear:
            changed = _what_changed(desk, appeal, form, str(error))
            return _render(request, appeal, form, status=status_of(error), changed=changed)
        return _render(request, appeal, form, status=status_of(error), error=str(error))
    messages.success(
        request,
        _("Reversed: what was done is undone, and the author is told.")
        if reverse
        else _("Upheld: the decision stands, and the author is told."),
        extra_tags="ok",
    )
    return redirect("console:appeals")


def _open(desk: Desk, appeal_id: int) -> queries.AppealView:
    appeal = queries.appeal(community_id=desk.community_id, appeal_id=appeal_id, member_id=desk.member_id)
    if appeal is None:
        raise NotFound(_("There is no such appeal here."))
    return appeal


def _what_changed(desk: Desk, appeal: queries.AppealView, form: HearingForm, sentence: str) -> WhatChanged:
    """The text before is what was judged, or the one between that and now, as far as a case has kept it."""
    before = Seen.decode(str(form.data.get("seen", "")))
    text = None
    if before is not None and before.text != appeal.item.content_hash:
        text = queries.kept_text(community_id=desk.community_id, subject=appeal.item.subject, content_hash=before.text)
    return WhatChanged(sentence, text or appeal.item.text, appeal.present)


def _render(
    request: HttpRequest,
    appeal: queries.AppealView,
    form: HearingForm,
    *,
    status: int = 200,
    error: str = "",
    changed: WhatChanged | None = None,
) -> HttpResponse:
    """`changed`: something else is there than the sheet was written about; both are shown, and all that was typed."""
    context = {
        "appeal": appeal,
        "item": appeal.item,
        "spans": appeal.spans,
        "behind": labels.behind_appeal(appeal),
        "decision": appeal.decision,
        "name": labels.action_name(appeal.decision.action),
        "form": form,
        "error": error,
        "changed": changed,
        "reason_limit": REASON_LIMIT,
        "shielded": shielded(request),
        "here": "appeals",
    }
    return render(request, "console/appeal.html", context, status=status)
