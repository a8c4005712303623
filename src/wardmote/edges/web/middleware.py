"""What every request passes: the policy of the browser, the community of the host name, the viewer, errors as pages."""

from collections.abc import Callable
from functools import partial
from typing import cast
from urllib.parse import urljoin

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http.multipartparser import MultiPartParserError
from django.http.request import split_domain_port
from django.utils.encoding import iri_to_uri

from wardmote.communities import queries as communities
from wardmote.edges.ui import drafts
from wardmote.edges.web import errors
from wardmote.edges.web.language import speak_to
from wardmote.edges.web.locked import is_locked, locked_page
from wardmote.edges.web.requests import Request
from wardmote.edges.web.sessions import SessionStore
from wardmote.kernel import clock
from wardmote.network import queries as network
from wardmote.notices import queries as notices
from wardmote.outside.origin import origin_of

GetResponse = Callable[[HttpRequest], HttpResponseBase]
HOST_KEY = "host"
"""Where a session keeps the host it began on."""

_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        # The QR code of an authenticator app is a data: image.
        "img-src 'self' data:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)


class ContentSecurityPolicy:
    """Nothing but what we serve ourselves: no inline script or style, no frames, no foreign form."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", _POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()")
        return response


class FindCommunity:
    """Sets `request.community` by the Host header: None on the host's own domains, a page in words for any other name.

    Only the Host header counts: a forwarded host can be written by anybody who can reach us.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        domain = host_of(request)
        known = cast("Request", request)
        known.community = communities.community_by_domain(domain)
        known.standing, known.handle, known.unread, known.suspended_until = None, "", 0, None
        known.writes = False
        if known.community is None and domain not in settings.WARDMOTE_HOST_DOMAINS:
            return errors.no_such_community(request, domain)
        # Instead of Django's own, which takes name and port from the Host header: the port could be anybody's.
        request.build_absolute_uri = partial(_absolute, request, origin_of(domain))  # type: ignore[method-assign]
        return self.get_response(request)


class FindViewer:
    """Sets `request.standing`, `.handle`, `.unread`, `.suspended_until` and `.writes` (whether a post would be taken);
    refuses a session of another host.

    It also settles the language, and turns the house's errors into pages, for every edge that shows pages.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        _bind_session(request)
        speak_to(cast("Request", request))
        _recognise(cast("Request", request))
        before = request.user.pk or 0
        response = self._answer(request)
        drafts.note_typist(request, response, before=before)
        if request.user.is_authenticated:
            request.session.setdefault(HOST_KEY, host_of(request))
        kept = "private, no-store" if request.user.is_authenticated else "private, no-cache"
        response.headers.setdefault("Cache-Control", kept)
        return response

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        try:
            if not errors.is_utf8(request):
                return errors.garbled(request)
        except (RequestDataTooBig, TooManyFieldsSent, MultiPartParserError) as error:
            # Here, and not by Django: that would log a traceback, and nothing is broken.
            return errors.bad_request(request, error)
        response = self.get_response(request)
        _keep_draft(cast("Request", request), response)
        if response.status_code == 200 and is_locked(cast("Request", request)):
            return locked_page(cast("Request", request))
        return errors.wrong_method(request, response) if response.status_code == 405 else response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The one place where an error of the house becomes a page."""
        return errors.page_for(request, exception)


def _keep_draft(request: Request, response: HttpResponseBase) -> None:
    """Keep what was sent by somebody who must accept the policy first; let go of what was shown or taken."""
    refused = request.method == "POST" and response.status_code >= 400 and not getattr(request, "forged", False)
    if refused and request.standing is not None and not request.standing.accepted_policy:
        drafts.keep(request, response, at=drafts.page_of(request))
    drafts.settle(request, response)


def host_of(request: HttpRequest) -> str:
    """The host name the request was sent to, lower case, without port; raises DisallowedHost for what is none."""
    return split_domain_port(request.get_host())[0]


def _absolute(request: HttpRequest, origin: str, location: str | None = None) -> str:
    """An address on this site for whoever reads it elsewhere, as in a letter; `location` as links on a page have it."""
    here = origin + request.path
    return iri_to_uri(urljoin(here, location) if location is not None else origin + request.get_full_path())


def _bind_session(request: HttpRequest) -> None:
    if not request.user.is_authenticated:
        return
    host = host_of(request)
    if request.session.setdefault(HOST_KEY, host) != host:
        # A cookie of another community: here it is nobody's. The session itself goes on living over there.
        request.session = SessionStore()
        request.user = AnonymousUser()


def _recognise(request: Request) -> None:
    community = request.community
    if community is None or not request.user.is_authenticated:
        return
    standing = communities.standing(community_id=community.id, person_id=request.user.pk)
    if standing is None:
        return
    profile = network.profile(community_id=community.id, member_id=standing.member_id, viewer_id=standing.member_id)
    request.standing = standing
    request.handle = profile.handle if profile else ""
    request.suspended_until = standing.suspended_until if standing.suspended(clock.now()) else None
    stopped = community.state.stops_writing(clock.now())
    request.writes = standing.accepted_policy and request.suspended_until is None and not stopped
    # A page that shows no rail asks for no count.
    request.unread = partial(notices.unread_count, community_id=community.id, person_id=standing.person_id)
