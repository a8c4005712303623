"""More passwords at once than may be hashed: a page says so, and keeps what was typed."""

from typing import Any

import pytest
from django.contrib.auth import hashers
from django.test import Client
from django.urls import reverse
from tests.scenario import PASSWORD, Town, sign_in

from wardmote.edges.web.crowded import NO_HASHING, hashes_password

MARKED: Any = {NO_HASHING: True}
"""How the front marks a request for which there was no place."""
TYPED = {
    "account_login": {"login": "{name}@example.org", "password": PASSWORD},
    "account_signup": {"email": "{name}@example.org", "password1": PASSWORD, "handle": "mallory_2", "accept": "on"},
}


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which of the functions that hash were called."""
    called: list[str] = []
    encode = hashers.MD5PasswordHasher.encode

    def note(self: hashers.MD5PasswordHasher, password: str, salt: str) -> str:
        called.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(hashers.MD5PasswordHasher, "encode", note)
    return called


@pytest.mark.parametrize("name", ["bob", "nobody"])
@pytest.mark.parametrize("address", TYPED)
def test_a_form_with_a_password_comes_back_as_it_was_typed(
    town: Town, hashed: list[str], address: str, name: str
) -> None:
    """503 and when to come back; all is there but the password; nothing was hashed, for a known address or another."""
    client = Client(headers={"host": "plaza.localhost"})
    typed = {field: value.format(name=name) for field, value in TYPED[address].items()}
    hashed.clear()
    answer = client.post(reverse(address), typed, **MARKED)
    page = answer.content.decode()

    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "Many passwords are being checked at this moment." in page
    assert f"{name}@example.org" in page
    assert PASSWORD not in page
    assert ("mallory_2" in page and "checked" in page) or "handle" not in typed
    assert hashed == []


def test_who_is_signed_in_is_told_the_same(town: Town, hashed: list[str]) -> None:
    """Asked for the password again, or for a new one, Bob gets the form back and stays who he is."""
    client = Client(headers={"host": "plaza.localhost"})
    sign_in(client, town.people["bob"])
    hashed.clear()
    fields = {"password": PASSWORD, "oldpassword": PASSWORD, "password1": "another long one", "next": "/settings"}
    answers = [
        client.post(reverse(address), fields, **MARKED)
        for address in ("account_reauthenticate", "account_change_password")
    ]

    assert [answer.status_code for answer in answers] == [503, 503]
    assert "/settings" in answers[0].content.decode()
    assert hashed == []


def test_every_address_that_takes_a_password_is_known_to_the_front() -> None:
    """By the address alone, before anybody looks who it is; what is only read hashes nothing."""
    key = {"uidb36": "1", "key": "set-password"}
    addresses = [
        *map(reverse, ("account_login", "account_signup", "account_reauthenticate", "account_change_password")),
        *map(reverse, ("account_set_password", "account_reset_password")),
        reverse("account_reset_password_from_key", kwargs=key),
    ]

    assert all(hashes_password("POST", address) for address in addresses)
    assert not any(hashes_password("GET", address) for address in addresses)
    assert not hashes_password("POST", reverse("account_logout"))
