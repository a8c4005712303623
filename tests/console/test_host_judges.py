"""What nobody of a community may decide is decided by its host, by the community's own rules, once it was asked."""

from html import unescape
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from tests.console.test_handed_home import _join
from tests.console.test_handed_on import EVERYBODY, _agree, _entries, _letters, _stranded
from tests.scenario import Town, run_jobs
from tests.sheets import fill_in
from tests.web.conftest import Browser, browser, said

from wardmote.communities.models import Membership
from wardmote.communities.policy import Action
from wardmote.config import tables
from wardmote.journeys.hosts import enrol
from wardmote.journeys.members import erase
from wardmote.kernel.urn import Urn
from wardmote.moderation.models import Appeal, Case, Decision, HandedOn
from wardmote.moderation.queries import host
from wardmote.network.models import Post
from wardmote.record import queries as record

__all__ = ["browser"]

HOST = "127.0.0.1"
BY_HOST = "The host of this server decided this, by the rules of The Plaza"
REASON = "It insults them all."


@pytest.fixture(autouse=True)
def hosted(town: Town) -> None:
    """This installation hosts the Plaza."""
    enrol.enrol_community(staff_id=town.people["heidi"], community_id=town.plaza, now=town.now)


def _asked(town: Town, browser: Browser, text: str = EVERYBODY, *, by: str = "erin") -> int:
    """A post of Bob's that names everybody who moderates was reported, and put before the host; gives its case."""
    case_id = _stranded(town, text)
    assert browser(by).post(f"/console/cases/{case_id}/hand-on").status_code == 302
    return case_id


def _staff(browser: Browser, name: str = "heidi") -> Client:
    return browser(name, host=HOST)


def _sheet(town: Town, client: Client, case_id: int, **typed: str) -> dict[str, object]:
    """The case's sheet as it is on the page now, filled in."""
    filled = {"action": "hide", "clause": str(town.clause("1.1").id), "reason": REASON, "days": "", **typed}
    return fill_in(client, f"/host/others/cases/{case_id}", filled)


def _decide(town: Town, client: Client, case_id: int, **typed: str) -> int:
    answer = client.post(f"/host/others/cases/{case_id}/decide", _sheet(town, client, case_id, **typed))
    assert answer.status_code == 302, said(answer.content.decode())
    return Decision.objects.latest("pk").pk


def _hear(client: Client, appeal_id: int, outcome: str = "reverse") -> Any:
    address = f"/host/others/appeals/{appeal_id}"
    typed = {"outcome": outcome, "reason": "It was fair comment."}
    return client.post(f"{address}/decide", fill_in(client, address, typed))


def _appealed(town: Town, name: str, decision_id: int) -> int:
    """The author appeals, and whoever is to hear it is looked for."""
    appeal_id = town.appeal(name, decision_id)
    run_jobs(town.pass_time(seconds=1))
    return appeal_id


def test_the_host_decides_what_nobody_there_may(town: Town, browser: Browser) -> None:
    """Heidi decides by the Plaza's rules; it is carried out there, and Bob and Carol read that it was the host."""
    case_id = _asked(town, browser)
    heidi = _staff(browser)
    desk = heidi.get("/host/").content.decode()
    page = said(heidi.get(f"/host/others/cases/{case_id}").content.decode())

    assert f'href="/host/others/cases/{case_id}"' in desk
    assert "The host judges this for The Plaza: nobody there may." in page
    assert "all of you lie" in page

    decision = Decision.objects.get(pk=_decide(town, heidi, case_id))
    entry = next(e for e in record.history([Urn("case", case_id)]) if e.verb == "case.decided")

    assert (decision.decided_by_id, decision.decided_by_staff_id) == (None, town.people["heidi"])
    assert (entry.actor, entry.values["judges"]) == (Urn("person", town.people["heidi"]), "host")
    assert Post.objects.latest("pk").visibility == "hidden"
    assert _entries(town, "case.") == ["carol: case.opened", "erin: case.handed_on", "person: case.decided"]
    for name in ("bob", "carol"):
        assert BY_HOST in _letters(town, name)[0][1], name
    assert BY_HOST in said(browser("bob").get(f"/why/{decision.pk}").content.decode())
    assert "/host/others/" not in heidi.get("/host/").content.decode()
    assert "This case is decided." in said(heidi.get(f"/host/others/cases/{case_id}").content.decode())
    assert tables.compare().differences == []


