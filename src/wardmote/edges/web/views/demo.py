"""Signs one in as any of the demonstration's people with one click, where that can harm nobody.

Only a database that was born as a demonstration has these pages, only for a browser on the same machine, and only under
a name that belongs to it. A community shares no cookies with the host's page, so the click takes a token along (see
`journeys.hand_off`).
"""

import ipaddress
from dataclasses import dataclass
from typing import cast as as_type
from urllib.parse import urlencode

from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.request import split_domain_port
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from wardmote.communities import queries as communities
from wardmote.edges.web.proxies import FORWARDED
from wardmote.edges.web.requests import Request
from wardmote.edges.web.views.handoff import sign_in
from wardmote.edges.web.views.policies import safe_next
from wardmote.journeys.operator.mark_demo import BORN_AS_DEMO
from wardmote.journeys.steps import hand_off
from wardmote.kernel import clock
from wardmote.kernel.errors import NotFound, Refused
from wardmote.outside.origin import origin_of
from wardmote.people.policy import WayIn
from wardmote.record import queries as record


@dataclass(frozen=True, slots=True)
class Figure:
    """Somebody of the cast; `slug` is empty for the host's staff, `to` is the page to begin on."""

    name: str
    slug: str
    to: str
    role: str | Promise

    @property
    def title(self) -> str:
        return self.name.capitalize()


_CAST = (
    Figure("bob", "plaza", "/", gettext_lazy("takes part in the Plaza")),
    Figure("carol", "plaza", "/", gettext_lazy("takes part, and reports what should be reported")),
    Figure("mallory", "plaza", "/measures", gettext_lazy("takes part, and was moderated")),
    Figure("dave", "plaza", "/console/", gettext_lazy("moderates the Plaza")),
    Figure("erin", "plaza", "/console/", gettext_lazy("moderates the Plaza")),
    Figure("alice", "plaza", "/owner/", gettext_lazy("runs the Plaza, and answers to its host")),
    Figure("frank", "harbour", "/owner/", gettext_lazy("runs the Harbour")),
    Figure("grace", "harbour", "/console/", gettext_lazy("moderates the Harbour")),
    Figure("rupert", "terrace", "/owner/", gettext_lazy("runs the Terrace, and lets things slide")),
    Figure("heidi", "", "/host/", gettext_lazy("is on the host’s staff")),
    Figure("ivan", "", "/host/", gettext_lazy("is on the host’s staff, and signs first")),
    Figure("judy", "", "/host/", gettext_lazy("is on the host’s staff, and signs second")),
)


def cast(request: HttpRequest) -> tuple[Figure, ...]:
    """Whom one may come in as, from here: nobody, unless this is a demonstration and the browser is beside it."""
    if not _is_near(request) or record.first_verb() != BORN_AS_DEMO:
        return ()
    # A demonstration of an earlier version may lack a community that is told of now.
    there = {"", *(community.slug for community in communities.communities())}
    return tuple(figure for figure in _CAST if figure.slug in there)


@require_GET
def enter(request: HttpRequest, slug: str) -> HttpResponse:
    """Leave the host's page as one of the cast."""
    figure = next((one for one in cast(request) if one.name == slug), None)
    if as_type("Request", request).community is not None or figure is None:
        raise NotFound(_("There is no such page."))
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        # Another site's link must not choose whom one is signed in as.
        raise Refused(_("Please choose whom to come in as on the front page."))
    person_id = get_user_model().objects.values_list("pk", flat=True).get(email=f"{figure.name}@example.org")
    if not figure.slug:
        return _sign_in(request, person_id, figure.to)
    community = communities.community_by_slug(figure.slug)
    if community is None:
        raise NotFound(_("There is no such community."))
    token = hand_off.leave(person_id=person_id, host=community.domain, way=WayIn.DEMO, now=clock.now())
    query = urlencode({"token": token, "next": figure.to})
    return HttpResponseRedirect(f"{origin_of(community.domain)}/demo-arrive?{query}")


@require_GET
def arrive(request: HttpRequest) -> HttpResponse:
    """Come into a community as whoever was chosen, instead of whoever was signed in here."""
    community = as_type("Request", request).community
    if community is None or not cast(request):
        raise NotFound(_("There is no such page."))
    token = request.GET.get("token", "")
    person_id = hand_off.arrive(token=token, host=community.domain, way=WayIn.DEMO, now=clock.now())
    if person_id is None:
        raise Refused(_("This way in has been used, or is older than a minute. Please go back and click again."))
    return _sign_in(request, person_id, safe_next(request))


def _sign_in(request: HttpRequest, person_id: int, to: str) -> HttpResponse:
    sign_in(request, person_id)
    return HttpResponseRedirect(to)


def _is_near(request: HttpRequest) -> bool:
    """Whether the browser is on this machine, nothing is between, and the name is this machine's own."""
    if request.META.get(FORWARDED, True):
        return False
    name = split_domain_port(request.get_host())[0]
    if name != "localhost" and not name.endswith(".localhost") and not _is_loopback(name.strip("[]")):
        return False
    return _is_loopback(request.META.get("REMOTE_ADDR", ""))


def _is_loopback(text: str) -> bool:
    try:
        return ipaddress.ip_address(text).is_loopback
    except ValueError:
        return False
