"""Our ways with allauth: sign up at a community, and where one goes after signing in."""

from typing import Any, NamedTuple
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponseBase

from wardmote.communities import queries as communities
from wardmote.edges.web import devices, pace
from wardmote.edges.web.requests import Request
from wardmote.people.queries import is_host_staff


class Site(NamedTuple):
    """What allauth's letters name as the site."""

    name: str
    domain: str


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Logins are made on a community's host, since with one comes the first membership."""

    def is_open_for_signup(self, request: Request) -> bool:
        """Open wherever there is a policy to accept, and the host has not suspended the community."""
        if request.community is None or request.community.state.locks_visitors:
            return False
        return communities.current_policy(community_id=request.community.id) is not None

    def get_login_redirect_url(self, request: Request) -> str:
        """Home; for a login from elsewhere the page where one joins; for the host's staff at the host's, their desk."""
        if request.community is None:
            return "/host/" if is_host_staff(person_id=request.user.pk or 0) else "/"
        standing = communities.standing(community_id=request.community.id, person_id=request.user.pk or 0)
        return "/" if standing is not None else "/join"

    def get_signup_redirect_url(self, request: Request) -> str:
        return self.get_login_redirect_url(request)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Every address in a letter is one that is stored here, whatever Host the request for it named."""
        front = self.request.build_absolute_uri("/")
        name = urlsplit(front).netloc
        super().send_mail(template_prefix, email, {**context, "front": front, "current_site": Site(name, name)})

    def get_client_ip(self, request: HttpRequest) -> str:
        """What limits by address go by. Behind a proxy that does not tell whom it serves there are none."""
        return pace.visitor(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count a try; allauth takes it back when the password was right."""
        self._login_failed_rl_usage = pace.try_password(request, str(credentials.get("email", "")))
        if self._login_failed_rl_usage is None:
            raise self.validation_error("too_many_login_attempts")

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        # Allauth's name for what happens after a reset by mail.
        pace.forgive(request, str(credentials.get("email", "")))

    def post_login(self, request: HttpRequest, user: Any, **how: Any) -> HttpResponseBase:
        """From now on this browser is known for this account."""
        response: HttpResponseBase = super().post_login(request, user, **how)
        devices.remember(request, response, user.email)
        return response
