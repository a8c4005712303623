"""Pages of other sites that may ask from a browser (CORS): none, unless the installation lists their origins.

What is listed gets no more than anybody with a key gets: no cookie counts here. A key in a page is a key for everybody
who reads the page; so this opens the addresses that score, and none that a platform tells or hears by.
"""

import re
from collections.abc import Iterable

from wardmote.edges.moderation_api.wire import Head, Reply
from wardmote.kernel.errors import Invalid, WardmoteError
from wardmote.kernel.hosts import ascii_host

_NAMES = re.compile(r"[A-Za-z0-9-]+(?:[ \t]*,[ \t]*[A-Za-z0-9-]+)*")
_NAMES_LIMIT = 1_000
_ORIGIN = re.compile(r"https?://(?:[a-z0-9-]+(?:\.[a-z0-9-]+)*|\[[0-9a-f:]+\])(?::[1-9][0-9]{0,4})?")
_SHOWN = (
    "retry-after, x-should-retry, x-ratelimit-limit-requests, x-ratelimit-remaining-requests, "
    "x-ratelimit-reset-requests, x-ratelimit-limit-texts, x-ratelimit-remaining-texts, x-ratelimit-reset-texts"
)
_KEPT_SECONDS = 600


class BadOrigin(WardmoteError):
    """Not an origin: `str()` says what one is."""


class Origins:
    """The origins that may ask; `*` is any. Raises BadOrigin."""

    def __init__(self, listed: Iterable[str] = ()) -> None:
        self._listed = frozenset(map(_origin, listed))

    @property
    def any(self) -> bool:
        """Whether somebody is listed."""
        return bool(self._listed)

    def headers(self, head: Head) -> dict[str, str]:
        """What an answer says to the browser; nothing where nobody is listed."""
        if not self._listed:
            return {}
        origin = head.headers.get("origin", "")
        said = {"vary": "origin"}
        if origin and (origin in self._listed or "*" in self._listed):
            said |= {
                "access-control-allow-origin": "*" if "*" in self._listed else origin,
                "access-control-expose-headers": _SHOWN,
            }
        return said

    def preflight(self, head: Head, methods: Iterable[str]) -> Reply | None:
        """The answer to a browser that asks beforehand; None for any other request, and where nobody is listed."""
        said = self.headers(head)
        if head.method != "OPTIONS" or "access-control-request-method" not in head.headers or not said:
            return None
        if "access-control-allow-origin" in said:
            said["access-control-allow-methods"] = ", ".join(sorted(methods))
            said["access-control-max-age"] = str(_KEPT_SECONDS)
            # Clients send names of their own (x-stainless-…, x-goog-…); a key is still what opens.
            asked = head.headers.get("access-control-request-headers", "")
            if len(asked) <= _NAMES_LIMIT and _NAMES.fullmatch(asked):
                said["access-control-allow-headers"] = asked
        return Reply(204, b"", said)


def _origin(text: str) -> str:
    if text == "*":
        return text
    origin = text if text.isascii() else _in_ascii(text)
    if not _ORIGIN.fullmatch(origin):
        raise BadOrigin(f"{text!r} is no origin: write https://name or https://name:port in lower case, or *")
    return origin


def _in_ascii(text: str) -> str:
    scheme, slashes, rest = text.partition("://")
    name, colon, port = rest.partition(":")
    try:
        return f"{scheme}{slashes}{ascii_host(name)}{colon}{port}"
    except Invalid as error:
        raise BadOrigin(str(error)) from None
