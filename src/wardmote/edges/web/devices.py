"""Browsers that somebody has signed in with before: a signed cookie, so that a stranger's wrong tries do not shut the
owner of an account out of it."""

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import get_random_string, salted_hmac

_COOKIE = "device"
_SALT = "wardmote.device"
_MOST = 5
"""Accounts that one browser is remembered for; the newest."""
_AGE = 31_536_000


def device_of(request: HttpRequest, email: str) -> str:
    """The name of this browser, if this account has signed in with it; else empty."""
    return next((device for account, device in _known(request) if account == _account(email)), "")


def remember(request: HttpRequest, response: HttpResponseBase, email: str) -> None:
    """Call this browser a known one for the account from now on."""
    account = _account(email)
    device = device_of(request, email) or get_random_string(12)
    others = [pair for pair in _known(request) if pair[0] != account]
    response.set_cookie(
        _COOKIE,
        signing.dumps([(account, device), *others][:_MOST], salt=_SALT, compress=True),
        max_age=_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _known(request: HttpRequest) -> list[tuple[str, str]]:
    try:
        kept = signing.loads(request.COOKIES.get(_COOKIE, ""), salt=_SALT, max_age=_AGE)
    except signing.BadSignature:
        return []
    return [(str(account), str(device)) for account, device in kept]


def _account(email: str) -> str:
    """Who an address is, for those with our secret alone."""
    return salted_hmac(_SALT, email.lower()).hexdigest()[:24]
