"""What a job puts is put once, also where its worker dies after putting it and before saying that it is done."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail as django_mail
from django.db import transaction

from wardmote.config.jobs import HANDLERS
from wardmote.jobs import engine, operations
from wardmote.jobs.engine import Handler, claims, worker
from wardmote.jobs.models import Job
from wardmote.jobs.policy import LEASE, State
from wardmote.outside import mail
from wardmote.people import operations as people
from wardmote.people.models import LoginMail

pytestmark = pytest.mark.django_db(transaction=True)
NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def die_before_saying_so(handlers: Mapping[str, Handler], *, now: datetime) -> None:
    """Carry out what is due, lose the worker before it has written down how that ended, and let the reaper see it."""
    for claim in claims.claim(holder="dave:1:dead", limit=10, now=now, lease=LEASE):
        worker.attempt(claim, handlers, now=now)
    seconds = 0.0
    reaper = claims.Reaper(LEASE, seconds=lambda: seconds)
    reaper.reap(now=now)
    seconds += LEASE.total_seconds()
    reaper.reap(now=now)


def put_next(number: int, *, now: datetime) -> None:
    """A job that asks for the next of its kind, in a transaction of its own, as retries and batches do."""
    with transaction.atomic(durable=True):
        operations.put("tests.next", number + 1, now=now, run_at=now + SECOND)


def test_the_next_try_is_put_once_where_the_worker_died_before_saying_so() -> None:
    """The job is done again by the next worker, and what it puts is there already."""
    handlers: dict[str, Handler] = {"tests.next": put_next}
    operations.put("tests.next", 0, now=NOON)
    die_before_saying_so(handlers, now=NOON)
    before = list(Job.objects.filter(args=[1]).values_list("run_at", flat=True))
    engine.run_due(handlers, now=NOON)

    assert before == [NOON + SECOND]
    assert list(Job.objects.filter(args=[1]).values_list("run_at", flat=True)) == before
    assert Job.objects.get(args=[0]).state == State.DONE


def test_two_jobs_that_ask_for_the_same_are_two() -> None:
    """Only what the same job asks for again is the same: Alice's retry and Bob's are two, and so are two in one job."""

    def twice(*, now: datetime) -> None:
        operations.put("tests.next", 7, now=now, run_at=now + SECOND)
        operations.put("tests.next", 8, now=now, run_at=now + SECOND)

    for _ in range(2):
        operations.put("tests.twice", now=NOON)
    engine.run_due({"tests.twice": twice}, now=NOON)

    assert Job.objects.filter(args=[7]).count() == 2
    assert Job.objects.filter(args=[8]).count() == 2


def test_one_job_puts_a_series_and_puts_it_once() -> None:
    """A series of looks is three of the same job at different times; done again, they are the same three."""

    def series(*, now: datetime) -> None:
        for number in range(3):
            operations.put("tests.look", 7, now=now, run_at=now + number * SECOND)

    operations.put("tests.series", now=NOON)
    die_before_saying_so({"tests.series": series}, now=NOON)
    before = sorted(Job.objects.filter(name="tests.look").values_list("run_at", flat=True))
    engine.run_due({"tests.series": series, "tests.look": lambda _item, *, now: None}, now=NOON)

    assert before == [NOON, NOON + SECOND, NOON + 2 * SECOND]
    assert sorted(Job.objects.filter(name="tests.look").values_list("run_at", flat=True)) == before


def test_what_nobody_works_on_can_be_asked_for_again() -> None:
    """Outside of a job, the same thing asked for twice is two jobs."""
    for _ in range(2):
        operations.put("tests.next", 1, now=NOON)

    assert Job.objects.count() == 2


def test_a_code_that_cannot_be_mailed_yet_is_tried_again_by_one_job(monkeypatch: pytest.MonkeyPatch) -> None:
    """Carol asks for a code while the mail server is away; a worker killed in the middle does not double the tries, so
    that she gets one mail and not two when it is back."""

    def away(_message: object) -> mail.Sent:
        raise mail.NotTaken("nobody is there")

    handlers = engine.resolve(HANDLERS)
    people.put_login_mail(subject="Your code", body="123 456", address="carol@example.org", now=NOON)
    monkeypatch.setattr(mail, "send", away)
    die_before_saying_so(handlers, now=NOON)
    engine.run_due(handlers, now=NOON)
    (letter,) = LoginMail.objects.values_list("pk", flat=True)

    assert Job.objects.filter(name="people.send_letter", args=[letter, 1]).count() == 1
    assert django_mail.outbox == []
