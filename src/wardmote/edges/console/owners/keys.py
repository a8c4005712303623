"""The owner's keys of the moderation API: made, shown once, revoked."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from wardmote.edges.console.access import Desk, owners_only
from wardmote.edges.ui.confirmed import confirmed
from wardmote.edges.ui.fields import Text
from wardmote.edges.ui.refusals import say, status_of
from wardmote.journeys.owners import keys as journey
from wardmote.kernel import clock
from wardmote.kernel.errors import Conflict, Invalid, NotFound, Refused
from wardmote.kernel.urn import Urn
from wardmote.people.policy import REQUESTS_PER_MINUTE, TEXTS_PER_DAY, Scope
from wardmote.people.queries import keys

OPENS: dict[Scope, str | Promise] = {
    Scope.ANALYZE: gettext_lazy("Score texts as Perspective did"),
    Scope.MODERATE: gettext_lazy("Judge texts as OpenAI’s endpoint does"),
    Scope.SCREEN: gettext_lazy("Screen texts by this community’s policy"),
    Scope.EVENTS: gettext_lazy("Tell of posts on another platform, and hear decisions"),
}


class KeyForm(forms.Form):
    """What a new key is called, opens, and may use."""

    name = Text(label=gettext_lazy("Name"), max_length=80, help_text=gettext_lazy("What will use it, such as “forum”."))
    scopes = forms.TypedMultipleChoiceField(
        label=gettext_lazy("What it opens"),
        coerce=Scope,
        choices=[(scope.value, words) for scope, words in OPENS.items()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose what the key opens.")},
    )
    requests_per_minute = forms.IntegerField(
        label=gettext_lazy("Requests a minute"), min_value=1, max_value=REQUESTS_PER_MINUTE, initial=60
    )
    texts_per_day = forms.IntegerField(
        label=gettext_lazy("Texts a day"), min_value=1, max_value=TEXTS_PER_DAY, initial=10_000
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@owners_only
@confirmed
def page(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The keys, and the form for a new one. A key that was just made is on this one answer and nowhere else."""
    if request.method != "POST":
        return _render(request, desk, KeyForm())
    form = KeyForm(request.POST)
    if not form.is_valid():
        return _render(request, desk, form, status=422)
    try:
        secret = journey.issue_key_as_owner(
            community_id=desk.community_id, member_id=desk.member_id, now=clock.now(), **form.cleaned_data
        )
    except (Invalid, Refused, Conflict) as error:
        say(form, error)
        return _render(request, desk, form, status=status_of(error))
    return _render(request, desk, KeyForm(), secret=secret)


@require_POST
@owners_only
@confirmed
def revoke(request: HttpRequest, desk: Desk, key_id: int) -> HttpResponse:
    """Take a key back, at once."""
    try:
        name = journey.revoke_key_as_owner(
            community_id=desk.community_id, member_id=desk.member_id, key_id=key_id, now=clock.now()
        )
    except NotFound:
        raise NotFound(_("There is no such key in use here.")) from None
    message = _("The key “%(name)s” opens nothing any more.") % {"name": name}
    messages.success(request, message, extra_tags="ok")
    return redirect("doors:keys")


def _render(request: HttpRequest, desk: Desk, form: KeyForm, *, secret: str = "", status: int = 200) -> HttpResponse:
    rows = [
        (key, [OPENS[scope] for scope in Scope if scope in key.terms.scopes])
        for key in keys(realm=str(Urn("community", desk.community_id)))
    ]
    context = {
        "rows": rows,
        "form": form,
        "secret": secret,
        "here": "keys",
        "most": {"requests": REQUESTS_PER_MINUTE, "texts": TEXTS_PER_DAY},
    }
    return render(request, "console/keys.html", context, status=status)
