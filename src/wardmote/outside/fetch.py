"""The guarded fetch: one page as a stranger gets it, from a public address, within bounds of size and time.

No cookies, no login, no referrer; the address is resolved once and pinned, and every redirect is looked at like the
first address. What comes back is a plain value; nothing here decides what it means.
"""

import hashlib
import http.client
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from urllib.parse import quote, urljoin

from wardmote.outside.charset import decoded
from wardmote.outside.guard import FetchError, Forbidden, Target, aim, asked
from wardmote.outside.within import Deadline

__all__ = ["FetchError", "Fetched", "Forbidden", "fetch", "post", "post_to"]

SIZE_LIMIT = 2_000_000
REDIRECTS = 5
CONNECT_SECONDS = 5.0
READ_SECONDS = 10.0
TOTAL_SECONDS = 20.0
USER_AGENT = "Wardmote/0.1 (checks a reported address)"
_REDIRECT = frozenset({301, 302, 303, 307, 308})
_TRIMMED = "".join(map(chr, range(0x21)))
_DROPPED = re.compile(r"[\t\n\r]")
_UNQUOTED = re.compile(r"[\x00-\x20\x7f\"<>\\^`{|}]")


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer: its final URL, status, media type, bytes, and the URLs it was led through.

    `charset` is what its header says of it, or empty: nothing here is looked up by that name.
    """

    url: str
    status: int
    media_type: str
    charset: str
    body: bytes
    through: tuple[str, ...] = ()

    @property
    def is_html(self) -> bool:
        """Whether a browser would take it for HTML, which it does too where no type is given and a tag comes first."""
        return self.media_type in ("text/html", "application/xhtml+xml") or (
            not self.media_type and self.body[:512].lstrip().startswith(b"<")
        )

    @property
    def text(self) -> str:
        """The body as text, in the charset that it is in for a browser; what cannot be read is replaced."""
        return decoded(self.body, header=self.charset, is_html=self.is_html)

    @property
    def body_hash(self) -> str:
        """SHA-256 of the bytes, lower-case hex."""
        return hashlib.sha256(self.body).hexdigest()


def fetch(url: str, *, size_limit: int = SIZE_LIMIT, total: float = TOTAL_SECONDS) -> Fetched:
    """Get a page; raises Forbidden for what we do not go to, FetchError where nothing whole comes back in time."""
    deadline = Deadline(total)
    through: list[str] = []
    headers = {"Accept": "text/html,text/plain;q=0.9,*/*;q=0.1", "Accept-Language": "en"}
    while True:
        target = aim(url, deadline=deadline)
        answer = _ask(target, "GET", headers=headers, body=None, deadline=deadline, size_limit=size_limit)
        location = answer.location
        if answer.status not in _REDIRECT or location is None:
            return _fetched(target, answer, tuple(through))
        through.append(target.url)
        if len(through) > REDIRECTS:
            raise FetchError(f"led on more than {REDIRECTS} times")
        url = led_to(target.url, location)


def led_to(base: str, location: str) -> str:
    """Where a `Location` leads as browsers read it: blanks and other signs are quoted; FetchError for what is none."""
    wanted = _DROPPED.sub("", location.strip(_TRIMMED))
    before, mark, query = wanted.partition("?")
    try:
        return _UNQUOTED.sub(lambda sign: quote(sign[0]), urljoin(base, before.replace("\\", "/") + mark + query))
    except ValueError as error:
        raise FetchError("led on to what is no address") from error


def post(
    url: str, *, body: bytes, headers: Mapping[str, str], size_limit: int = 100_000, total: float = TOTAL_SECONDS
) -> Fetched:
    """Send something, under the same guard; a redirect is not followed but given back."""
    deadline = Deadline(total)
    target = aim(url, deadline=deadline)
    return _fetched(target, _ask(target, "POST", headers=headers, body=body, deadline=deadline, size_limit=size_limit))


def post_to(
    target: Target,
    *,
    body: bytes,
    headers: Mapping[str, str],
    size_limit: int,
    total: float,
    patience: float = READ_SECONDS,
) -> Fetched:
    """The same where it is known whom we ask; `patience` is for each wait, for whoever thinks before speaking."""
    deadline = Deadline(total)
    answer = _ask(
        target, "POST", headers=headers, body=body, deadline=deadline, size_limit=size_limit, patience=patience
    )
    return _fetched(target, answer)


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: Message
    body: bytes

    @property
    def location(self) -> str | None:
        value = self.headers.get("Location")
        # Header bytes beyond ASCII come as Latin-1; servers mean UTF-8.
        return None if value is None else str(value).encode("latin-1", "replace").decode("utf-8", "replace")


def _fetched(target: Target, answer: _Answer, through: tuple[str, ...] = ()) -> Fetched:
    media_type, charset = _typed(str(answer.headers.get("Content-Type", "")))
    return Fetched(
        url=target.url,
        status=answer.status,
        media_type=media_type,
        charset=charset,
        body=answer.body,
        through=through,
    )


def _typed(header: str) -> tuple[str, str]:
    """The media type and the charset of a `Content-Type`, either empty."""
    media_type, *parameters = header[:1000].lower().split(";")
    named = (value.strip() for name, _, value in (p.partition("=") for p in parameters) if name.strip() == "charset")
    return (media_type.strip() if "/" in media_type else ""), next(named, "").strip("\"'")


def _ask(
    target: Target,
    method: str,
    *,
    headers: Mapping[str, str],
    body: bytes | None,
    deadline: Deadline,
    size_limit: int,
    patience: float = READ_SECONDS,
) -> _Answer:
    try:
        with asked(
            target,
            method,
            headers={"User-Agent": USER_AGENT, "Accept-Encoding": "identity", **headers, "Connection": "close"},
            body=body,
            deadline=deadline,
            connecting=CONNECT_SECONDS,
            patience=patience,
        ) as response:
            if response.headers.get("Content-Encoding", "identity").lower() != "identity":
                raise FetchError("the answer is packed although we asked for it plain")
            if response.headers.get("Transfer-Encoding", "chunked").strip().lower() != "chunked":
                raise FetchError("the answer is packed although we asked for it plain")
            content = response.read(size_limit + 1)
            if response.length and len(content) <= size_limit:
                raise FetchError("the answer broke off")
    except TimeoutError as error:
        raise FetchError("no whole answer in time") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise FetchError(f"{type(error).__name__}: {error}"[:150]) from error
    if len(content) > size_limit:
        raise FetchError(f"more than {size_limit:,} bytes")
    return _Answer(response.status, response.headers, content)
