"""The queue: what waits, what is in one's hands, what was decided."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from wardmote.communities.queries import current_policy
from wardmote.edges.console.access import Desk, moderators_only
from wardmote.edges.console.labels import CAME_BY, behind_row, named_alerts, named_decisions
from wardmote.edges.console.moderators.undo import undo_of
from wardmote.edges.console.shield import remember, shielded
from wardmote.edges.ui.fields import Text
from wardmote.edges.ui.tags import category
from wardmote.journeys.moderators import review
from wardmote.kernel import clock
from wardmote.moderation import queries
from wardmote.moderation.policy import CaseState, Lane, ReportReason, Source
from wardmote.notices import queries as notices

_PAGE = 50
_AGES = {
    "1": gettext_lazy("an hour"),
    "24": gettext_lazy("a day"),
    "72": gettext_lazy("three days"),
    "168": gettext_lazy("a week"),
}


class FilterForm(forms.Form):
    """What of the queue is looked at. What makes no sense filters nothing."""

    lane = forms.ChoiceField(
        label=gettext_lazy("Lane"),
        required=False,
        choices=[
            ("", gettext_lazy("both")),
            (Lane.THREAT.value, gettext_lazy("threat")),
            (Lane.GENERAL.value, gettext_lazy("general")),
        ],
    )
    source = forms.ChoiceField(
        label=gettext_lazy("Came by"),
        required=False,
        choices=[("", gettext_lazy("any way")), *((source.value, words) for source, words in CAME_BY.items())],
    )
    category = forms.ChoiceField(label=gettext_lazy("Category"), required=False)
    author = Text(
        label=gettext_lazy("Author"), required=False, max_length=200, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    age = forms.ChoiceField(
        label=gettext_lazy("Waits longer than"),
        required=False,
        choices=[("", gettext_lazy("any time")), *_AGES.items()],
    )

    def __init__(self, *args: Any, categories: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "filter-%s", **kwargs})
        field = self.fields["category"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the types; it is set above
        field.choices = [("", _("all")), *((name, capfirst(category(name))) for name in categories)]

    def filters(self) -> queries.Filters:
        """What of it makes sense."""
        self.is_valid()
        chosen = self.cleaned_data
        age = chosen.get("age")
        return queries.Filters(
            lane=Lane(chosen["lane"]) if chosen.get("lane") else None,
            source=Source(chosen["source"]) if chosen.get("source") else None,
            category=chosen.get("category", ""),
            author=chosen.get("author", "").strip(),
            older_than=timedelta(hours=int(age)) if age else None,
        )


@require_safe
@moderators_only
def show(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What waits, page by page, the moderator's own claims, and the button for the next case."""
    now = clock.now()
    form = FilterForm(request.GET, categories=_categories(desk))
    filters = form.filters()
    after = request.GET.get("after", "")
    page = queries.queue_page(
        community_id=desk.community_id, member_id=desk.member_id, filters=filters, after=after, limit=_PAGE, now=now
    )
    claimed = queries.queue(community_id=desk.community_id, member_id=desk.member_id, state=CaseState.CLAIMED)
    handed = queries.handed(community_id=desk.community_id, member_id=desk.member_id, now=now)
    filtered = filters != queries.Filters()
    kept = [(name, value) for name, value in form.cleaned_data.items() if value]
    context = {
        "counts": queries.queue_counts(community_id=desk.community_id, now=now),
        "alerts": named_alerts(queries.alerts(community_id=desk.community_id, now=now)),
        "mine": _behind([row for row in claimed if row.claimed_by_me]),
        "handed": _behind(handed),
        "threat": _behind([row for row in page.rows if row.lane is Lane.THREAT]),
        "general": _behind([row for row in page.rows if row.lane is Lane.GENERAL]),
        "total": page.total,
        "next_page": urlencode([*kept, ("after", page.after)]) if page.after else "",
        "first_page": ("?" + urlencode(kept)) if after else "",
        "form": form,
        "filtered": filtered,
        "locked": queries.quarantine_waiting(community_id=desk.community_id) if desk.is_owner else 0,
        "undelivered": notices.undelivered_counts(community_id=desk.community_id)[0],
        "undo": undo_of(desk),
        "shielded": shielded(request),
        "here": "queue",
    }
    return render(request, "console/queue.html", context)


def _behind(rows: list[queries.QueueRow]) -> list[tuple[queries.QueueRow, str]]:
    return [(row, behind_row(row)) for row in rows]


def _categories(desk: Desk) -> list[str]:
    policy = current_policy(community_id=desk.community_id)
    ruled = [clause.category for clause in policy.clauses] if policy else []
    return list(dict.fromkeys([*ruled, *(reason.category for reason in ReportReason)]))


@require_POST
@moderators_only
def claim_next(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Take the highest case of the queue and open it."""
    return go_to_next(request, desk)


def go_to_next(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The next case, taken; or the list, where nothing waits that this moderator may decide."""
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
        "undo": undo_of(desk),
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
