"""A case as the desk lays it out: the item in its thread, what is known, the decision sheet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from wardmote.communities.policy import Action
from wardmote.communities.queries import current_policy
from wardmote.edges.console import labels
from wardmote.edges.console.access import Desk
from wardmote.edges.console.forms import DecisionForm
from wardmote.edges.console.shield import shielded
from wardmote.journeys.moderators.second_thoughts import undo_time
from wardmote.kernel import clock
from wardmote.kernel.errors import Invalid, NotFound, Refused
from wardmote.kernel.urn import Urn
from wardmote.moderation import queries
from wardmote.moderation.policy import CLAIM_TIME, REASON_LIMIT, SUSPENSIONS, CaseState
from wardmote.moderation.policy.seen import Changed, Seen, check_seen
from wardmote.moderation.policy.staff import BINDS_ACCOUNT
from wardmote.network.queries import ThreadView, thread
from wardmote.notices.policy import Fate

MINUTE = timedelta(minutes=1)
_NEIGHBOURS = 3
"""Posts shown above and below the item; the rest is a click away."""


def open_case(desk: Desk, case_id: int) -> queries.CaseView:
    """The case; NotFound for another community's as for none, Refused for what the moderator wrote themselves.

    Its author never reads the reports, not even one who moderates: a comment can tell who wrote it.
    """
    case = queries.case(community_id=desk.community_id, case_id=case_id, member_id=desk.member_id)
    if case is None:
        raise NotFound(_("There is no such case here."))
    if case.item.author_id == desk.member_id:
        raise Refused(_("You wrote this; somebody else must decide it."))
    return case


def claimed_at(case: queries.CaseView) -> datetime | None:
    """When the claim began, for its clock."""
    return case.claim_expires_at - CLAIM_TIME if case.claim_expires_at else None


def decision_form(desk: Desk, case: queries.CaseView, typed: Mapping[str, Any] | None = None) -> DecisionForm:
    """The sheet as typed, or with the clause that brought the case here."""
    policy = current_policy(community_id=desk.community_id)
    clauses = policy.clauses if policy else ()
    return DecisionForm(typed, clauses=clauses, initial={"clause": case.suggested_clause_id or ""})


def preview_of(
    desk: Desk, case: queries.CaseView, form: DecisionForm, correcting: queries.DecisionView | None = None
) -> dict[str, Any]:
    """The notice exactly as its reader will get it, or the sentence that says what is still missing.

    `correcting`: the decision in whose place this one comes.
    """
    if not form.is_valid():
        missing = next(iter(form.errors.values()))[0]
        return {"notice": None, "missing": missing}
    if form.cleaned_data["action"] is Action.SUSPEND and form.cleaned_data["days"] is None:
        return {"notice": None, "missing": _("Choose for how long.")}
    barred = _barred(desk, case)
    if barred and form.cleaned_data["action"] in BINDS_ACCOUNT:
        return {"notice": None, "missing": barred}
    try:
        notice = queries.preview_statement(
            community_id=desk.community_id,
            case_id=case.case_id,
            action=form.cleaned_data["action"],
            clause_id=form.cleaned_data["clause"],
            reason=form.cleaned_data["reason"],
            days=form.cleaned_data["days"],
            seen=form.cleaned_data["seen"],
            judged=form.cleaned_data["judged"],
            corrects=correcting.decision_id if correcting else None,
            correction=form.cleaned_data.get("why", ""),
            now=clock.now(),
        )
    except (Changed, Invalid) as error:
        return {"notice": None, "missing": str(error)}
    return {"notice": notice, "missing": ""}


def render_case(
    request: HttpRequest,
    desk: Desk,
    case: queries.CaseView,
    form: DecisionForm | None = None,
    *,
    status: int = 200,
    **more: object,
) -> HttpResponse:
    """The page of one case. `more` may carry `error` (a sentence), the preview (`notice`, `missing`), the decision that
    is to be corrected (`correcting`), and the form of a note or of handing it over as typed."""
    form = form or decision_form(desk, case)
    policy = current_policy(community_id=desk.community_id)
    found = _thread(desk, case)
    changed = what_changed(case, form) if case.claimed_by_me else None
    if changed is not None and status < 400 and request.method == "POST":
        status = 409
    context = {
        "case": case,
        "opened_by": labels.OPENED_BY[case.source],
        "changed": changed,
        "texts": labels.named_texts(case.texts) if len(case.texts) > 1 else (),
        "judged": _judged(case, form),
        "item": case.item,
        "spans": case.spans,
        "behind": labels.behind_case(case),
        "scores": labels.scores(case),
        "targets": labels.named_targets(case),
        "alerts": labels.named_alerts(queries.alerts_of_case(community_id=desk.community_id, case_id=case.case_id)),
        "opinions": labels.named_opinions(queries.opinions(community_id=desk.community_id, case_id=case.case_id)),
        "reports": labels.named_reports(case),
        "earlier": labels.named_decisions(case.earlier),
        "decisions": labels.named_decisions(case.decisions),
        "claimed_at": claimed_at(case),
        "fate": _fate(desk, case),
        "undo_minutes": undo_time() // MINUTE,
        "cover": queries.cover_of_case(community_id=desk.community_id, case_id=case.case_id),
        "coverable": case.state is not CaseState.DECIDED and not case.held and case.item.outside is None,
        "thread": found,
        "above": found.ancestors[-_NEIGHBOURS:] if found else (),
        "below": found.replies[:_NEIGHBOURS] if found else (),
        "form": form,
        "clauses": labels.named_clauses(policy.clauses if policy else ()),
        "actions": labels.ACTIONS,
        "not_yours": _not_yours(desk, case),
        "barred": _barred(desk, case),
        "binding": BINDS_ACCOUNT,
        "suspensions": SUSPENSIONS,
        "reason_limit": REASON_LIMIT,
        "shielded": shielded(request),
        "here": "queue",
        **_among_moderators(desk, case),
        **more,
    }
    return render(request, "console/case.html", context, status=status)


def _among_moderators(desk: Desk, case: queries.CaseView) -> dict[str, object]:
    """What moderators tell one another: notes, to whom it can be handed, written reasons, what may be corrected."""
    here = {"community_id": desk.community_id, "case_id": case.case_id, "member_id": desk.member_id}
    holds = next((d for d in reversed(case.decisions) if d.ending is None), None)
    may = holds is not None and not holds.appeal_state and not holds.by_host and (holds.mine or desk.is_owner)
    correctable = holds if may else None
    return {
        "notes": queries.notes(**here),
        "colleagues": queries.colleagues(**here, now=clock.now()) if case.claimed_by_me else (),
        "templates": queries.templates(community_id=desk.community_id) if case.claimed_by_me or correctable else (),
        "correctable": correctable,
        "goes_on": queries.goes_on(member_id=desk.member_id),
    }


def _fate(desk: Desk, case: queries.CaseView) -> Fate | None:
    """What became of a decided case's item; None while undecided, and of what another platform shows or not."""
    if case.state is not CaseState.DECIDED or case.item.outside is not None:
        return None
    return queries.fate_of(community_id=desk.community_id, subject=case.item.subject)


