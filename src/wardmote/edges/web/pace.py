"""How often somebody may try a password: counted where the try comes from, never in a way that a stranger can turn
against the account's owner."""

from allauth.core.internal import ratelimit
from django.http import HttpRequest
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from wardmote.edges.web.devices import device_of
from wardmote.edges.web.proxies import address_of
from wardmote.kernel.errors import TooOften

_APP = "wardmote.sign_in"
_REPORTS = "wardmote.visitor_report"
REPORTS_FROM_HERE = "10/h/key"
"""Reports by visitors from one address, of IPv6 from one network."""
REPORTS_OF_ONE = "3/d/key"
"""The same of one thing: its author needs very many addresses to use up what the thing takes."""
DEVICE = "10/5m/key"
"""Wrong passwords for one account from a browser that has signed in to it."""
PAIR = "5/5m/key"
"""From one address for one account, in browsers that it does not know."""
ACCOUNT = "50/h/key"
"""For one account from all unknown browsers together. Whoever meets it gets in by a known browser, a passkey, or a
reset by mail, which signs in and makes the browser a known one."""
ADDRESS = "100/10m/key"
"""From one address for all accounts together, in browsers that they do not know."""


def try_password(request: HttpRequest, email: str) -> "ratelimit.RateLimitUsage | None":
    """Count a try before the password is looked at; None where there are no more. Roll it back if it was right."""
    all_counted = ratelimit.RateLimitUsage(usage=[])
    for name, rate, key in _limits(request, email):
        counted = ratelimit.consume(request, app=_APP, action=name, config={name: rate}, key=key)
        if counted is None:
            return None
        all_counted.usage += counted.usage
    return all_counted


def forgive(request: HttpRequest, email: str) -> None:
    """Forget the tries at this account: its owner has proven to read its mail."""
    for name, rate, key in _limits(request, email):
        if name != "address":
            ratelimit.clear(request, app=_APP, action=name, config={name: rate}, key=key)


def visitor(request: HttpRequest) -> str:
    """What stands for the visitor where only addresses are counted; nobody shares it where the address is not known."""
    return address_of(request) or f"unknown-{get_random_string(16)}"


def leave_report(request: HttpRequest, about: str) -> None:
    """Count a visitor's report before any work is spent on it; TooOften where there were too many from here."""
    address = address_of(request) and ratelimit.truncate_ip(address_of(request))
    if not address:
        return
    for name, rate, key in (
        ("network", REPORTS_FROM_HERE, address),
        ("item", REPORTS_OF_ONE, f"{address} {request.get_host()} {about}"),
    ):
        if ratelimit.consume(request, app=_REPORTS, action=name, config={name: rate}, key=key) is None:
            raise TooOften(
                _("Too many reports have come in just now; nothing was saved. Please try again later."), seconds=3600
            )


def _limits(request: HttpRequest, email: str) -> list[tuple[str, str, str]]:
    """Name, rate and key of every limit that holds for a try, the narrowest first."""
    account = email.lower()
    if device := device_of(request, account):
        return [("device", DEVICE, f"{account} {device}")]
    address = address_of(request) and ratelimit.truncate_ip(address_of(request))
    here = [("pair", PAIR, f"{account} {address}"), ("address", ADDRESS, address)] if address else []
    return [*here, ("account", ACCOUNT, account)]
