"""Browsers at the desk, on the Plaza's own host name, by the town's clock."""

from collections.abc import Callable

import pytest
from django.test import Client
from tests.moderation_api.conftest import ask, platform_key
from tests.moderation_api.test_webhook import platform
from tests.scenario import Town, sign_in

__all__ = ["Browser", "ask", "browser", "platform", "platform_key"]

Browser = Callable[..., Client]


@pytest.fixture
def browser(town: Town, monkeypatch: pytest.MonkeyPatch) -> Browser:
    """Give somebody's browser, signed in; with no name, a stranger's."""
    monkeypatch.setattr("wardmote.kernel.clock.now", lambda: town.now)

    def open_as(name: str = "", *, host: str = "plaza.localhost") -> Client:
        client = Client(HTTP_HOST=host)
        if name:
            sign_in(client, town.people[name])
        return client

    return open_as