def _not_yours(desk: Desk, case: queries.CaseView) -> queries.NotYours | None:
    """Why this moderator does not decide it; None where they may, and where it is decided."""
    if case.state is CaseState.DECIDED:
        return None
    return queries.not_yours(community_id=desk.community_id, case_id=case.case_id, member_id=desk.member_id)


def _barred(desk: Desk, case: queries.CaseView) -> str:
    """Why this moderator takes no measure on the author's account; empty where they may."""
    return queries.why_no_account_measure(
        community_id=desk.community_id, member_id=desk.member_id, author_id=case.item.author_id
    )


@dataclass(frozen=True, slots=True)
class WhatChanged:
    """What a filled-in sheet did not know: a sentence, and the text that it was written about where there is another.

    `before` is None where the text is the same.
    """

    sentence: str
    before: str | None
    now: str


def what_changed(case: queries.CaseView, form: DecisionForm) -> WhatChanged | None:
    """None for an empty sheet, and for one that knows all there is."""
    if not form.is_bound:
        return None
    sheet = str(form.data.get("seen", ""))
    if sheet == case.seen:
        return None
    try:
        check_seen(Seen.decode(case.seen) or Seen(""), sheet)
    except Changed as error:
        before = Seen.decode(sheet)
        text = case.text_of(before.text) if before and before.text != case.newest_hash else None
        newest = case.text_of(case.newest_hash)
        return WhatChanged(str(error), text.text if text else None, newest.text if newest else case.item.text)
    return None


def _judged(case: queries.CaseView, form: DecisionForm) -> str:
    """The text that the sheet names: the one that was chosen, else the newest of when the sheet was opened.

    A text that came since is never put in its place: nobody has judged it. Empty, to be chosen anew, where the case
    has the text no more.
    """
    before = Seen.decode(str(form.data.get("seen", ""))) if form.is_bound else None
    chosen = str(form["judged"].value() or "") or (before.text if before is not None else case.newest_hash)
    return chosen if case.text_of(chosen) is not None or len(case.texts) < 2 else ""


def _thread(desk: Desk, case: queries.CaseView) -> ThreadView | None:
    try:
        subject = Urn.parse(case.item.subject)
    except ValueError:
        return None  # a URL of somebody else's: there is no thread of ours around it
    if subject.kind != "post":
        return None
    return thread(community_id=desk.community_id, post_id=subject.id, viewer_id=desk.member_id, moderates=True)