def test_the_host_reads_that_case_and_nothing_else(town: Town, browser: Browser) -> None:
    """What else Bob did there, and what happened around it, is not on the page; the moderators' pages are not there."""
    town.report("carol", town.post("bob", "Nine herons.").post_id)
    town.decide("dave", Action.LABEL, key="1.1", reason="Forty herons.")
    case_id = _asked(town, browser)
    page = _staff(browser).get(f"/host/others/cases/{case_id}").content.decode()
    found = host.host_case(person_id=town.people["heidi"], case_id=case_id)

    assert found is not None
    assert (found.case.earlier, found.case.timeline) == ((), ())
    assert "Seventeen lanterns" in page
    assert "herons" not in page
    assert _staff(browser).get(f"/console/cases/{case_id}").status_code == 404


def test_what_came_since_is_not_decided_blindly(town: Town, browser: Browser) -> None:
    """Another report comes in while Heidi writes: a 409 that says so, with what she typed, and nothing is decided."""
    case_id = _asked(town, browser)
    heidi = _staff(browser)
    sheet = _sheet(town, heidi, case_id)
    town.report("dave", Post.objects.latest("pk").pk)
    answer = heidi.post(f"/host/others/cases/{case_id}/decide", sheet)
    page = said(answer.content.decode())

    assert (answer.status_code, "New reports came in after you opened this page." in page) == (409, True)
    assert REASON in page
    assert _entries(town, "case.decided") == []


def test_of_two_who_decide_the_second_is_told(town: Town, browser: Browser) -> None:
    """Heidi and Ivan have the page before them; Heidi is first."""
    case_id = _asked(town, browser)
    heidi, ivan = _staff(browser), _staff(browser, "ivan")
    sheet = _sheet(town, ivan, case_id, action="remove")
    _decide(town, heidi, case_id)
    answer = ivan.post(f"/host/others/cases/{case_id}/decide", sheet)

    assert (answer.status_code, "This case is decided already." in said(answer.content.decode())) == (409, True)
    assert Decision.objects.get().action == "hide"
    assert _entries(town, "case.decided") == ["person: case.decided"]


def test_once_somebody_there_may_the_host_may_not(town: Town, browser: Browser) -> None:
    """Alice appoints Judy, who is not named, while Heidi writes: the case is the Plaza's again."""
    case_id = _asked(town, browser)
    heidi = _staff(browser)
    sheet = _sheet(town, heidi, case_id)
    _join(town, town.plaza, "judy", "judy", moderates_for="alice")
    answer = heidi.post(f"/host/others/cases/{case_id}/decide", sheet)

    assert answer.status_code == 409
    assert "This is not the host’s to decide any more" in said(answer.content.decode())
    assert heidi.get(f"/host/others/cases/{case_id}").status_code == 404
    assert f"/host/others/cases/{case_id}" not in heidi.get("/host/").content.decode()
    assert _entries(town, "case.decided") == []


def test_what_the_host_was_not_asked_about_is_not_there(town: Town, browser: Browser) -> None:
    """A case that waits at home, one that is next door, and one that there is none of: 404 to read and to decide."""
    waiting = _stranded(town)
    heidi = _staff(browser)
    form = {"action": "none", "clause": "", "reason": "", "days": ""}
    for case_id in (waiting, 1):
        assert heidi.get(f"/host/others/cases/{case_id}").status_code == 404
        assert heidi.post(f"/host/others/cases/{case_id}/decide", form).status_code == 404
    _agree(town)

    assert HandedOn.objects.get().to_id == town.harbour
    assert heidi.get(f"/host/others/cases/{waiting}").status_code == 404
    assert heidi.post(f"/host/others/cases/{waiting}/decide", form).status_code == 404
    assert heidi.get("/host/others/appeals/1").status_code == 404
    assert _entries(town, "case.decided") == []


