"""Who may ask, and how much: a key, its scope, its requests a minute, its texts a day, and the characters of both."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Protocol

from wardmote.edges.moderation_api.wire import Refusal
from wardmote.people.policy import Allowance, Scope, Terms, Window, digest

NO_LIMIT = Allowance(0, 0, 0.0)


class Meter(Protocol):
    """Counts what a key uses; never grants more than `limit` in one window."""

    def __call__(self, *, key_id: str, window: Window, limit: int, amount: int, now: datetime) -> Allowance: ...


@dataclass(frozen=True, slots=True)
class Admission:
    """A request that was let in, and what its key has left."""

    terms: Terms
    requests: Allowance
    texts: Allowance

    def headers(self) -> dict[str, str]:
        """What is left, in the headers that OpenAI's clients know."""
        found: dict[str, str] = {}
        for name, allowance in (("requests", self.requests), ("texts", self.texts)):
            if allowance.limit:
                found[f"x-ratelimit-limit-{name}"] = str(allowance.limit)
                found[f"x-ratelimit-remaining-{name}"] = str(allowance.left)
                found[f"x-ratelimit-reset-{name}"] = f"{ceil(allowance.seconds)}s"
        return found


class Authenticator:
    """Lets requests in. `find` gives the terms of the key with that digest, None for one that opens nothing.

    `everybody`: the terms on which all are let in, with a key or without; None where a key is needed. `stopped`: the
    sentence that says why a key opens nothing now, empty where it does.
    """

    def __init__(
        self,
        find: Callable[[str], Terms | None],
        meter: Meter,
        everybody: Terms | None = None,
        stopped: Callable[[Terms], str] = lambda _: "",
    ) -> None:
        self._find, self._meter, self._everybody, self._stopped = find, meter, everybody, stopped

    def admit(self, secret: str, scope: Scope | None, now: datetime) -> Admission:
        """Count one request against the key; Refusal 401, 403 or 429. Without a scope any key will do."""
        terms = self._everybody or (self._find(digest(secret)) if secret else None)
        if terms is None:
            what = "Incorrect API key provided." if secret else "No API key was provided."
            raise Refusal(401, f"{what} Keys are made with: wardmote key new.", code="invalid_api_key")
        if scope is not None and scope not in terms.scopes:
            raise Refusal(403, f"This key does not open {scope.value}.", code="missing_scope")
        if sentence := self._stopped(terms):
            raise Refusal(403, sentence, code="community_stopped")
        requests = self._count(terms.key_id, Window.MINUTE, terms.requests_per_minute, 1, now)
        admission = Admission(terms, requests, NO_LIMIT)
        if not requests.granted:
            sentence = f"Rate limit reached: {terms.requests_per_minute:,} requests a minute."
            raise self._too_much(sentence, "rate_limit_exceeded", admission, requests)
        return admission

    def spend(self, admission: Admission, texts: int, now: datetime, *, characters: int = 0) -> Admission:
        """Count texts against the key's day, and their characters against its minute and day; Refusal 429 where either
        is more than is left."""
        terms = admission.terms
        self._spend_characters(admission, characters, now)
        left = self._count(terms.key_id, Window.DAY, terms.texts_per_day, texts, now)
        spent = Admission(terms, admission.requests, left)
        if not left.granted:
            sentence = f"Quota reached: {terms.texts_per_day:,} texts a day, {left.left:,} left."
            raise self._too_much(sentence, "insufficient_quota", spent, left)
        return spent

    def _spend_characters(self, admission: Admission, characters: int, now: datetime) -> None:
        terms = admission.terms
        for window, limit, span, code in (
            (Window.MINUTE_CHARACTERS, terms.characters_per_minute, "minute", "rate_limit_exceeded"),
            (Window.DAY_CHARACTERS, terms.characters_per_day, "day", "insufficient_quota"),
        ):
            left = self._count(terms.key_id, window, limit, characters, now) if characters else NO_LIMIT
            if not left.granted:
                what = "Rate limit" if code == "rate_limit_exceeded" else "Quota"
                sentence = f"{what} reached: {limit:,} characters a {span}, {left.left:,} left."
                raise self._too_much(sentence, code, admission, left)

    def _count(self, key_id: str, window: Window, limit: int, amount: int, now: datetime) -> Allowance:
        if not limit:
            return NO_LIMIT
        return self._meter(key_id=key_id, window=window, limit=limit, amount=amount, now=now)

    @staticmethod
    def _too_much(sentence: str, code: str, admission: Admission, allowance: Allowance) -> Refusal:
        headers = admission.headers() | {"retry-after": str(max(1, ceil(allowance.seconds)))}
        if code == "insufficient_quota":
            # OpenAI's clients would try again within seconds; the day is longer.
            headers["x-should-retry"] = "false"
        return Refusal(429, sentence, code=code, headers=headers)
