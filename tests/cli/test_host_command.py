"""Whoever runs the installation says who works for the host."""

import pytest
from django.test import Client
from tests.scenario import Town, sign_in

from wardmote.config import tables
from wardmote.edges.cli.main import main
from wardmote.kernel.urn import SYSTEM, Urn
from wardmote.people.queries import person_by_email
from wardmote.record import queries as record


@pytest.fixture(autouse=True)
def _by_the_towns_clock(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wardmote.kernel.clock.now", lambda: town.now)
    monkeypatch.setattr("wardmote.edges.cli.server.setup", lambda: None)


def _desk(town: Town, name: str) -> int:
    browser = Client(HTTP_HOST="localhost")
    sign_in(browser, town.people[name])
    return browser.get("/host/").status_code


def test_somebody_is_made_one_of_the_hosts_staff(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """Bob comes to the host's desk afterwards and not before; the operator's doing is on record."""
    before = _desk(town, "bob")
    status = main(["host", "add", "bob@example.org"])
    entry = record.history([Urn("person", town.people["bob"])])[-1]
    main(["host", "list"])

    assert (before, status, _desk(town, "bob")) == (403, 0, 200)
    assert (entry.verb, entry.actor, entry.values["host_staff"]) == ("person.host_staff_set", SYSTEM, True)
    assert "bob@example.org" in capsys.readouterr().out.splitlines()
    assert tables.compare().sound


def test_who_has_no_login_gets_one_without_a_password(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody can sign in as them before they have asked for a password by mail."""
    assert main(["host", "add", "olga@example.org"]) == 0
    main(["host", "list"])

    assert person_by_email(email="olga@example.org") is not None
    printed = capsys.readouterr().out
    assert "/accounts/password/reset/" in printed
    assert "olga@example.org  no password yet" in printed


def test_the_last_of_the_staff_stays(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """Bob is dismissed and sees nothing any more; the last one cannot be, nor somebody who is not of it."""
    main(["host", "add", "bob@example.org"])
    main(["host", "list"])
    staff = [line.split()[0] for line in capsys.readouterr().out.splitlines()[1:]]
    dismissed = [main(["host", "remove", email]) for email in staff]

    assert dismissed == [0] * (len(staff) - 1) + [1]
    assert "appoint somebody first" in capsys.readouterr().err
    assert main(["host", "remove", "carol@example.org"]) == 1
    assert main(["host", "remove", "nobody@example.org"]) == 1
    assert tables.compare().sound
