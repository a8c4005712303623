"""Letters that could not be delivered by mail: which, since when, why, and sending them again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from wardmote.communities.queries import standing
from wardmote.edges.console.access import Desk, moderators_only
from wardmote.journeys.operator.retry_mail import retry_mail
from wardmote.kernel import clock
from wardmote.kernel.ids import MAX_ID
from wardmote.network import queries as network
from wardmote.notices import queries
from wardmote.notices.policy import Kind

KINDS = {
    Kind.HELD: gettext_lazy("A post is held"),
    Kind.STATEMENT_OF_REASONS: gettext_lazy("Statement of reasons"),
    Kind.REPORT_ANSWER: gettext_lazy("Answer to a report"),
    Kind.APPEAL_ANSWER: gettext_lazy("Answer to an appeal"),
    Kind.RELEASED: gettext_lazy("A post is released"),
    Kind.HOST_NOTICE: gettext_lazy("Notice from the host"),
    Kind.REPORT_RECEIVED: gettext_lazy("Receipt of a visitor’s report"),
}
_SHOWN = 50


@never_cache
@require_safe
@moderators_only
def page(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What was given up, and what is still tried; each with the reason that the mail server gave."""
    raw = request.GET.get("before", "")
    before = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 20 and int(raw) <= MAX_ID else None
    rows = queries.undelivered(community_id=desk.community_id, before=before, limit=_SHOWN + 1)
    given_up, waits = queries.undelivered_counts(community_id=desk.community_id)
    shown = rows[:_SHOWN]
    context = {
        "rows": [(row, KINDS.get(Kind(row.kind), row.kind), _handle(desk, row.person_id)) for row in shown],
        "given_up": given_up,
        "waits": waits,
        "older": shown[-1].delivery_id if len(rows) > _SHOWN else None,
        "here": "letters",
    }
    return render(request, "console/letters.html", context)


@require_POST
@moderators_only
def retry(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Send all that were given up again."""
    count = retry_mail(community_id=desk.community_id, member_id=desk.member_id, now=clock.now())
    said = ngettext("%(n)d letter is on its way again.", "%(n)d letters are on their way again.", count) % {"n": count}
    messages.success(request, said, extra_tags="ok")
    return redirect("console:letters")


def _handle(desk: Desk, person_id: int | None) -> str:
    if person_id is None:
        return ""
    found = standing(community_id=desk.community_id, person_id=person_id)
    profile = network.profile(community_id=desk.community_id, member_id=found.member_id) if found else None
    return profile.handle if profile else ""