def test_staff_who_are_part_of_it_may_not(town: Town, browser: Browser) -> None:
    """Ivan is named by his handle next door, and Heidi reported it as a member: Judy decides."""
    _join(town, town.harbour, "ivan", "ivanhoe")
    _join(town, town.plaza, "heidi", "heidi")
    case_id = _asked(town, browser, f"{EVERYBODY} And @ivanhoe.")
    town.report("heidi", Post.objects.latest("pk").pk)
    judy = _staff(browser, "judy")
    sheet = _sheet(town, judy, case_id)
    for name, why in (("ivan", "This names you"), ("heidi", "You reported this")):
        staff = _staff(browser, name)
        address = f"/host/others/cases/{case_id}"
        answers = [staff.get(address), staff.post(f"{address}/decide", sheet)]

        assert [(a.status_code, why in said(a.content.decode())) for a in answers] == [(403, True)] * 2, name
        assert all("lanterns" not in a.content.decode() for a in answers)
        assert address not in staff.get("/host/").content.decode()
    assert _entries(town, "case.decided") == []
    _decide(town, judy, case_id)
    assert Decision.objects.get().decided_by_staff_id == town.people["judy"]


def test_no_moderator_opens_the_hosts_page(town: Town, browser: Browser) -> None:
    """Erin, who asked, and Grace next door, who is not named, see nothing there: on no domain."""
    case_id = _asked(town, browser)
    sheet = _sheet(town, _staff(browser), case_id)
    address = f"/host/others/cases/{case_id}"
    for name in ("erin", "grace"):
        there = browser(name, host=HOST)
        answers = [there.get(address), there.post(f"{address}/decide", sheet)]

        assert [a.status_code for a in answers] == [403, 403], name
        assert all("Only the host's staff work at this desk." in unescape(a.content.decode()) for a in answers), name
        assert (
            browser(name, host=f"{'plaza' if name == 'erin' else 'harbour'}.localhost").get(address).status_code == 404
        )
    assert _entries(town, "case.decided") == []


def test_who_decides_shows_again_who_they_are(town: Town, browser: Browser) -> None:
    """A session that was left open is not enough, as it cannot be taken back."""
    case_id = _asked(town, browser)
    sheet = _sheet(town, _staff(browser), case_id)
    answer = browser("heidi", host=HOST, confirmed=False).post(f"/host/others/cases/{case_id}/decide", sheet)

    assert "reauthenticate" in answer.headers["Location"]
    assert _entries(town, "case.decided") == []


def test_an_appeal_is_heard_by_another_of_the_staff(town: Town, browser: Browser) -> None:
    """It goes to the host without being asked; Heidi decided and may not hear it, Ivan reverses, and it is undone."""
    decision_id = _decide(town, _staff(browser), _asked(town, browser), action="remove")
    appeal_id = _appealed(town, "bob", decision_id)
    heidi, ivan = _staff(browser), _staff(browser, "ivan")
    refused = heidi.get(f"/host/others/appeals/{appeal_id}")
    by_decider = _hear(heidi, appeal_id)
    page = said(ivan.get(f"/host/others/appeals/{appeal_id}").content.decode())

    assert (refused.status_code, by_decider.status_code) == (403, 403)
    assert "You have decided about this before" in said(by_decider.content.decode())
    assert f"/host/others/appeals/{appeal_id}" in ivan.get("/host/").content.decode()
    assert "I meant no harm." in page
    assert Post.objects.latest("pk").visibility == "removed"

    assert _hear(ivan, appeal_id).status_code == 302
    appeal = Appeal.objects.get()
    entry = next(e for e in record.history([appeal.urn]) if e.verb == "appeal.decided")
    assert (appeal.state, appeal.decided_by_staff_id) == ("reversed", town.people["ivan"])
    assert (entry.actor, entry.values["judges"]) == (Urn("person", town.people["ivan"]), "host")
    assert Post.objects.latest("pk").visibility == "public"
    assert BY_HOST in _letters(town, "bob")[0][1]
    assert _entries(town, "appeal.") == ["bob: appeal.filed", "system: appeal.handed_on", "person: appeal.decided"]
    assert _hear(ivan, appeal_id).status_code == 409
    assert tables.compare().differences == []


