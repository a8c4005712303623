"""From the host's front page into a community: the two share no cookies, so a session is handed over by a token.

The token names the host it is for, lives a minute and is used once (see `journeys.hand_off`).
"""

from typing import cast
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import get_user_model, login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from wardmote.communities import queries as communities
from wardmote.edges.web.requests import Request
from wardmote.journeys.steps import hand_off
from wardmote.kernel import clock
from wardmote.kernel.errors import NotFound, Refused
from wardmote.outside.origin import origin_of
from wardmote.people.policy import WayIn
from wardmote.people.queries import arriving, email_of


@require_safe
def go(request: HttpRequest, slug: str) -> HttpResponse:
    """Leave for a community; whoever is signed in on the host's page takes a token along."""
    if cast("Request", request).community is not None:
        raise NotFound(_("One leaves for a community from the host's own page."))
    community = communities.community_by_slug(slug)
    if community is None:
        raise NotFound(_("There is no such community."))
    to = _inside(request.GET.get("to", ""))
    origin = origin_of(community.domain)
    if not request.user.is_authenticated:
        return HttpResponseRedirect(origin + to)
    person_id = request.user.pk or 0
    token = hand_off.leave(person_id=person_id, host=community.domain, way=WayIn.ASKED, now=clock.now())
    return HttpResponseRedirect(f"{origin}/arrive?{urlencode({'token': token, 'next': to})}")


@require_http_methods(["GET", "HEAD", "POST"])
def arrive(request: HttpRequest) -> HttpResponse:
    """Ask whether to go on as this person, and sign them in.

    The question keeps a stranger's link from signing somebody in as the stranger without their noticing.
    """
    community = cast("Request", request).community
    if community is None:
        raise NotFound(_("One arrives at a community."))
    given = request.POST if request.method == "POST" else request.GET
    token, to = given.get("token", ""), _inside(given.get("next", ""))
    if request.user.is_authenticated:
        return HttpResponseRedirect(to)
    if request.method != "POST":
        here = arriving(secret=token, host=community.domain, way=WayIn.ASKED, now=clock.now())
        if here is None:
            raise Refused(_stale())
        context = {"email": email_of(person_id=here.person_id), "token": token, "next": to}
        page = render(request, "web/arrive.html", context)
        page.headers["Referrer-Policy"] = "same-origin"  # the token in the address is nobody else's to see
        return page
    person_id = hand_off.arrive(token=token, host=community.domain, way=WayIn.ASKED, now=clock.now())
    if person_id is None:
        raise Refused(_stale())
    sign_in(request, person_id)
    return HttpResponseRedirect(to)


def sign_in(request: HttpRequest, person_id: int) -> None:
    """Sign somebody in who has shown elsewhere who they are: here they have not yet, and bring nothing along."""
    request.session.flush()
    person = get_user_model().objects.get(pk=person_id, is_active=True)
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])


def _stale() -> str:
    return _("This way in has been used, or is older than a minute. Please sign in here, or go back and try again.")


def _inside(path: str) -> str:
    ours = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if ours else "/"
