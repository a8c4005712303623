"""Mail about a login, while the mail server is away."""

from datetime import timedelta

import pytest
from django.test import Client
from tests.console.test_letters import Transport, transport
from tests.scenario import Town, run_jobs

from wardmote.jobs.models import Job
from wardmote.outside import mail
from wardmote.people.models import LoginMail

__all__ = ["transport"]


def _asks_for_a_new_password(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wardmote.kernel.clock.now", lambda: town.now)
    Client(headers={"host": "plaza.localhost"}).post("/accounts/password/reset/", {"email": "bob@example.org"})
    assert LoginMail.objects.count() == 1


def test_it_arrives_minutes_after_the_server_is_back(
    town: Town, transport: Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bob waits for it now: after half an hour without a server the next try is at most five minutes away."""
    _asks_for_a_new_password(town, monkeypatch)
    for _ in range(60):
        run_jobs(town.now)
        town.pass_time(seconds=30)
    transport.error = None
    run_jobs(town.pass_time(minutes=5))

    assert transport.taken == ["bob@example.org"]
    assert LoginMail.objects.count() == 0


@pytest.mark.parametrize("error", [mail.NotTaken("nobody there"), mail.Refused("550 nobody here")])
def test_it_is_thrown_away_when_it_can_be_of_no_use(
    town: Town, transport: Transport, monkeypatch: pytest.MonkeyPatch, error: mail.NotTaken
) -> None:
    """After a day, or once the address was refused for good, nothing of it is kept and nothing is tried."""
    transport.error = error
    _asks_for_a_new_password(town, monkeypatch)
    run_jobs(town.now)
    if not isinstance(error, mail.Refused):
        run_jobs(town.pass_time(days=1))

    assert LoginMail.objects.count() == 0
    assert not Job.objects.filter(state="ready").exists()
    assert run_jobs(town.now + timedelta(days=1)) == 0
