"""The front door: a community's home, or the host's own page."""

from typing import cast

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from wardmote.communities import queries as communities
from wardmote.edges.web.requests import Request
from wardmote.edges.web.views import demo
from wardmote.edges.web.views.feeds import Home
from wardmote.outside.origin import origin_of
from wardmote.record import queries as record

_home = Home.as_view()


@require_safe
def front(request: HttpRequest) -> HttpResponseBase:
    """A community's home, or on the host's own name what this is and which communities live here."""
    if cast("Request", request).community is not None:
        return _home(request)
    # Whoever is signed in here is taken along; the others sign in over there.
    known = request.user.is_authenticated
    doors = [(c, f"/go/{c.slug}" if known else f"{origin_of(c.domain)}/") for c in communities.communities()]
    return render(request, "web/front.html", {"doors": doors, "cast": demo.cast(request), "status": record.status()})
