from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from tests.console.conftest import Browser
from tests.hosting.conftest import desk, log, site
from tests.hosting.desk import CONDITIONS, EFFECT, HEARD, Desk, recorded
from tests.scenario import Town
from tests.sheets import fill_in

from wardmote.hosting import queries
from wardmote.hosting.policy import ClockName, NoticeKind, Stage, Terms
from wardmote.journeys.hosts import suspend
from wardmote.ledger import VerifierKey
from wardmote.upstream import queries as upstream
from wardmote.upstream.policy import AnswerKind

__all__ = ["desk", "log", "site"]

TEXT = "I will be at your door on Friday, and you will be sorry."


@pytest.fixture
def heidi(desk: Desk, browser: Browser) -> Client:
    return browser("heidi", host="127.0.0.1")


def _letter(kind: str, **fields: str) -> dict[str, str]:
    letter = {"kind": kind, "words": "", "effect": EFFECT, "return_conditions": CONDITIONS, "hours": "", "do": "send"}
    return {**letter, **fields}


def _act(client: Client, case_id: int, name: str, form: Mapping[str, object]) -> Any:
    """Send one of the case's forms as the page that is there now carries it."""
    page = f"/host/cases/{case_id}"
    return client.post(f"{page}/do/{name}", fill_in(client, page, form))


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
    letter = f"/host/cases/{case_id}/letter"
    answer = heidi.post(letter, fill_in(heidi, letter, _letter("notice", return_conditions="")))
    page = answer.content.decode()

    assert answer.status_code == 422
    assert "A letter is not sent without the conditions for return." in page
    assert EFFECT in page
    assert desk.view(case_id).notices == ()


def test_a_letter_is_previewed_and_sent(desk: Desk, heidi: Client) -> None:
    """What is previewed names the clause and the post; what is sent moves the case when it is delivered."""
    case_id = desk.open([(desk.publish("bob", TEXT), TEXT)])
    preview = heidi.post(f"/host/cases/{case_id}/letter", _letter("notice", do="preview")).content.decode()
    letter = f"/host/cases/{case_id}/letter"
    sent = heidi.post(letter, fill_in(heidi, letter, _letter("notice")))
    desk.pass_time(seconds=2)

    assert "2.1 No threats" in preview
    assert CONDITIONS in preview
    assert sent.status_code == 302
    assert desk.stage(case_id) is Stage.NOTIFIED


def test_the_ladder_says_what_its_next_step_lacks(desk: Desk, heidi: Client) -> None:
    """An unmet precondition is a line of the checklist, and a step taken all the same is refused by its name."""
    case_id = desk.open([(desk.publish("bob", TEXT), TEXT)])
    page = heidi.get(f"/host/cases/{case_id}").content.decode()
    refused = _act(heidi, case_id, "move", {"to": "recheck", "reason": "Soon."})

    assert "A notice must be delivered." in page
    assert refused.status_code == 403
    assert desk.stage(case_id) is Stage.OPEN


def test_a_proposal_out_of_turn_names_what_is_missing_and_keeps_what_was_typed(desk: Desk, heidi: Client) -> None:
    """The desk shows the machine's refusal in full."""
    case_id = desk.open([(desk.publish("bob", TEXT), TEXT)])
    desk.send(case_id, NoticeKind.NOTICE)
    desk.pass_time(seconds=2)
    form = {"reasons": "It stands.", "effect": EFFECT, "return_conditions": CONDITIONS, "data_plan": "Kept."}
    answer = _act(heidi, case_id, "propose", form)

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


def _policy(**fields: str) -> dict[str, str]:
    """A version with one clause and the usual clocks, as the page sends it."""
    clause = {"key": "3.1", "title": "No arson", "text": "Call for no fires.", "category": "violence.incitement"}
    terms = {f"terms-{name}": str(hours) for name, hours in asdict(Terms()).items()}
    typed = {f"clause0-{name}": value for name, value in (clause | {"severity": "4"}).items()}
    return {"title": "Acceptable use", "rows": "2", **typed, **terms, **fields}


def test_heidi_publishes_a_version_of_the_policy(desk: Desk, heidi: Client) -> None:
    """It begins from the version in force; the customer is asked to accept it, and the record has its hash."""
    page = heidi.get("/host/policy").content.decode()
    answer = heidi.post("/host/policy", _policy(**{"terms-cure": "96"}))
    policy = queries.acceptable_use()
    asked = upstream.host_policy(community_id=desk.town.plaza)

    assert 'value="2.1"' in page
    assert "A new version after version 1" in page
    assert answer.status_code == 302
    assert policy is not None
    assert asked is not None
    assert (policy.number, policy.terms.cure) == (2, 96)
    assert [(c.key, c.cure_hours) for c in policy.clauses] == [("3.1", 24)]
    assert (asked.number, asked.accepted_at) == (2, None)
    assert len(recorded("acceptable_use.published")) == 2


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"clause0-text": ""}, "This field is required."),
        ({"clause0-key": "not an id!"}, "an id is 1 to 16 letters, digits, dots or dashes"),
        ({"clause0-key": "", "clause0-title": "", "clause0-text": ""}, "needs at least one clause"),
        ({"terms-reply": "3"}, "lie at least 24 hours"),
        ({"rows": "999999"}, "rows"),
    ],
)
def test_a_policy_that_no_notice_could_cite_comes_back_as_typed(
    desk: Desk, heidi: Client, fields: dict[str, str], sentence: str
) -> None:
    """What is wrong is said, nothing is published."""
    answer = heidi.post("/host/policy", _policy(**fields))

    assert answer.status_code == 422
    assert sentence in unescape(answer.content.decode())
    assert queries.acceptable_use().number == 1  # type: ignore[union-attr]


