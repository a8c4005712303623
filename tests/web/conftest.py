"""Browsers of the cast, on the Plaza's own host name, by the town's clock."""

import re
from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client
from tests.scenario import Town, sign_in

Browser = Callable[..., Client]
PLAZA = "plaza.localhost"
HARBOUR = "harbour.localhost"


@pytest.fixture
def browser(town: Town, monkeypatch: pytest.MonkeyPatch) -> Browser:
    """Give somebody's browser, signed in; with no name, a stranger's."""
    monkeypatch.setattr("wardmote.kernel.clock.now", lambda: town.now)
    # The limits on tries of sign-in live in the cache, and would be carried from test to test.
    cache.clear()

    def open_as(name: str = "", *, host: str = PLAZA, confirmed: bool = True, **options: bool) -> Client:
        client = Client(HTTP_HOST=host, **options)  # type: ignore[arg-type]
        if name:
            sign_in(client, town.people[name], confirmed=confirmed)
        return client

    return open_as


def said(html: str) -> str:
    """The words of a page, without its marks and with blanks made one."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())
