"""The one guard against server-side request forgery: whatever asks an address that somebody wrote goes through here.

`aim` says where a URL leads, and whether we go there: its host is resolved once, and every address that the name has
must be public, unless the name itself is listed in `WARDMOTE_FETCH_HOSTS` (a demonstration lists its own, and so do the
tests). `asked` sends one request to the addresses that were checked, and to no other that the name might lead to a
moment later. It follows no redirect: whoever does takes aim again.
"""

import http.client
import ipaddress
import re
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from wardmote.kernel.errors import Invalid
from wardmote.kernel.hosts import ascii_host
from wardmote.outside.within import Bounded, Deadline, addresses, connect

RESOLVE_SECONDS = 10.0
"""For finding the addresses of one name."""
URL_LIMIT = 2000
_PORTS = {"http": 80, "https": 443}
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f\\]")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class FetchError(Exception):
    """Nothing came back; `str()` says why in a few words."""


class Forbidden(FetchError):
    """We do not go there."""


@dataclass(frozen=True, slots=True)
class Target:
    """One request's aim: what is asked of whom, and the addresses that the name was seen to have."""

    scheme: str
    host: str
    port: int
    path: str
    addresses: tuple[str, ...]

    @property
    def authority(self) -> str:
        """The `Host` header."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == _PORTS[self.scheme] else f"{name}:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.authority}{self.path}"


def aim(
    url: str,
    *,
    any_port: bool = False,
    private: bool = False,
    listed: bool = True,
    deadline: Deadline | None = None,
) -> Target:
    """Where a URL leads; raises Forbidden, or FetchError where the name is not known, or not in time.

    `private` is for an address that the installation itself names or allows, never for one that a stranger wrote: it
    need not be public. `any_port`: a port of its own. With `listed` off, `WARDMOTE_FETCH_HOSTS` is not asked.
    """
    if len(url) > URL_LIMIT or _FORBIDDEN.search(url):
        raise Forbidden("not an address that a browser would send")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Forbidden(f"not an address: {error}") from error
    if parts.scheme not in _PORTS or not parts.hostname:
        raise Forbidden(f"only http and https, not {parts.scheme or 'nothing'}")
    if parts.username is not None or parts.password is not None:
        raise Forbidden("an address with a login in it")
    host = _ascii(parts.hostname)
    known = listed and host in settings.WARDMOTE_FETCH_HOSTS
    if port is not None and port != _PORTS[parts.scheme] and not (known or any_port):
        raise Forbidden(f"port {port}")
    port = port or _PORTS[parts.scheme]
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    found = _resolve(host, port, private=known or private, deadline=deadline or Deadline(RESOLVE_SECONDS))
    return Target(parts.scheme, host, port, _quoted(path), found)


@contextmanager
def asked(
    target: Target,
    method: str,
    *,
    headers: Mapping[str, str],
    body: bytes | None,
    deadline: Deadline,
    connecting: float,
    patience: float,
) -> Iterator[http.client.HTTPResponse]:
    """One request, and its answer, which is still to be read; raises OSError or HTTPException, here and while reading.

    All of it has one deadline; `connecting` and `patience` are for each wait before and after we are through. A server
    that answers drop by drop would never run into the timeout of a single read.
    """
    with _connected(target, deadline, connecting) as raw:
        connection = http.client.HTTPConnection(target.host, target.port)
        connection.sock = Bounded(raw, deadline, patience)
        connection.request(method, target.path, body=body, headers={"Host": target.authority, **headers})
        yield connection.getresponse()


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open Internet's, whatever it is wrapped in."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if ip.is_site_local:
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _connected(target: Target, deadline: Deadline, at_most: float) -> socket.socket:
    raw = connect(target.addresses, target.port, deadline=deadline, at_most=at_most)
    if target.scheme == "http":
        return raw
    try:
        raw.settimeout(deadline.left(at_most))
        # The certificate is checked against the name; the connection goes to the pinned address.
        return ssl.create_default_context().wrap_socket(raw, server_hostname=target.host)
    except BaseException:
        raw.close()
        raise


def _ascii(host: str) -> str:
    try:
        return ascii_host(host)
    except Invalid as error:
        raise Forbidden("not the name of a host") from error


def _quoted(path: str) -> str:
    return "".join(c if c.isascii() else "".join(f"%{byte:02X}" for byte in c.encode()) for c in path)


def _resolve(host: str, port: int, *, private: bool, deadline: Deadline) -> tuple[str, ...]:
    if host == "localhost" or host.endswith(".localhost"):
        # RFC 6761: always the loopback interface, and not every resolver knows.
        found = ["127.0.0.1", "::1"]
    else:
        try:
            found = addresses(host, port, deadline=deadline, at_most=RESOLVE_SECONDS)
        except TimeoutError as error:
            raise FetchError(f"no answer about {host} in time") from error
        except (OSError, UnicodeError) as error:
            raise FetchError(f"no such host: {host}") from error
    if not private and (ours := [address for address in found if not is_public(address)]):
        raise Forbidden(f"{host} leads to {ours[0]}, which is not a public address")
    return tuple(found)