def test_the_database_holds_that_another_hears_it(town: Town, browser: Browser) -> None:
    """No row says that the same person decided and heard the appeal, or that two did, or nobody."""
    decision_id = _decide(town, _staff(browser), _asked(town, browser))
    _appealed(town, "bob", decision_id)
    heidi, dave = town.people["heidi"], town.members["dave"]
    for table, change in (
        (Appeal, {"decided_by_staff": heidi}),
        (Appeal, {"decided_by": dave, "decided_by_staff": town.people["ivan"]}),
        (Appeal, {"first_decider_staff": None}),
        (Decision, {"decided_by": dave}),
        (Decision, {"decided_by_staff": None}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            table.objects.update(**change)


def test_the_host_may_bind_the_owner(town: Town, browser: Browser) -> None:
    """Alice wrote it and names the others: Heidi suspends her, and her appeal goes to the host unasked."""
    town.report("carol", town.post("alice", "@dave and @erin are thieves.").post_id)
    case_id = Case.objects.get().pk
    assert browser("erin").post(f"/console/cases/{case_id}/hand-on").status_code == 302
    decision_id = _decide(town, _staff(browser), case_id, action="suspend", days="7")
    suspended = next(e for e in record.history([Urn("member", town.members["alice"])]) if e.verb == "member.suspended")
    appeal_id = _appealed(town, "alice", decision_id)

    assert suspended.actor == Urn("person", town.people["heidi"])
    assert Membership.objects.get(pk=town.members["alice"]).suspended_until is not None
    assert HandedOn.objects.get(appeal_id=appeal_id).to_id is None
    assert _hear(_staff(browser, "ivan"), appeal_id).status_code == 302
    assert Membership.objects.get(pk=town.members["alice"]).suspended_until is None
    assert tables.compare().differences == []


def test_nobody_there_corrects_what_the_host_decided(town: Town, browser: Browser) -> None:
    """Alice, who owns the Plaza, reads that the host decided, and that only an appeal changes it."""
    case_id = _asked(town, browser)
    decision_id = _decide(town, _staff(browser), case_id)
    alice = browser("alice")
    page = alice.get(f"/console/cases/{case_id}").content.decode()
    sheet = {"action": "none", "clause": "", "reason": "", "days": "", "why": "It was fair."}
    corrected = alice.post(f"/console/cases/{case_id}/correct", sheet)
    taken_back = browser("erin").post(f"/console/decisions/{decision_id}/take-back", {"seen": "x"})

    assert "by the host" in said(page)
    assert "The host decided the case." in said(page)
    assert f"/console/cases/{case_id}/correct" not in page
    for answer in (corrected, taken_back):
        assert answer.status_code == 403
        assert "The host decided this, as nobody here may." in said(answer.content.decode())
    assert _entries(town, "case.corrected", "case.taken_back") == []


def test_the_record_still_tells_it_once_the_author_is_erased(town: Town, browser: Browser) -> None:
    """Bob erases everything: rows and record say the same of what the host decided and of what it heard."""
    decision_id = _decide(town, _staff(browser), _asked(town, browser))
    assert _hear(_staff(browser, "ivan"), _appealed(town, "bob", decision_id), "uphold").status_code == 302
    erase.erase_member(community_id=town.plaza, member_id=town.members["bob"], now=town.pass_time(seconds=1))

    assert Decision.objects.get().decided_by_staff_id == town.people["heidi"]
    assert _entries(town, "case.decided", "appeal.decided") == ["person: case.decided", "person: appeal.decided"]
    assert tables.compare().differences == []
