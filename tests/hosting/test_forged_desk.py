"""The host's desk, and what a community keeps of its host, forged in the tables: named."""

from datetime import timedelta

from django.db.models import F
from tests.hosting.desk import Desk
from tests.record.forging import Forgery, unseen

from wardmote.config.tables import compare
from wardmote.hosting.models import (
    Acceptance,
    Approval,
    Case,
    Check,
    Clause,
    Clock,
    Customer,
    Dispute,
    Evidence,
    Item,
    Notice,
    Outage,
)
from wardmote.hosting.policy import NoticeKind
from wardmote.journeys.hosts import cases
from wardmote.record.models import KnownKey
from wardmote.upstream.models import Answer as Given
from wardmote.upstream.models import Host, HostPolicy
from wardmote.upstream.models import Item as Asked
from wardmote.upstream.models import Notice as Received
from wardmote.upstream.policy import AnswerKind

DAY = timedelta(days=1)


def test_forgeries_at_the_hosts_desk_are_named(desk: Desk) -> None:
    """A whole ladder is no difference; forged clocks, dates, persons, checks, clauses and customers are named."""
    disputed = desk.open([(desk.publish("carol", "Elsewhere."), "Elsewhere.")])
    desk.send(disputed, NoticeKind.NOTICE)
    desk.pass_time(seconds=2)
    desk.answer(0, AnswerKind.DISPUTED, "It is a line from a song.")
    desk.pass_time(seconds=2)
    item = Item.objects.get(case=disputed)
    cases.decide_dispute(
        staff_id=desk.staff("ivan"), case_id=disputed, item_id=item.pk, upheld=True, reason="So it is.", now=desk.now
    )
    desk.bring_to_suspended("I will be at your door.")
    judy, now = desk.staff("judy"), desk.now
    check = Check.objects.all()[0]
    invented = {"item": check.item, "at": now, "finding": check.finding, "why": "", "body_hash": ""}
    outage = {"started_at": now - DAY, "ended_at": now, "reason": "x", "noted_at": now, "noted_by_id": judy}
    forgeries: list[Forgery] = [
        ("clocks deleted", Clock.objects.all().delete, "clocks is not"),
        ("clocks set back", lambda: Clock.objects.update(started_at=F("started_at") - DAY), "clocks is not"),
        ("clocks ended", lambda: Clock.objects.filter(ended_at=None).update(ended_at=now), "clocks is not"),
        ("delivered earlier", lambda: Notice.objects.update(delivered_at=F("issued_at") - DAY), "delivered_at is not"),
        ("another deadline", lambda: Notice.objects.update(deadline=F("deadline") - DAY), "deadline is not"),
        ("opened earlier", lambda: Case.objects.update(opened_at=F("opened_at") - DAY), "opened_at is not"),
        ("entered earlier", lambda: Case.objects.update(entered_at=F("entered_at") - DAY), "entered_at is not"),
        ("opened by another", lambda: Case.objects.update(opened_by=judy), "actor is not"),
        ("extended", lambda: Case.objects.update(extended_at=now), "extended_at is not"),
        ("return proven", lambda: Case.objects.update(return_proven_at=now), "return_proven_at is not"),
        ("no customer's community", lambda: Customer.objects.update(community=desk.town.harbour), "community is not"),
        ("a clause", lambda: Clause.objects.update(text="Anything."), "clauses is not"),
        ("clauses deleted", lambda: Clause.objects.exclude(items__isnull=False).delete(), "clauses is not"),
        ("an invented check", lambda: Check.objects.create(**invented), "checks is not"),
        ("a lost check", Check.objects.all().delete, "checks is not"),
        ("an invented outage", lambda: Outage.objects.create(**outage), "outages: "),
        ("seen by another", lambda: Item.objects.update(captured_by=judy), "actor is not"),
        ("seen earlier", lambda: Item.objects.update(captured_at=F("captured_at") - DAY), "captured_at is not"),
        ("accepted earlier", lambda: Acceptance.objects.update(accepted_at=F("accepted_at") - DAY), "accepted_at is"),
        ("another's evidence", lambda: Evidence.objects.update(recorded_by=judy), "actor is not"),
        ("another approver", lambda: Approval.objects.filter(approver=judy).delete(), "approvals is not"),
        ("another reader", lambda: Dispute.objects.update(decided_by=judy), "decider is not"),
    ]

    assert compare().differences == []
    assert unseen(forgeries) == []


def test_forgeries_of_what_came_from_the_host_are_named(desk: Desk) -> None:
    """Who hosts, under which key, its letters' dates and posts, and what was answered: forged, they are named."""
    text = "I will be at your door."
    case_id = desk.open([(desk.publish("bob", text), text)])
    desk.send(case_id, NoticeKind.NOTICE)
    desk.pass_time(seconds=2)
    desk.answer(0, AnswerKind.NEEDS_TIME, "Give us a week.")
    desk.pass_time(seconds=2)
    key = {"name": "evil.example", "key": "evil.example+1+x", "public": "0" * 64, "state": "current", "since": desk.now}
    elsewhere = {"base_url": "https://evil.example", "origin": "evil.example", "key": "evil.example+1+x"}
    forgeries: list[Forgery] = [
        ("another host", lambda: Host.objects.update(**elsewhere), "base_url is not"),
        ("no host", Host.objects.all().delete, "(upstream_host.named) tells of row"),
        ("a planted key", lambda: KnownKey.objects.create(**key), "known keys: "),
        ("overruled", lambda: Received.objects.update(overruled_at=desk.now), "overruled_at is not"),
        ("another deadline", lambda: Received.objects.update(deadline=F("deadline") - DAY), "deadline is not"),
        ("another case", lambda: Received.objects.update(host_case="urn:wardmote:host_case:1"), "case is not"),
        ("under a key", lambda: Received.objects.update(key="evil.example+1+x"), "key is not"),
        ("another's letter", lambda: Received.objects.update(community=desk.town.harbour), "community is not"),
        ("another reason", lambda: Received.objects.update(reason="x"), "reason is not"),
        ("another address", lambda: Asked.objects.update(url="https://evil.example"), "url is not"),
        ("another capture", lambda: Asked.objects.update(capture="Worse."), "capture is not"),
        ("answered earlier", lambda: Given.objects.update(given_at=F("given_at") - DAY), "given_at is not"),
        ("answered by nobody", lambda: Given.objects.update(given_by=None), "actor is not"),
        ("accepted earlier", lambda: HostPolicy.objects.update(accepted_at=F("accepted_at") - DAY), "accepted_at is"),
        ("under another key", lambda: HostPolicy.objects.update(key="evil.example+1+x"), "key is not"),
    ]

    assert compare().differences == []
    assert unseen(forgeries) == []
