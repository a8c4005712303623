"""The front door: a community's home, the host's own page, and the state of the record."""

from typing import cast

from django.http import HttpRequest, HttpResponse, HttpResponseBase
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
    return render(request, "web/front.html", {"doors": doors, "cast": demo.cast(request), **_record()})


@require_safe
def record_page(request: HttpRequest) -> HttpResponse:
    """The latest checkpoint and the key that it is signed with, to keep and compare."""
    latest = record.latest_checkpoint()
    # Before the first checkpoint there may be no key yet.
    key = record.verifier_key() if latest else ""
    return render(request, "web/record.html", {**_record(), "checkpoint": latest, "key": key})


@require_safe
def checkpoint(request: HttpRequest) -> HttpResponse:
    """The latest signed checkpoint as the plain text that witnesses read."""
    latest = record.latest_checkpoint()
    if latest is None:
        return HttpResponse(
            "no checkpoint has been published yet\n", status=404, content_type="text/plain; charset=utf-8"
        )
    return HttpResponse(latest.note, content_type="text/plain; charset=utf-8")


def _record() -> dict[str, object]:
    return {"status": record.status()}