def _due(desk: Desk, case_id: int) -> dict[ClockName, datetime]:
    return {clock.name: clock.due_at for clock in desk.view(case_id).clocks if clock.due_at is not None}


def test_an_outage_moves_the_customers_deadlines(desk: Desk, heidi: Client) -> None:
    """Noted once, it gives the time back; the same time a second time is refused and said."""
    case_id = desk.open([(desk.publish("bob", TEXT), TEXT)])
    desk.send(case_id, NoticeKind.NOTICE)
    desk.pass_time(hours=5)
    before = _due(desk, case_id)
    times = {
        "started_at": (desk.now - timedelta(hours=3)).strftime("%Y-%m-%d %H:%M:%S"),
        "ended_at": (desk.now - timedelta(hours=1)).strftime("%Y-%m-%d %H:%M:%S"),
        "reason": "A cable was cut.",
    }
    noted = heidi.post("/host/outages", times)
    again = heidi.post("/host/outages", times)
    after = _due(desk, case_id)

    assert noted.status_code == 302
    assert again.status_code == 422
    assert "noted as an outage already" in unescape(again.content.decode())
    assert "A cable was cut." in heidi.get("/host/outages").content.decode()
    assert after[ClockName.ACKNOWLEDGE] - before[ClockName.ACKNOWLEDGE] == timedelta(hours=2)
    assert len(recorded("outage.noted")) == 1


def test_an_outage_is_typed_as_a_time(desk: Desk, heidi: Client) -> None:
    """What is no time is said at its field."""
    answer = heidi.post("/host/outages", {"started_at": "yesterday", "ended_at": "", "reason": "x"})

    assert answer.status_code == 422
    assert "Enter a valid date/time." in answer.content.decode()


def test_a_community_elsewhere_is_enrolled(desk: Desk, heidi: Client) -> None:
    """Name, short name, address and key; a wrong key is refused at its field."""
    key = str(VerifierKey("elsewhere.example/record", bytes(range(32))))
    form = {"name": "Far Away", "slug": "far", "base_url": desk.site.url(""), "key": key}
    wrong = heidi.post("/host/customers/elsewhere", form | {"key": "none"})
    done = heidi.post("/host/customers/elsewhere", form)
    listed = heidi.get("/host/customers").content.decode()

    assert wrong.status_code == 422
    assert "This is not the public key of a log" in unescape(wrong.content.decode())
    assert done.status_code == 302
    assert "Far Away" in listed
    assert desk.site.url("").rstrip("/") in listed
    assert len(recorded("customer.enrolled")) == 2


def test_without_a_policy_the_desk_leads_to_publishing_one(town: Town, browser: Browser) -> None:
    """Before the first policy nothing can be asked of anybody: the front says so, and where to go."""
    page = browser("heidi", host="127.0.0.1").get("/host/").content.decode()

    assert "No policy has been published." in page
    assert 'href="/host/policy"' in page


def test_a_preview_refuses_what_sending_refuses(desk: Desk, heidi: Client) -> None:
    """One hour is too short for a notice, in both; and a letter of one hour says "1 hour"."""
    case_id = desk.open([(desk.publish("bob", TEXT), TEXT)])
    address = f"/host/cases/{case_id}/letter"
    answers = [
        heidi.post(address, fill_in(heidi, address, _letter("notice", hours="1", do=do))) for do in ("preview", "send")
    ]
    nothing_sent = desk.view(case_id).notices
    desk.send(case_id, NoticeKind.NOTICE)
    desk.pass_time(seconds=2)
    reminder = unescape(heidi.post(address, _letter("reminder", hours="1", do="preview")).content.decode())

    assert [answer.status_code for answer in answers] == [422, 422]
    assert all("The deadline of this letter is at least 4 hours" in answer.content.decode() for answer in answers)
    assert "Answer within 1 hour of the delivery" in reminder
    assert nothing_sent == ()


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [("warning", "The ladder has no step from “Open” to “Warned”."), ("reminder", "There is nothing to remind of")],
)
def test_a_letter_out_of_turn_is_not_previewed_either(desk: Desk, heidi: Client, kind: str, wrong: str) -> None:
    """Whoever reads a preview may send it: a letter whose step is not due is refused in both, in the same words."""
    case_id = desk.open([(desk.publish("bob", TEXT), TEXT)])
    address = f"/host/cases/{case_id}/letter"
    answers = [heidi.post(address, fill_in(heidi, address, _letter(kind, do=do))) for do in ("preview", "send")]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert all(wrong in unescape(answer.content.decode()) for answer in answers)


