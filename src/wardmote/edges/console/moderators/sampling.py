"""Sampling: posts drawn at random and judged blind, and the recall that they guarantee of the detectors."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wardmote.detect.statistics.recall_guarantee import CONFIDENCE, MISS, NoGuarantee
from wardmote.edges.console.access import Desk, moderators_only, owners_only
from wardmote.edges.console.shield import shielded
from wardmote.edges.ui.refusals import status_of
from wardmote.journeys.moderators import sampling as journey
from wardmote.journeys.steps import screening
from wardmote.kernel import clock
from wardmote.kernel.errors import Conflict, Invalid, NotFound, Refused
from wardmote.kernel.ids import MAX_ID
from wardmote.moderation import queries
from wardmote.moderation.policy.sampling import SAMPLE_LIMIT, sample_seen

_NONE, _BROKE = "none", "broke"


class PlanForm(forms.Form):
    """How much is drawn."""

    posts_a_week = forms.IntegerField(
        label=gettext_lazy("Posts drawn each week"),
        min_value=0,
        max_value=SAMPLE_LIMIT,
        help_text=gettext_lazy("0 draws none. Draw no more than your moderators will judge: only whole weeks count."),
    )


class JudgeForm(forms.Form):
    """What a post breaks. `answer` is the button: nothing, or what is ticked."""

    seen = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    sampled = forms.IntegerField(min_value=1, max_value=MAX_ID, widget=forms.HiddenInput)
    answer = forms.ChoiceField(choices=[(_NONE, ""), (_BROKE, "")], widget=forms.HiddenInput)
    broke = forms.MultipleChoiceField(
        label=gettext_lazy("Which rules does it break?"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, categories: Mapping[str, str], data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        field = self.fields["broke"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - for the types; it is set above
        field.choices = list(categories.items())

    def clean(self) -> dict[str, object]:
        """Either nothing is ticked, or something is."""
        given = super().clean() or {}
        if given.get("answer") == _BROKE and not given.get("broke"):
            self.add_error("broke", _("Tick the rule that it breaks."))
        if given.get("answer") == _NONE and given.get("broke"):
            self.add_error("broke", _("A rule is ticked. Untick it, or say that it is broken."))
        return given


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@moderators_only
def judge(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The next post that was drawn: its text, and nothing that anybody or anything has said of it."""
    categories = journey.categories(desk.community_id)
    if request.method != "POST":
        return _ask(request, desk, JudgeForm(categories))
    form = JudgeForm(categories, request.POST)
    if not form.is_valid():
        return _ask(request, desk, form, status=422)
    try:
        journey.judge(
            community_id=desk.community_id,
            member_id=desk.member_id,
            sampled_id=form.cleaned_data["sampled"],
            broke=form.cleaned_data["broke"],
            seen=form.cleaned_data["seen"],
            now=clock.now(),
        )
    except (Invalid, Refused, Conflict, NotFound) as error:
        form.add_error(None, str(error))
        return _ask(request, desk, form, status=status_of(error))
    return redirect("console:sampling")


@never_cache
@require_safe
@moderators_only
def recall_guarantee(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What the samples guarantee, and the weeks behind it."""
    return _guarantee_page(request, desk, _plan_form(desk))


@require_POST
@owners_only
def plan(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Say how many posts are drawn each week."""
    form = PlanForm(request.POST)
    if not form.is_valid():
        return _guarantee_page(request, desk, form, status=422)
    journey.plan(
        community_id=desk.community_id,
        member_id=desk.member_id,
        posts_a_week=form.cleaned_data["posts_a_week"],
        now=clock.now(),
    )
    messages.success(request, _("Saved. It applies from this week on."), extra_tags="ok")
    return redirect("console:recall-guarantee")


def _ask(request: HttpRequest, desk: Desk, form: JudgeForm, *, status: int = 200) -> HttpResponse:
    post = queries.next_to_judge(community_id=desk.community_id, member_id=desk.member_id)
    context = {
        "post": post,
        "seen": sample_seen(post.content_hash, journey.categories(desk.community_id)) if post else "",
        "number": post.drawn - post.left + 1 if post else 0,
        "form": form,
        "shielded": shielded(request),
        "planned": queries.posts_a_week(community_id=desk.community_id),
        "here": "sampling",
    }
    return render(request, "console/sampling.html", context, status=status)


def _plan_form(desk: Desk) -> PlanForm:
    return PlanForm(initial={"posts_a_week": queries.posts_a_week(community_id=desk.community_id)})


def _guarantee_page(request: HttpRequest, desk: Desk, form: PlanForm, *, status: int = 200) -> HttpResponse:
    names = journey.categories(desk.community_id)
    found = queries.guarantees(community_id=desk.community_id, screener=screening.screener().fingerprint)
    context = {
        "rows": [
            (names.get(each.category, each.category), each, None if isinstance(each.found, NoGuarantee) else each.found)
            for each in found
        ],
        "weeks": queries.samples(community_id=desk.community_id),
        "found_percent": round(100 * (1 - MISS)),
        "sure_percent": round(100 * CONFIDENCE),
        "form": form,
        "here": "sampling",
    }
    return render(request, "console/recall_guarantee.html", context, status=status)
