"""What every request passes: the policy of the browser, the community of the host name, the viewer, errors as pages."""

from collections.abc import Callable
from functools import partial

from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http.request import split_domain_port

from wardmote.communities import queries as communities
from wardmote.edges.web import errors
from wardmote.kernel.errors import WardmoteError
from wardmote.network import queries as network
from wardmote.notices import queries as notices

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
        community = communities.community_by_domain(domain)
        request.community = community  # type: ignore[attr-defined]
        request.standing, request.handle, request.unread = None, "", 0  # type: ignore[attr-defined]
        if community is None and domain not in settings.WARDMOTE_HOST_DOMAINS:
            return errors.no_such_community(request, domain)
        return self.get_response(request)


class FindViewer:
    """Sets `request.standing`, `request.handle` and `request.unread`; refuses a session that began on another host."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        errors.require_utf8(request)
        self._bind(request)
        self._recognise(request)
        response = self.get_response(request)
        if request.user.is_authenticated:
            if HOST_KEY not in request.session:
                request.session[HOST_KEY] = host_of(request)
            response.headers.setdefault("Cache-Control", "private, no-store")
        else:
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The one place where an error of the house becomes a page, for every edge that shows pages."""
        return errors.page_for(request, exception) if isinstance(exception, WardmoteError) else None

    @staticmethod
    def _bind(request: HttpRequest) -> None:
        if not request.user.is_authenticated:
            return
        if request.session.setdefault(HOST_KEY, host_of(request)) != host_of(request):
            # A cookie of another community: here it is nobody's. The session itself goes on living over there.
            request.session = SessionStore()
            request.user = AnonymousUser()

    @staticmethod
    def _recognise(request: HttpRequest) -> None:
        community = request.community  # type: ignore[attr-defined]
        if community is None or not request.user.is_authenticated:
            return
        standing = communities.standing(community_id=community.id, person_id=request.user.pk)
        if standing is None:
            return
        profile = network.profile(
            community_id=community.id, member_id=standing.member_id, viewer_id=standing.member_id
        )
        request.standing = standing  # type: ignore[attr-defined]
        request.handle = profile.handle if profile else ""  # type: ignore[attr-defined]
        # A page that shows no rail asks for no count.
        request.unread = partial(  # type: ignore[attr-defined]
            notices.unread_count, community_id=community.id, person_id=standing.person_id
        )


def host_of(request: HttpRequest) -> str:
    """The host name the request was sent to, lower case, without port; raises DisallowedHost for what is none."""
    return split_domain_port(request.get_host())[0]