def test_what_must_be_filled_in_is_marked(desk: Desk, heidi: Client) -> None:
    """Effect and conditions are marked as required, for eyes and for screen readers; the words are not."""
    case_id = desk.open([(desk.publish("bob", TEXT), TEXT)])
    page = heidi.get(f"/host/cases/{case_id}/letter").content.decode()
    fields = {name: page.split(f'name="{name}"')[1].split(">")[0] for name in ("words", "effect", "return_conditions")}

    assert {name: 'aria-required="true"' in field for name, field in fields.items()} == {
        "words": False,
        "effect": True,
        "return_conditions": True,
    }
    assert page.count("(required)") == 2


def test_a_young_case_says_that_nobody_can_be_suspended_yet(desk: Desk, heidi: Client) -> None:
    """From its first letter on a case lists the eleven preconditions and says how many are missing."""
    case_id = desk.open([(desk.publish("bob", TEXT), TEXT)])
    desk.send(case_id, NoticeKind.NOTICE)
    desk.pass_time(seconds=2)
    page = heidi.get(f"/host/cases/{case_id}").content.decode()

    assert "The customer cannot be suspended yet: " in page
    assert "By hand" not in page
    assert "Withdraw this post: it was reported in error" in page


def test_a_case_that_is_over_is_not_looked_at(desk: Desk, heidi: Client) -> None:
    """A claim plans looks; once the post is withdrawn and the case closed none is stored, and none offered."""
    case_id = desk.open([(desk.publish("bob", TEXT), TEXT)])
    desk.send(case_id, NoticeKind.NOTICE)
    desk.pass_time(seconds=2)
    desk.answer(0, AnswerKind.REMOVED)
    desk.pass_time(seconds=2)
    (item,) = desk.view(case_id).items
    before = len(item.checks)
    _act(heidi, case_id, "take-back", {"item_id": item.item_id, "reason": "In error."})
    _act(heidi, case_id, "move", {"to": "closed", "reason": "Nothing is left."})
    desk.pass_time(hours=3)
    page = heidi.get(f"/host/cases/{case_id}").content.decode()

    assert desk.stage(case_id) is Stage.CLOSED
    assert before >= 1
    assert len(desk.view(case_id).items[0].checks) == before == len(recorded("host_item.checked"))
    assert "The customer says:" in page
    assert "the last: still up" in page
    assert "Look again now" not in page


def test_nobody_signs_what_they_did_not_read(desk: Desk, browser: Browser) -> None:
    """Ivan reads a proposal; it is taken back and another is made. His old page signs neither, and says so; the new
    one does, and each signature is on the record."""
    case_id = desk.bring_to_restricted(TEXT)
    desk.look(case_id)
    desk.record_evidence(case_id, *HEARD)
    first = desk.propose(case_id)
    ivan = browser("ivan", host="127.0.0.1")
    old = fill_in(ivan, f"/host/cases/{case_id}", {})
    suspend.withdraw(staff_id=desk.staff("judy"), proposal_id=first, reason="Too broad.", now=desk.now)
    desk.propose(case_id)
    stale = ivan.post(f"/host/cases/{case_id}/do/sign", old)
    unread = ivan.post(f"/host/cases/{case_id}/do/sign", {})
    none_yet = recorded("host_proposal.approved")
    signed = _act(ivan, case_id, "sign", {})

    assert [stale.status_code, unread.status_code, signed.status_code] == [409, 409, 302]
    assert "The case has changed since you opened this page." in stale.content.decode()
    assert none_yet == []
    assert len(recorded("host_proposal.approved")) == 1


def test_a_letter_is_sent_about_the_case_that_was_read(desk: Desk, heidi: Client) -> None:
    """Alice answers while Heidi writes: the letter does not leave, and what Heidi typed stays."""
    case_id = desk.open([(desk.publish("bob", TEXT), TEXT)])
    desk.send(case_id, NoticeKind.NOTICE)
    desk.pass_time(seconds=2)
    letter = f"/host/cases/{case_id}/letter"
    typed = fill_in(heidi, letter, _letter("reminder", words="Nothing has come from you."))
    desk.answer(0, AnswerKind.NEEDS_TIME, "Give us a day.")
    desk.pass_time(seconds=2)
    refused = heidi.post(letter, typed)

    assert refused.status_code == 409
    assert "Nothing has come from you." in refused.content.decode()
    assert len(desk.view(case_id).notices) == 1


def test_a_signature_asks_for_the_password_again(desk: Desk, heidi: Client) -> None:
    """A browser that was left open does not bind a community."""
    case_id = desk.open([(desk.publish("bob", TEXT), TEXT)])
    session = heidi.session
    session["account_authentication_methods"] = []
    session.save()
    answers = [_act(heidi, case_id, name, {}) for name in ("propose", "sign", "carry-out", "terminate", "reinstate")]

    assert {answer.status_code for answer in answers} == {302}
    assert all("/accounts/reauthenticate/" in answer.headers["Location"] for answer in answers)
