import pytest
from django.test import Client
from tests.console.conftest import Browser
from tests.hosting.conftest import desk, log, site
from tests.hosting.desk import CONDITIONS, EFFECT, Desk

from wardmote.hosting import queries
from wardmote.hosting.policy import NoticeKind, Stage

__all__ = ["desk", "log", "site"]

TEXT = "I will be at your door on Friday, and you will be sorry."


@pytest.fixture
def heidi(desk: Desk, browser: Browser) -> Client:
    return browser("heidi", host="127.0.0.1")


def _letter(kind: str, **fields: str) -> dict[str, str]:
    letter = {"kind": kind, "words": "", "effect": EFFECT, "return_conditions": CONDITIONS, "hours": "", "do": "send"}
    return {**letter, **fields}


def test_heidi_opens_a_case_on_the_desk(desk: Desk, heidi: Client) -> None:
    """A case is opened about the posts that were filled in; empty rows count for nothing."""
    form = {
        "summary": "Threats",
        "post0-url": "http://plaza.localhost/@bob/1",
        "post0-clause": "2.1",
        "post0-capture": TEXT,
        "post1-url": "",
        "post1-clause": "",
        "post1-capture": "",
    }
    answer = heidi.post(f"/host/customers/{desk.plaza}/open", form)
    (row,) = queries.cases(now=desk.now)

    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/host/cases/{row.case_id}"
    assert "Threats" in heidi.get("/host/").content.decode()


def test_a_letter_is_refused_beside_the_field_it_lacks(desk: Desk, heidi: Client) -> None:
    """The linter's complaint stands at the field, and what was typed stays; nothing is sent."""
    case_id = desk.open([(desk.publish("bob", TEXT), TEXT)])
    answer = heidi.post(f"/host/cases/{case_id}/letter", _letter("notice", return_conditions=""))
    page = answer.content.decode()

    assert answer.status_code == 422
    assert "A letter is not sent without the conditions for return." in page
    assert EFFECT in page
    assert desk.view(case_id).notices == ()


def test_a_letter_is_previewed_and_sent(desk: Desk, heidi: Client) -> None:
    """What is previewed names the clause and the post; what is sent moves the case when it is delivered."""
    case_id = desk.open([(desk.publish("bob", TEXT), TEXT)])
    preview = heidi.post(f"/host/cases/{case_id}/letter", _letter("notice", do="preview")).content.decode()
    sent = heidi.post(f"/host/cases/{case_id}/letter", _letter("notice"))
    desk.pass_time(seconds=2)

    assert "2.1 No threats" in preview
    assert CONDITIONS in preview
    assert sent.status_code == 302
    assert desk.stage(case_id) is Stage.NOTIFIED


def test_the_ladder_says_what_its_next_step_lacks(desk: Desk, heidi: Client) -> None:
    """An unmet precondition is a line of the checklist, and a step taken all the same is refused by its name."""
    case_id = desk.open([(desk.publish("bob", TEXT), TEXT)])
    page = heidi.get(f"/host/cases/{case_id}").content.decode()
    refused = heidi.post(f"/host/cases/{case_id}/do/move", {"to": "recheck", "reason": "Soon."})

    assert "A notice must be delivered." in page
    assert refused.status_code == 403
    assert desk.stage(case_id) is Stage.OPEN


def test_a_proposal_out_of_turn_names_what_is_missing_and_keeps_what_was_typed(desk: Desk, heidi: Client) -> None:
    """The desk shows the machine's refusal in full."""
    case_id = desk.open([(desk.publish("bob", TEXT), TEXT)])
    desk.send(case_id, NoticeKind.NOTICE)
    desk.pass_time(seconds=2)
    form = {"reasons": "It stands.", "effect": EFFECT, "return_conditions": CONDITIONS, "data_plan": "Kept."}
    answer = heidi.post(f"/host/cases/{case_id}/do/propose", form)

    assert answer.status_code == 403
    assert "The ladder has no step from “Notified”" in answer.content.decode()


def test_the_desk_is_the_hosts_staffs_alone(desk: Desk, browser: Browser) -> None:
    """A stranger signs in, a member is refused, and on a community's domain there is no such desk."""
    case_id = desk.open([(desk.publish("bob", TEXT), TEXT)])
    addresses = ("/host/", "/host/customers", f"/host/cases/{case_id}", f"/host/cases/{case_id}/letter")
    stranger, alice = browser(host="127.0.0.1"), browser("alice", host="127.0.0.1")
    at_plaza = browser("heidi")

    for address in addresses:
        assert stranger.get(address).status_code == 302, address
        assert alice.get(address).status_code == 403, address
        assert at_plaza.get(address).status_code == 404, address
    assert alice.post(f"/host/cases/{case_id}/do/move", {"to": "rejected", "reason": "x"}).status_code == 403
    assert desk.stage(case_id) is Stage.OPEN
