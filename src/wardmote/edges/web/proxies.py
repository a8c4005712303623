"""Whose request it is, when others are between: only a proxy that the operator trusts may say."""

import logging
from collections.abc import Callable, Mapping
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

log = logging.getLogger(__name__)

FORWARDED = "wardmote.forwarded"
"""In `META`: true where anything said that it passes this request on for somebody else."""
_ADDRESS = "wardmote.address"
_SAID = ("HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA")
_Address = IPv4Address | IPv6Address


class FromProxies:
    """Finds the visitor's address, and takes away every forwarding header that nobody may believe.

    `X-Forwarded-For` is read from the right: what is there was written by the last proxy, what is at the left
    by whoever liked to. Afterwards `REMOTE_ADDR` is the visitor's where it is known, and `X-Forwarded-Proto` is there
    only if a trusted proxy sent it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        said = [name for name in request.META if name.startswith("HTTP_X_FORWARDED") or name in _SAID]
        request.META[FORWARDED] = bool(said)
        peer = _read(request.META.get("REMOTE_ADDR", ""))
        trusted = peer is not None and _is_trusted(peer)
        chain = request.META.get("HTTP_X_FORWARDED_FOR", "")
        scheme = request.META.get("HTTP_X_FORWARDED_PROTO", "").strip().lower()
        for name in said:
            del request.META[name]
        if trusted and scheme in ("http", "https"):
            request.META["HTTP_X_FORWARDED_PROTO"] = scheme
        if peer is not None and chain and not trusted:
            _warn_of(str(peer))
        found = _visitor(chain) if trusted else peer
        request.META[_ADDRESS] = _known(found)
        if trusted and found is not None:
            request.META["REMOTE_ADDR"] = str(found)
        return self.get_response(request)


def address_of(request: HttpRequest) -> str:
    """The visitor's own address; empty where it is not known, as behind a proxy that does not tell."""
    return str(request.META.get(_ADDRESS, ""))


def visitor_of(environ: Mapping[str, Any]) -> str:
    """Who takes turns with the others, of a request as it came in: an address, of IPv6 the first 64 bits, which are one
    line; where it is not known, as behind a proxy that does not tell, the connection."""
    peer = _read(environ["REMOTE_ADDR"])
    found = _visitor(environ.get("HTTP_X_FORWARDED_FOR", "")) if peer is not None and _is_trusted(peer) else peer
    if not _known(found):
        return f"connection {environ['REMOTE_ADDR']} {environ['REMOTE_PORT']}"
    return str(IPv6Network((int(found), 64), strict=False)) if isinstance(found, IPv6Address) else str(found)


def _known(found: _Address | None) -> str:
    # A machine's own address stands for whatever proxy or tunnel runs there, and so for anybody.
    return str(found) if found is not None and not found.is_loopback else ""


def _visitor(chain: str) -> _Address | None:
    for text in reversed(chain.split(",")):
        address = _read(text.strip())
        if address is None or not _is_trusted(address):
            return address
    return None


def _is_trusted(address: _Address) -> bool:
    return any(address in network for network in settings.WARDMOTE_TRUSTED_PROXIES)


def _read(text: str) -> _Address | None:
    # Some proxies add the port: `192.0.2.1:4711`, `[2001:db8::1]:4711`.
    plain = text.partition("]")[0].lstrip("[") if text.startswith("[") else text
    if plain.count(":") == 1:
        plain = plain.partition(":")[0]
    try:
        address = ip_address(plain)
    except ValueError:
        return None
    return (isinstance(address, IPv6Address) and address.ipv4_mapped) or address


@lru_cache(maxsize=64)
def _warn_of(peer: str) -> None:
    """Once for each, as long as they are few: whoever it is, what it says of others is not believed."""
    log.warning("X-Forwarded-For from %s is not believed; a proxy of yours belongs in WARDMOTE_TRUSTED_PROXIES", peer)
