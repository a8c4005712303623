"""What visitors see of a community that its host has suspended: what was done, why, since when, and how to appeal."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render

from wardmote.communities.policy import CommunityState
from wardmote.edges.web.requests import Request

MACHINES = ("/exchange/", "/record/checkpoint")
"""Addresses where machines talk: a proof that the host's letter arrived is no page, and no visitor reads it."""
_OPEN_TO_ALL = ("/accounts/", "/record", "/arrive", "/appeal/", "/report/")
"""The way in for owner and members, the record, which is the host's, and appeals by who has no account here.

A visitor's report that was begun before is still confirmed and answered; nobody begins one about what the lock hides.
"""


def is_locked(request: Request) -> bool:
    """Whether this person reads why instead of what: no member, and the community is suspended or terminated.

    The page itself is asked first, and what is gone stays 404 (see `posts.thread_context`): a re-check must see a
    removal behind the lock as well.
    """
    community = request.community
    if community is None or not community.state.locks_visitors or request.standing is not None:
        return False
    return not request.path.startswith((*MACHINES, *_OPEN_TO_ALL))


def locked_page(request: Request) -> HttpResponse:
    """451, as an order by somebody is not a fault; RFC 7725 has `blocked-by` name who ordered it."""
    community = request.community
    assert community is not None  # noqa: S101 - is_locked has seen to it
    port = request.get_port()
    suffix = "" if port in ("80", "443") else f":{port}"
    host = f"{request.scheme}://{settings.WARDMOTE_HOST_DOMAINS[0]}{suffix}/"
    terminated = community.state.state is CommunityState.TERMINATED
    context = {"state": community.state, "terminated": terminated, "host": host}
    response = render(request, "web/locked.html", context, status=451)
    response.headers["Link"] = f'<{host}>; rel="blocked-by"'
    return response
