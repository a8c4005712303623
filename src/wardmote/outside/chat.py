"""A chat endpoint in OpenAI's shape, asked one question: under the guard, within a time, a size and a breaker.

The key is in the request's header and nowhere else: no error made here repeats what was sent, or what came back.

ChatError            no answer
├── Unreachable      it is down, slow, busy or talks nonsense: ask again later
├── Resting          it failed too often; `seconds` says when to ask again
└── Declined         it does not answer this question, and will not
"""

import json
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings

from wardmote.outside.breaker import Breaker
from wardmote.outside.fetch import Fetched, post_to
from wardmote.outside.guard import FetchError, Target, aim

ANSWER_TOKENS = 400
"""What an answer may take."""
ANSWER_BYTES = 64_000
_DECLINED = frozenset({400, 413, 422})
_PATH = "/chat/completions"
_MOST_TOKENS = 10_000_000


class ChatError(Exception):
    """No answer; `str()` says why in a few words of our own."""


class Unreachable(ChatError):
    """Nothing that can be read came back in time."""


class Declined(ChatError):
    """The endpoint will not answer this."""


class Resting(ChatError):
    """It failed again and again, and is left alone for `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__("it failed again and again, and is left alone for a while")
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Allowance:
    """What may be spent in a day (UTC)."""

    calls: int
    tokens: int


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Whom we ask. `url` is the full address, `private` whether it may be on this machine or network; `day` is what
    the installation may spend, `community_day` what each community may."""

    url: str
    model: str
    day: Allowance
    community_day: Allowance
    key: str = field(default="", repr=False)
    private: bool = False
    timeout: float = 30.0

    def aim(self) -> Target:
        """Where it is now; raises FetchError or Forbidden."""
        return aim(self.url, any_port=True, private=self.private)

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc


@dataclass(frozen=True, slots=True)
class Reply:
    """What the model said, and the tokens it says that took (None where it does not say)."""

    content: str
    tokens: int | None


def endpoint() -> Endpoint | None:
    """The one that this installation asks; None where it asks none."""
    found: Endpoint | None = settings.WARDMOTE_LLM
    return found


def full_url(base: str) -> str:
    """The address that questions go to, from the one an operator was given: with or without the path at its end."""
    parts = urlsplit(base)
    path = parts.path.rstrip("/")
    return urlunsplit(parts._replace(path=path if path.endswith(_PATH) else path + _PATH))


@cache
def breaker_of(_url: str) -> Breaker:
    """This process's breaker for one address."""
    return Breaker()


def ask(endpoint: Endpoint, *, system: str, user: str) -> Reply:
    """Ask once, outside any transaction. Raises Unreachable, Resting or Declined; nothing is followed.

    That it declines one text is no failure of the endpoint: nobody closes it for others by what they write.
    """
    breaker = breaker_of(endpoint.url)
    if seconds := breaker.wait():
        raise Resting(seconds)
    try:
        reply = _read(_send(endpoint, system=system, user=user))
    except Declined:
        breaker.succeeded()
        raise
    except BaseException:
        breaker.failed()
        raise
    breaker.succeeded()
    return reply


def _send(endpoint: Endpoint, *, system: str, user: str) -> Fetched:
    asked = {
        "model": endpoint.model,
        "messages": [{"role": "system", "content": system}, {"role": "user", "content": user}],
        "temperature": 0,
        "max_tokens": ANSWER_TOKENS,
        "stream": False,
    }
    headers = {"Content-Type": "application/json", "Accept": "application/json", "User-Agent": "Wardmote"}
    if endpoint.key:
        headers["Authorization"] = f"Bearer {endpoint.key}"
    try:
        return post_to(
            endpoint.aim(),
            body=json.dumps(asked).encode(),
            headers=headers,
            size_limit=ANSWER_BYTES,
            total=endpoint.timeout,
            patience=endpoint.timeout,
        )
    except FetchError as error:
        raise Unreachable(_why(error)) from None


def _why(error: FetchError) -> str:
    """What a library says of a header that it refuses has the header in it, and of a broken answer the answer."""
    cause = error.__cause__
    return str(error) if cause is None or isinstance(cause, OSError) else type(cause).__name__


def _read(answer: Fetched) -> Reply:
    if answer.status in _DECLINED:
        raise Declined(f"it answered {answer.status}")
    if answer.status != 200:
        raise Unreachable(f"it answered {answer.status}")
    try:
        said = json.loads(answer.body)
        content = said["choices"][0]["message"]["content"]
    except (ValueError, LookupError, TypeError, RecursionError):
        raise Unreachable("what it answered is not a chat completion") from None
    if not isinstance(content, str):
        # A model that refuses leaves its content empty.
        raise Declined("it said nothing")
    return Reply(content, _tokens(said))


def _tokens(said: dict[str, object]) -> int | None:
    usage = said.get("usage")
    total = usage.get("total_tokens") if isinstance(usage, dict) else None
    return total if type(total) is int and 0 < total <= _MOST_TOKENS else None
