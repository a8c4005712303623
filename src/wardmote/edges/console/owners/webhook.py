"""The owner's webhook: where decisions are told, by which secret, and how each message went."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from wardmote.edges.console.access import Desk, owners_only
from wardmote.edges.ui.confirmed import confirmed
from wardmote.edges.ui.fields import Text
from wardmote.edges.ui.refusals import say, status_of
from wardmote.journeys.platforms import outside_platform as journey
from wardmote.kernel import clock
from wardmote.kernel.errors import Invalid, NotFound
from wardmote.kernel.ids import MAX_ID
from wardmote.moderation import queries

EVENTS = {
    "decision.made": gettext_lazy("Decision made"),
    "decision.reversed": gettext_lazy("Decision undone"),
    "appeal.decided": gettext_lazy("Appeal decided"),
}
_SHOWN = 50


class WebhookForm(forms.Form):
    """Where decisions are told; empty for nowhere."""

    url = Text(
        label=gettext_lazy("Address"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("Begins with https://. Leave it empty to tell nobody; what is decided then waits."),
        widget=forms.URLInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@owners_only
@confirmed
def page(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The address, and the log of messages. A secret that was just made is on this one answer and nowhere else."""
    if request.method != "POST":
        return _render(request, desk)
    form = WebhookForm(request.POST)
    if not form.is_valid():
        return _render(request, desk, form, status=422)
    try:
        secret = journey.set_webhook_as_owner(
            community_id=desk.community_id, member_id=desk.member_id, url=form.cleaned_data["url"], now=clock.now()
        )
    except Invalid as error:
        say(form, error, otherwise="url")
        return _render(request, desk, form, status=status_of(error))
    if secret:
        return _render(request, desk, secret=secret)
    said = _("Decisions are told there from now on.") if form.cleaned_data["url"] else _("Nobody is told any more.")
    messages.success(request, said, extra_tags="ok")
    return redirect("doors:webhook")


@never_cache
@require_POST
@owners_only
@confirmed
def renew_secret(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A new secret; the one before goes on signing for a day."""
    secret = journey.renew_secret(community_id=desk.community_id, member_id=desk.member_id, now=clock.now())
    return _render(request, desk, secret=secret)


@require_POST
@owners_only
def resend(request: HttpRequest, desk: Desk, delivery_id: int) -> HttpResponse:
    """Send a message again, with its id."""
    if delivery_id > MAX_ID:
        raise NotFound(_("There is no such message here."))
    journey.resend_as_owner(
        community_id=desk.community_id, member_id=desk.member_id, delivery_id=delivery_id, now=clock.now()
    )
    messages.success(request, _("It is on its way again; the log below says how it goes."), extra_tags="ok")
    return redirect("doors:webhook")


def _render(
    request: HttpRequest, desk: Desk, form: WebhookForm | None = None, *, secret: str = "", status: int = 200
) -> HttpResponse:
    raw = request.GET.get("before", "")
    before = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 20 and int(raw) <= MAX_ID else None
    found = queries.webhook(community_id=desk.community_id)
    rows = queries.deliveries(community_id=desk.community_id, before=before, limit=_SHOWN + 1)
    context = {
        "webhook": found,
        "former": found.former_until if found and found.former_until and found.former_until > clock.now() else None,
        "form": form or WebhookForm(initial={"url": found.url if found else ""}),
        "secret": secret,
        "rows": [(row, EVENTS.get(row.event, row.event)) for row in rows[:_SHOWN]],
        "older": rows[_SHOWN - 1].delivery_id if len(rows) > _SHOWN else None,
        "here": "webhook",
    }
    return render(request, "console/webhook.html", context, status=status)
