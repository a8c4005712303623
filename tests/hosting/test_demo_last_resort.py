"""The demonstration's third host case: it waits for a second signature, and says what a suspension still lacks."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.test import Client
from tests.scenario import PASSWORD

from wardmote.config.demo import host_case, last_resort, terrace
from wardmote.config.tables import compare
from wardmote.hosting import queries
from wardmote.hosting.policy import Finding, ItemStatus, NoticeKind, Precondition, Stage
from wardmote.hosting.policy.kinds import ClockName
from wardmote.journeys.operator import mark_demo
from wardmote.journeys.operator.create_login import create_login, give_password
from wardmote.journeys.steps.pace import unhurried
from wardmote.kernel import clock
from wardmote.kernel.urn import Urn
from wardmote.record import engine
from wardmote.record import queries as record

HOST = "127.0.0.1"


@dataclass
class Slide:
    """The Terrace, its host's case, and when it was loaded."""

    case_id: int
    now: datetime

    @property
    def view(self) -> queries.CaseView:
        view = queries.case(case_id=self.case_id, now=self.now)
        assert view is not None
        return view

    def lacking(self, now: datetime) -> set[Precondition]:
        view = queries.case(case_id=self.case_id, now=now)
        assert view is not None
        return {met.precondition for met in view.preconditions if not met.met}


@pytest.fixture
def slide(db: None) -> Slide:
    now = clock.now()
    mark_demo.mark_demo(now=now)
    with unhurried():
        staff = ("heidi", "ivan", "judy")
        people = {
            name: create_login(email=f"{name}@example.org", password=None, is_host_staff=name in staff, now=now)
            for name in (*terrace.CAST, *staff)
        }
        give_password(person_ids=people.values(), password=PASSWORD)
        stand, rupert, loud = terrace.settle(people, now=now)
        customers = host_case.found_host(people["heidi"], {stand: rupert}, now=now - timedelta(days=30))
        who = last_resort.Staff(opens=people["heidi"], signs=people["ivan"])
        case_id = last_resort.let_slide(who, customers[stand], stand, rupert, loud, now=now)
    return Slide(case_id, now)


def desk_of(name: str) -> Client:
    client = Client(headers={"host": HOST})
    client.post("/accounts/login/", {"login": f"{name}@example.org", "password": PASSWORD})
    return client


def test_the_case_went_up_the_whole_ladder(slide: Slide) -> None:
    """Four letters and a proposal, each delivered when its step was due; both posts seen standing by real looks."""
    view = slide.view
    kinds = [letter.kind for letter in view.notices]

    assert view.stage is Stage.SUSPENSION_PROPOSED
    assert sorted(kinds) == sorted(
        (NoticeKind.NOTICE, NoticeKind.REMINDER, NoticeKind.WARNING, NoticeKind.RESTRICTION, NoticeKind.PROPOSAL)
    )
    assert [item.status for item in view.items] == [ItemStatus.STILL_UP, ItemStatus.STILL_UP]
    for item in view.items:
        assert len(item.checks) == 4
        assert {check.finding for check in item.checks} == {Finding.UP}
        assert {check.http_status for check in item.checks} == {200}


def test_it_lacks_evidence_a_clock_and_a_signature(slide: Slide) -> None:
    """Rupert spoke after his answers were assessed, his time to reply runs, and one of two has signed; in three hours
    the look at the posts is stale as well."""
    view = slide.view

    assert slide.lacking(slide.now) == {Precondition.ANSWERS, Precondition.APPROVERS}
    assert Precondition.RECHECK in slide.lacking(slide.now + timedelta(hours=3))
    assert view.proposal is not None
    assert view.proposal.approvals == 1


def test_the_second_signer_finds_it_on_the_desk(slide: Slide) -> None:
    """Judy is told on her desk; the case says "suspend" and what that lacks, and lets her sign."""
    judy = desk_of("judy")
    desk = judy.get("/host/").content.decode()
    page = judy.get(f"/host/cases/{slide.case_id}").content.decode()
    others = [desk_of(name).get("/host/").content.decode() for name in ("heidi", "ivan")]

    assert "Waits for your signature" in desk
    assert not any("Waits for your signature" in other for other in others)
    assert "Suspend now" in page
    assert "an answer came in after they were assessed" in page
    assert "1 of 2 approved" in page
    assert ">Sign</button>" in page


def test_the_list_tells_what_runs_out_next(slide: Slide) -> None:
    """Rupert's time to reply, not the time to cure that is long over; and no letter is offered that is not due."""
    (row,) = queries.cases(now=slide.now)
    composer = desk_of("judy").get(f"/host/cases/{slide.case_id}/letter").content.decode()

    assert row.clock is not None
    assert row.clock.name is ClockName.REPLY
    assert '<option value="reminder" selected>' in composer


def test_nothing_on_the_record_is_out_of_place(slide: Slide) -> None:
    """The record holds each look and the one signature and verifies, and the tables show what was committed."""
    while engine.sequence(clock.now()):
        pass
    verbs = [entry.verb for entry in record.entries_about(Urn("host_case", slide.case_id))]

    assert not record.audit().faults
    assert compare().differences == []
    assert "host_case.suspension_proposed" in verbs
