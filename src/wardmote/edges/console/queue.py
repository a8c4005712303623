"""The queue: what waits, what is in one's hands, what was decided."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wardmote.edges.console.access import Desk, moderators_only
from wardmote.edges.console.shield import remember, shielded
from wardmote.edges.console.words import named_alerts, named_decisions
from wardmote.journeys import review
from wardmote.kernel import clock
from wardmote.moderation import queries
from wardmote.moderation.policy import CaseState, Lane
from wardmote.notices import queries as notices

_PAGE = 50


@require_safe
@moderators_only
def show(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Both lanes, the moderator's own claims, and the button for the next case."""
    now = clock.now()
    waiting = queries.queue(community_id=desk.community_id, member_id=desk.member_id)
    claimed = queries.queue(community_id=desk.community_id, member_id=desk.member_id, state=CaseState.CLAIMED)
    context = {
        "counts": queries.queue_counts(community_id=desk.community_id, now=now),
        "alerts": named_alerts(queries.alerts(community_id=desk.community_id, now=now)),
        "mine": [row for row in claimed if row.claimed_by_me],
        "threat": [row for row in waiting if row.lane is Lane.THREAT],
        "general": [row for row in waiting if row.lane is Lane.GENERAL],
        "locked": queries.locked_waiting(community_id=desk.community_id) if desk.is_owner else 0,
        "undelivered": notices.undelivered_counts(community_id=desk.community_id)[0],
        "shielded": shielded(request),
        "here": "queue",
    }
    return render(request, "console/queue.html", context)


@require_POST
@moderators_only
def claim_next(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Take the highest case of the queue and open it."""
    case_id = review.claim_next(community_id=desk.community_id, member_id=desk.member_id, now=clock.now())
    if case_id is None:
        messages.info(request, _("Nothing waits that you may decide."))
        return redirect("console:queue")
    return redirect("console:case", case_id)


@require_safe
@moderators_only
def decided(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What was decided here, newest first."""
    before = request.GET.get("before", "")
    rows = queries.decided(
        community_id=desk.community_id,
        member_id=desk.member_id,
        before=int(before) if before.isdecimal() and len(before) < 20 else None,
        limit=_PAGE,
    )
    context = {
        "rows": named_decisions(rows),
        "older": rows[-1].decision_id if len(rows) == _PAGE else None,
        "shielded": shielded(request),
        "here": "decided",
    }
    return render(request, "console/decided.html", context)


@require_POST
@moderators_only
def set_shield(request: HttpRequest, _desk: Desk) -> HttpResponse:
    """Put the shield up or down until this session ends."""
    remember(request, up=request.POST.get("shield") != "down")
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return redirect(back if safe and back.startswith("/console/") else "console:queue")
