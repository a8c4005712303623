"""The owner's lists of known content: what is in force, and for what. What is on them is shown nowhere."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from wardmote.edges.console.access import Desk, owners_only
from wardmote.journeys.owners import known_lists as journey
from wardmote.kernel import clock
from wardmote.kernel.errors import NotFound
from wardmote.kernel.ids import MAX_ID
from wardmote.moderation import queries
from wardmote.moderation.policy import Purpose

PURPOSES = {
    Purpose.FLAG: gettext_lazy("A match raises a score; the policy decides."),
    Purpose.HOLD: gettext_lazy("A match is held for a moderator."),
    Purpose.ILLEGAL: gettext_lazy("A match is never published and goes to the locked lane."),
}


@never_cache
@require_safe
@owners_only
def page(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The lists in force."""
    rows = [(row, PURPOSES[row.purpose]) for row in queries.lists(community_id=desk.community_id)]
    return render(request, "console/lists.html", {"rows": rows, "here": "lists"})


@require_POST
@owners_only
def remove(request: HttpRequest, desk: Desk, list_id: int) -> HttpResponse:
    """Take a list out of force."""
    if list_id > MAX_ID:
        raise NotFound(_("There is no such list in force here."))
    name = journey.remove_list_as_owner(
        community_id=desk.community_id, member_id=desk.member_id, list_id=list_id, now=clock.now()
    )
    messages.success(request, _("The list “%(name)s” matches nothing any more.") % {"name": name}, extra_tags="ok")
    return redirect("doors:lists")
