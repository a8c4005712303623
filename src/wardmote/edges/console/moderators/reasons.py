"""Reasons written beforehand, by clause: what a moderator says often, said well once."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from wardmote.communities.queries import current_policy
from wardmote.edges.console.access import Desk, moderators_only
from wardmote.edges.ui import drafts
from wardmote.edges.ui.fields import Text
from wardmote.edges.ui.refusals import say, status_of
from wardmote.journeys.moderators import desk as journey
from wardmote.kernel import clock
from wardmote.kernel.errors import Conflict, Invalid, NotFound
from wardmote.kernel.ids import MAX_ID
from wardmote.moderation import queries
from wardmote.moderation.policy import REASON_LIMIT


class ReasonForm(forms.Form):
    """One written reason."""

    clause_key = forms.ChoiceField(label=gettext_lazy("Clause"), required=False)
    title = Text(label=gettext_lazy("Name"), max_length=80)
    text = Text(
        label=gettext_lazy("Reason, as its author will read it"),
        max_length=REASON_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=gettext_lazy("A moderator can change it before deciding."),
    )

    def __init__(self, *args: Any, desk: Desk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        policy = current_policy(community_id=desk.community_id)
        field = self.fields["clause_key"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the types; it is set above
        clauses = policy.clauses if policy else ()
        field.choices = [("", _("every clause")), *((c.key, f"{c.key} {c.title}") for c in clauses)]


@require_http_methods(["GET", "HEAD", "POST"])
@moderators_only
def page(request: HttpRequest, desk: Desk) -> HttpResponse:
    """All of them, and the form for another; one of the same clause and name is written anew."""
    if request.method != "POST":
        draft = drafts.take(request, to=request.path)
        if draft is not None:
            messages.info(request, draft.sentence)
        return _render(request, desk, ReasonForm(draft.fields if draft is not None else None, desk=desk))
    form = ReasonForm(request.POST, desk=desk)
    if not form.is_valid():
        return _render(request, desk, form, status=422)
    try:
        journey.write_template(
            community_id=desk.community_id,
            member_id=desk.member_id,
            clause_key=form.cleaned_data["clause_key"],
            title=form.cleaned_data["title"],
            text=form.cleaned_data["text"],
            now=clock.now(),
        )
    except (Invalid, Conflict) as error:
        say(form, error)
        return _render(request, desk, form, status=status_of(error))
    messages.success(request, _("It is on every decision sheet from now on."), extra_tags="ok")
    return redirect("console:reasons")


@require_POST
@moderators_only
def remove(request: HttpRequest, desk: Desk, template_id: int) -> HttpResponse:
    """Keep it no longer."""
    if template_id > MAX_ID:
        raise NotFound(_("There is no such written reason here."))
    journey.remove_template(
        community_id=desk.community_id, member_id=desk.member_id, template_id=template_id, now=clock.now()
    )
    messages.info(request, _("It is gone. Decisions written with it stay as they are."))
    return redirect("console:reasons")


def with_template(desk: Desk, typed: QueryDict, before: str = "") -> QueryDict:
    """The sheet with the reason that was chosen put behind what was typed: for browsers without scripts.

    `before`: the reason of the decision that is corrected, which the template "before" stands for.
    """
    chosen = typed.get("template", "")
    offered = {str(t.template_id): t.text for t in queries.templates(community_id=desk.community_id)}
    text = {**offered, "before": before}.get(chosen, "")
    if not text:
        return typed
    filled = typed.copy()
    filled["reason"] = "\n".join(part for part in (typed.get("reason", "").strip(), text) if part)
    return filled


def _render(request: HttpRequest, desk: Desk, form: ReasonForm, *, status: int = 200) -> HttpResponse:
    context = {"rows": queries.templates(community_id=desk.community_id), "form": form, "here": "reasons"}
    return render(request, "console/reasons.html", context, status=status)
