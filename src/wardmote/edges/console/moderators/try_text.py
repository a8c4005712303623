"""A text is tried: scores, words, and what communities would do. Of what is tried, nothing is kept."""

from collections.abc import Sequence

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from wardmote.communities.queries import CommunityView, moderated_by
from wardmote.edges.console.access import Desk, moderators_only
from wardmote.edges.console.rate_limit import Pace
from wardmote.edges.ui.fields import Text
from wardmote.edges.ui.refusals import say, status_of
from wardmote.journeys.owners.try_text import try_text
from wardmote.kernel import clock
from wardmote.kernel.errors import Conflict, Invalid

PACE = Pace(30)


class TrialForm(forms.Form):
    """A text."""

    text = Text(
        label=gettext_lazy("Text"),
        strip=False,
        help_text=gettext_lazy("It is read by this server alone, and kept nowhere: not in the database, not in a log."),
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("There is no text to try.")},
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@moderators_only
def page(request: HttpRequest, desk: Desk) -> HttpResponse:
    """For this community first, then for every other that the reader moderates."""
    person_id = request.user.pk or 0
    communities = sorted(moderated_by(person_id=person_id), key=lambda c: (c.id != desk.community_id, c.title))
    return answer(request, person_id, communities, "console/try.html")


def answer(request: HttpRequest, person_id: int, communities: Sequence[CommunityView], template: str) -> HttpResponse:
    """The page with the form, and below it what was found. The text comes back to its sender and goes nowhere else."""
    form = TrialForm(request.POST if request.method == "POST" else None)
    context: dict[str, object] = {"form": form, "here": "try", "most": PACE.most}
    if not form.is_bound:
        return render(request, template, context)
    status = 200
    if not form.is_valid():
        status = 422
    elif wait := PACE.seconds_to_wait(person_id, clock.now()):
        status = 429
        sentence = ngettext(
            "Too often: try again in %(wait)d second.", "Too often: try again in %(wait)d seconds.", wait
        )
        form.add_error(None, sentence % {"wait": wait})
    else:
        try:
            text = form.cleaned_data["text"].replace("\r\n", "\n")
            context["trial"] = try_text(text=text, communities=communities)
        except Invalid as error:
            status = status_of(error)
            say(form, error, otherwise="text")
        except Conflict as error:
            status = 500
            form.add_error(None, str(error))
    response = render(request, template, context, status=status)
    if status == 429:
        response.headers["Retry-After"] = str(wait)
    return response
