"""A decision about a post on another platform, for its author, who has no account here: the reasons, and one appeal."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from wardmote.edges.ui.refusals import say, say_when, status_of
from wardmote.edges.web.forms import AppealForm
from wardmote.edges.web.pages import Page
from wardmote.edges.web.requests import send_to
from wardmote.journeys.members import appeal
from wardmote.kernel import clock
from wardmote.kernel.errors import Conflict, Invalid, NotFound, Refused
from wardmote.moderation import queries as moderation
from wardmote.outside.appeal_links import decision_of


class OutsideAppeal(Page):
    """Whoever holds the link that came with the decision is taken for the author: no login, and no other way in."""

    template = "web/elsewhere.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        # The address is the key: it is nobody's to keep, to list or to pass on.
        add_never_cache_headers(response)
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    def get(self, token: str) -> HttpResponse:
        return self._draw(token, AppealForm())

    def post(self, token: str) -> HttpResponse:
        form = AppealForm(self.request.POST)
        if not form.is_valid():
            return self._draw(token, form, status=422)
        try:
            appeal.file_outside_appeal(
                community_id=self.community.id,
                token=token,
                text=form.cleaned_data["text"],
                once=self.request.POST.get("once", ""),
                now=clock.now(),
            )
        except (Invalid, Refused, Conflict) as error:
            say(form, error)
            return say_when(error, self._draw(token, form, status=status_of(error)))
        messages.success(self.request, _("Your appeal is filed. A different moderator will look at it."))
        return send_to(self.request, self.request.path)

    def _draw(self, token: str, form: AppealForm, *, status: int = 200) -> HttpResponse:
        decision_id = decision_of(token)
        measure = (
            moderation.measure_elsewhere(community_id=self.community.id, decision_id=decision_id, now=clock.now())
            if decision_id
            else None
        )
        if measure is None:
            raise NotFound(
                _(
                    "This link opens no decision here. Copy the whole link that your platform gave you. If it is whole,"
                    " it has been replaced: ask your platform for the new one, or write to this community's moderators."
                )
            )
        return self.show({"measure": measure, "form": form}, status=status)
