"""Signing up, so that nobody learns from it who has a login: nothing is made before the code from the mail is given.

What was filled in waits in the session of the browser that asked, and so does the code. However often somebody signs up
with one address, each browser has its own: what counts is what the one filled in who reads the mail.
"""

import secrets
from typing import Any

from allauth.account.forms import ConfirmEmailVerificationCodeForm, SignupForm
from allauth.account.internal.flows.signup import prevent_enumeration
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from wardmote.edges.web import invited
from wardmote.edges.web.requests import Request
from wardmote.edges.web.sessions import SIGN_UP
from wardmote.journeys.members import entering, join, sign_up
from wardmote.kernel import clock
from wardmote.kernel.errors import Conflict, Invalid, NotFound, Refused
from wardmote.people.policy import digest


class OpenSignupForm(SignupForm):  # type: ignore[misc]  # allauth has no types
    """The sign-up form: known and unknown addresses cost the same, and show the same."""

    def validate_unique_email(self, value: str) -> str:
        """Any address will do here; whose it is the mail will show."""
        return value

    def clean(self) -> dict[str, Any]:
        """Keep the handle for this session, before anything is made; taken is taken for everybody alike."""
        data: dict[str, Any] = super().clean()
        handle = data.get("handle")
        if handle and not self.errors:
            request = _request()
            kept = request.session.get(SIGN_UP) or {}
            secret = kept.get("secret") or secrets.token_urlsafe(24)
            try:
                sign_up.keep_handle(
                    community_id=self.community_id, handle=handle, holder=digest(secret), now=clock.now()
                )
            except Conflict as error:
                self.add_error("handle", str(error))
                return data
            request.session[SIGN_UP] = {
                "community": self.community_id,
                "handle": handle,
                "policy_hash": data["policy_hash"],
                "email": data["email"],
                "reason": data.get("reason", ""),
                "password": make_password(data["password1"]),
                "language": get_language() or "",
                "secret": secret,
            }
        return data

    def try_save(self, request: HttpRequest) -> tuple[None, Any]:
        """Mail a code, or that there is a login already; what is to be made waits in the session."""
        return None, prevent_enumeration(request, email=self.cleaned_data["email"])


class CodeForm(ConfirmEmailVerificationCodeForm):  # type: ignore[misc]  # allauth has no types
    """The code from the mail. Whoever has it reads the mail there: a sign-up of old with that address gives way."""

    def clean_code(self) -> str:
        code: str = super(ConfirmEmailVerificationCodeForm, self).clean_code()
        sign_up.give_way(email=self.email, person_id=self.user.pk if self.user else None)
        return super().clean_code() and code


def make_login(request: HttpRequest, *, email: str) -> int | None:
    """The login that this browser signed up for, now that its code was given; None where it did not, or not with this
    address. Conflict where somebody has a login with it by now."""
    kept = request.session.get(SIGN_UP)
    if kept is None or "password" not in kept or kept["email"].lower() != email.lower():
        return None
    return sign_up.make_login(email=email, password=kept["password"], language=kept["language"], now=clock.now())


def _request() -> Request:
    from allauth.core import context

    return context.request  # type: ignore[no-any-return]


def join_after_signing_up(request: Request, *, person_id: int, email: str) -> None:
    """Join with what was filled in when signing up; what is in the way is said on the page where one joins.

    Somebody else who signs in with the same browser joins nothing.
    """
    kept = request.session.pop(SIGN_UP, None)
    if kept is None or kept["email"].lower() != email.lower():
        return
    if request.community is None or kept["community"] != request.community.id:
        return
    try:
        enter(
            request,
            person_id=person_id,
            handle=kept["handle"],
            policy_hash=kept["policy_hash"],
            reason=kept.get("reason", ""),
            holder=digest(kept["secret"]),
        )
    except (Conflict, Refused, Invalid, NotFound) as error:
        request.session["join_trouble"] = str(error) or _("Please try again.")


def enter(
    request: Request, *, person_id: int, handle: str, policy_hash: str, reason: str = "", holder: str = ""
) -> bool:
    """Join here, or ask to where moderators approve; gives whether one is a member now."""
    now = clock.now()
    if request.community is None:
        raise NotFound(_("This page belongs to a community, and this address is the host's."))
    who = {"community_id": request.community.id, "person_id": person_id}
    # The owner comes in as they are, by whatever way.
    if invited.must_ask(request, now=now) and request.community.owner_id != person_id:
        entering.ask(**who, handle=handle, policy_hash=policy_hash, reason=reason, holder=holder, now=now)
        return False
    token = invited.token(request, now=now)
    join.join(**who, handle=handle, policy_hash=policy_hash, holder=holder, token=token, now=now)
    invited.forget(request)
    return True
