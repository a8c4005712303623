"""Our ways with allauth: sign up at a community, and where one goes after signing in."""

from typing import Any, NamedTuple, cast
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from wardmote.communities import queries as communities
from wardmote.edges.web import browsers, devices, fresh, invited, pace
from wardmote.edges.web.proxies import address_of
from wardmote.edges.web.requests import Request
from wardmote.edges.web.signup import join_after_signing_up
from wardmote.journeys.members import login_notices, sign_up, way_back
from wardmote.kernel import clock
from wardmote.kernel.errors import Conflict
from wardmote.people.queries import has_login, is_host_staff

_CHANGED = "account/email/email_changed"
_CODE = "account/email/email_confirmation_signup"


class Site(NamedTuple):
    """What allauth's letters name as the site."""

    name: str
    domain: str


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Logins are made on a community's host, since with one comes the first membership."""

    def is_open_for_signup(self, request: Request) -> bool:
        """Open wherever there is a policy to accept, the host has not suspended the community, and its owner has not
        closed it to whoever brings no invitation link."""
        if request.community is None or request.community.state.locks_visitors:
            return False
        if invited.is_shut_out(request, now=clock.now()):
            return False
        return communities.current_policy(community_id=request.community.id) is not None

    def get_login_redirect_url(self, request: Request) -> str:
        """Home; for a login from elsewhere the page where one joins; for the host's staff at the host's, their desk."""
        if request.community is None:
            return "/host/" if is_host_staff(person_id=request.user.pk or 0) else "/"
        standing = communities.standing(community_id=request.community.id, person_id=request.user.pk or 0)
        return "/" if standing is not None else "/join"

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        """Whoever is signed in and added an address goes back to their addresses."""
        if self.request.user.is_authenticated:
            return reverse("account_email")
        return str(super().get_email_verification_redirect_url(email_address))

    def get_signup_redirect_url(self, request: Request) -> str:
        return self.get_login_redirect_url(request)

    def generate_email_verification_code(self) -> str:
        """A code; the mail to whoever signs up has it from here, since they have no login yet."""
        code: str = super().generate_email_verification_code()
        self.request.signup_code = code
        return code

    def send_account_already_exists_mail(self, email: str) -> None:
        """What an address that signs up is told: that there is a login already, or, where there is none, the code."""
        if has_login(email=email):
            super().send_account_already_exists_mail(email)
        else:
            self.send_mail(_CODE, email, {"code": self.request.signup_code})

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """False, with a message, also where another login got the address in the same moment."""
        try:
            return sign_up.verify(lambda: bool(super(AccountAdapter, self).confirm_email(request, email_address)))
        except Conflict:
            failed = "account/messages/email_confirmation_failed.txt"
            self.add_message(request, messages.ERROR, failed, {"email": email_address.email})
            return False

    def post_login(self, request: HttpRequest, user: Any, **about: Any) -> HttpResponseBase:
        """After the first sign-in, with the address verified, one joins where one signed up; and from now on this
        browser is known for this account."""
        join_after_signing_up(cast("Request", request), person_id=user.pk, email=user.email)
        response: HttpResponseBase = super().post_login(request, user, **about)
        devices.remember(request, response, user.email)
        return response

    def is_reauthentication_required(self, *, app: str, **about: Any) -> bool:
        """Not of whoever has signed in, in this browser and at this address, within the time for which a password
        holds."""
        asked: bool = super().is_reauthentication_required(app=app, **about)
        return asked and not fresh.has_just_signed_in(self.request)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write the mail now and send it by a job: how long a mail server takes tells nothing of who has a login.

        Every address in it is one that is stored here, whatever Host the request for it named.
        """
        front = self.request.build_absolute_uri("/")
        name = urlsplit(front).netloc
        about = {
            "request": self.request,
            "email": email,
            **context,
            "front": front,
            "current_site": Site(name, name),
        }
        message = self.render_mail(template_prefix, email, about)
        login_notices.send_letter(address=email, subject=message.subject, body=str(message.body), now=clock.now())

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Who did it is told in words; the address that is no longer the main one gets a link by which its owner takes
        the login back."""
        told = dict(context or {})
        # What stands for an address where it is not known is nothing to tell anybody.
        told |= {"ip": address_of(self.request), "device": browsers.in_words(self.request)}
        if template_prefix == _CHANGED and _is_verified(user, told["from_email"]):
            token = way_back.open_way_back(person_id=user.pk, from_address=told["from_email"], now=clock.now())
            told["way_back_url"] = self.request.build_absolute_uri(reverse("way_back", args=[token]))
        super().send_notification_mail(template_prefix, user, told, email)

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


def _is_verified(user: Any, address: str) -> bool:
    return bool(EmailAddress.objects.filter(user=user, email=address, verified=True).exists())
