"""Letters that a mail server did not take, at the desk and on the member's own page."""

from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from tests.console.conftest import Browser
from tests.scenario import HELD, Town, run_jobs

from wardmote.jobs import operations as jobs
from wardmote.jobs.models import Job
from wardmote.jobs.policy import State
from wardmote.jobs.queries import counts
from wardmote.notices.models import Delivery
from wardmote.outside import mail


class Transport:
    """A mail server that is away, refuses, or takes everything."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.error: Exception | None = mail.NotTaken("ConnectionRefusedError: <bob@example.org> nobody there")
        self.taken: list[str] = []
        monkeypatch.setattr(mail, "send", self.send)

    def send(self, message: EmailMessage) -> mail.Sent:
        if self.error is not None:
            raise self.error
        self.taken.append(message.to[0])
        return mail.Sent("<1@example.org>", "0" * 64, "250 Ok")


@pytest.fixture
def transport(monkeypatch: pytest.MonkeyPatch) -> Transport:
    return Transport(monkeypatch)


def _work_for(town: Town, span: timedelta) -> None:
    """Let time pass from one job to the next."""
    end = town.now + span
    while town.now < end:
        run_jobs(town.now)
        waiting = Job.objects.filter(state=State.READY.value).order_by("run_at").values_list("run_at", flat=True)
        town.now = min(waiting.first() or end, end)


def _letter_of_bob(town: Town, browser: Browser) -> tuple[str, str]:
    bob = browser("bob")
    address = bob.get("/notices").content.decode().split('href="/notices/')[1].split('"')[0]
    return address, bob.get(f"/notices/{address}").content.decode()


def test_mail_outlives_a_server_that_is_away_for_two_days(town: Town, browser: Browser, transport: Transport) -> None:
    """Bob's letter is tried at last once an hour, is on his page meanwhile, and arrives once the server is back."""
    town.post("bob", HELD)
    _work_for(town, timedelta(days=2))
    page = _letter_of_bob(town, browser)[1]
    desk = browser("dave").get("/console/letters").content.decode()
    transport.error = None
    _work_for(town, timedelta(hours=2))

    assert "on its way" in page
    assert "tried again" in desk
    assert "address&gt;&gt; nobody there" in desk
    assert "bob@example.org" not in desk
    assert transport.taken == ["bob@example.org"]
    assert town.verbs()[-1] == "notice.delivered"
    assert counts()[State.FAILED] == 0


def test_what_is_given_up_is_said_at_the_desk_and_can_be_sent_again(
    town: Town, browser: Browser, transport: Transport
) -> None:
    """After three days it is given up, with an entry; Dave reads why, and sends it again once the server is back."""
    town.post("bob", HELD)
    _work_for(town, timedelta(days=3, hours=6))
    given_up = town.verbs()[-1]
    page = _letter_of_bob(town, browser)[1]
    dave = browser("dave")
    queue, desk = (dave.get(path).content.decode() for path in ("/console/", "/console/letters"))
    transport.error = None
    dave.post("/console/letters/retry")
    again = dave.post("/console/letters/retry", follow=True).content.decode()
    run_jobs(town.now)
    empty = dave.get("/console/letters").content.decode()

    assert given_up == "notice.failed"
    assert "could not be delivered" in page
    assert "1 letter could not be delivered by mail" in queue
    assert "given up" in desk
    assert "@bob" in desk
    assert "0 letters are on their way again" in again
    assert transport.taken == ["bob@example.org"]
    assert town.verbs()[-2:] == ["notice.retried", "notice.delivered"]
    assert "Every letter has arrived" in empty


def test_an_address_that_the_server_refuses_is_given_up_at_once(
    town: Town, browser: Browser, transport: Transport
) -> None:
    """A recipient who does not exist will not exist tomorrow: told after one try, and no other desk is told."""
    transport.error = mail.Refused("550 nobody here by that name")
    town.post("bob", HELD)
    run_jobs(town.now)

    delivery = Delivery.objects.get(channel="email")
    assert (delivery.state, delivery.tries, delivery.failed_at) == ("failed", 1, town.now)
    assert town.verbs()[-1] == "notice.failed"
    assert "550 nobody here" in browser("dave").get("/console/letters").content.decode()
    assert "550" not in browser("grace", host="harbour.localhost").get("/console/letters").content.decode()
    assert run_jobs(town.now + timedelta(days=1)) == 0


def test_a_try_that_was_overtaken_sends_nothing(town: Town, transport: Transport) -> None:
    """Two jobs for one letter, as a killed worker may leave them, do not become two mails or two rows of tries."""
    town.post("bob", HELD)
    run_jobs(town.now)
    delivery = Delivery.objects.get(channel="email")
    jobs.put("notices.deliver_email", delivery.pk, now=town.now)
    transport.error = None
    run_jobs(town.now)

    assert transport.taken == []
    run_jobs(town.pass_time(seconds=5))
    run_jobs(town.pass_time(seconds=5))
    assert transport.taken == ["bob@example.org"]
