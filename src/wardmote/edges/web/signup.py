"""Signing up, so that nobody learns from it who has a login."""

import hashlib
import secrets
from typing import Any

from allauth.account.forms import SignupForm
from django.http import HttpRequest
from django.utils.translation import gettext as _

from wardmote.edges.web import invited
from wardmote.edges.web.requests import Request
from wardmote.journeys import entering, join, sign_up
from wardmote.kernel import clock
from wardmote.kernel.errors import Conflict, Invalid, NotFound, Refused

_KEY = "sign_up"
"""Where the session keeps what is to happen once the address is verified."""


class OpenSignupForm(SignupForm):  # type: ignore[misc]  # allauth has no types
    """The sign-up form: known and unknown addresses cost the same, and show the same."""

    account_already_exists: bool

    def clean(self) -> dict[str, Any]:
        """Keep the handle for this session, before anything is made; taken is taken for everybody alike."""
        data: dict[str, Any] = super().clean()
        handle = data.get("handle")
        if handle and not self.errors:
            request = _request()
            kept = request.session.get(_KEY) or {}
            secret = kept.get("secret") or secrets.token_urlsafe(24)
            try:
                sign_up.keep_handle(
                    community_id=self.community_id, handle=handle, holder=_digest(secret), now=clock.now()
                )
            except Conflict as error:
                self.add_error("handle", str(error))
                return data
            request.session[_KEY] = {
                "community": self.community_id,
                "handle": handle,
                "policy_hash": data["policy_hash"],
                "email": data["email"],
                "reason": data.get("reason", ""),
                "secret": secret,
            }
        return data

    def try_save(self, request: HttpRequest) -> tuple[Any, Any]:
        """For a known address the same is done for nobody's, and taken back."""
        if self.account_already_exists:
            email = self.cleaned_data["email"]
            self.cleaned_data["email"] = f"{secrets.token_hex(8)}@nobody.invalid"
            self.account_already_exists = False
            sign_up.rehearse(lambda: self.save(request))
            self.cleaned_data["email"], self.account_already_exists = email, True
        return super().try_save(request)  # type: ignore[no-any-return]


def _request() -> Request:
    from allauth.core import context

    return context.request  # type: ignore[no-any-return]


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def join_after_signing_up(request: Request, *, person_id: int, email: str) -> None:
    """Join with what was filled in when signing up; what is in the way is said on the page where one joins.

    Somebody else who signs in with the same browser joins nothing.
    """
    kept = request.session.pop(_KEY, None)
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
            holder=_digest(kept["secret"]),
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
