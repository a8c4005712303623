"""From the host's front page into a community: the two share no cookies, so a session is handed over by a token.

The token is kept in the database, names the host it is for, lives a minute and is used once.
"""

from typing import cast
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import get_user_model, login
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from wardmote.communities import queries as communities
from wardmote.edges.web.requests import Request
from wardmote.kernel.errors import NotFound, Refused
from wardmote.outside.origin import origin_of
from wardmote.people.queries import email_of

LIVES = 60
"""Seconds between leaving the host's page and arriving."""
_KEY = "handed_over"


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
    store = SessionStore()
    store[_KEY] = {"person": request.user.pk, "host": community.domain}
    store.set_expiry(LIVES)
    store.create()
    return HttpResponseRedirect(f"{origin}/arrive?{urlencode({'token': store.session_key or '', 'next': to})}")


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
    person_id = _person(token, community.domain)
    if request.method != "POST":
        context = {"email": email_of(person_id=person_id), "token": token, "next": to}
        page = render(request, "web/arrive.html", context)
        page.headers["Referrer-Policy"] = "same-origin"  # the token in the address is nobody else's to see
        return page
    used, _rows = Session.objects.filter(session_key=token).delete()
    if used != 1:
        raise Refused(_stale())
    person = get_user_model().objects.get(pk=person_id, is_active=True)
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    return HttpResponseRedirect(to)


def _person(token: str, domain: str) -> int:
    """Whom the token stands for, here; Refused where it is used, too old, or another community's."""
    kept = SessionStore(session_key=token).get(_KEY) if len(token) == 32 else None
    if kept is None or kept["host"] != domain:
        raise Refused(_stale())
    return int(kept["person"])


def _stale() -> str:
    return _("This way in has been used, or is older than a minute. Please sign in here, or go back and try again.")


def _inside(path: str) -> str:
    ours = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if ours else "/"
