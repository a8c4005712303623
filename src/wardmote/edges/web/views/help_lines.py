"""Help lines: what members in despair are led to, and the owner's page for it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from wardmote.edges.web.forms import HelpForm
from wardmote.edges.web.pages import FormPage
from wardmote.edges.web.requests import send_to
from wardmote.edges.web.views.owner import OwnerOnly
from wardmote.journeys.owners.help_lines import set_help_lines
from wardmote.kernel import clock


class HelpLines(OwnerOnly, FormPage):
    """The lines of this community; empty, those of the reader's language are shown."""

    form_class = HelpForm
    template = "web/owner/help.html"

    def initial(self) -> dict[str, object]:
        return {"lines": self.community.help_lines}

    def save(self, data: dict[str, Any]) -> HttpResponse:
        set_help_lines(**self.me, lines=data["lines"], now=clock.now())
        messages.success(self.request, _("Saved."))
        return send_to(self.request, "/owner/help")
