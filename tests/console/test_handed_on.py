"""What nobody of a community may decide is decided by another's moderators, by agreement, by the home's own rules."""

import re

import pytest
from django.test import Client
from tests.scenario import Town, run_jobs, sign_in
from tests.web.conftest import Browser, browser, said

from wardmote.communities.models import JudgingAgreement, Membership
from wardmote.communities.policy import Role
from wardmote.communities.queries import current_policy
from wardmote.config import tables
from wardmote.journeys.hosts import enrol
from wardmote.journeys.members import join
from wardmote.journeys.moderators import away
from wardmote.journeys.operator import found_community
from wardmote.journeys.owners import agreements
from wardmote.kernel.errors import NotFound, Refused
from wardmote.kernel.urn import Urn
from wardmote.moderation.models import Appeal, Case, Decision, HandedOn
from wardmote.moderation.queries import away as queries_away
from wardmote.moderation.queries import sheet_of_appeal, sheet_of_case
from wardmote.notices import queries as notices
from wardmote.record import queries as record

__all__ = ["browser"]

EVERYBODY = "@alice @dave @erin, all of you lie. Seventeen lanterns."
HARBOUR = "harbour.localhost"


def _agree(town: Town) -> int:
    """Alice offers, Frank accepts: the Plaza and the Harbour judge for each other."""
    agreement_id = agreements.offer(
        community_id=town.plaza, member_id=town.members["alice"], slug="harbour", now=town.now
    )
    frank = {"community_id": town.harbour, "member_id": town.members["frank"]}
    policy = current_policy(community_id=town.plaza)
    assert policy is not None
    seen = f"{agreement_id}.{policy.hash[:16]}"
    agreements.answer(**frank, agreement_id=agreement_id, accepts=True, seen=seen, now=town.now)
    run_jobs(town.pass_time(seconds=1))
    return agreement_id


def _stranded(town: Town, text: str = EVERYBODY) -> int:
    """Carol reports a post of Bob's that names everybody who moderates; gives its case."""
    town.report("carol", town.post("bob", text).post_id)
    run_jobs(town.pass_time(seconds=1))
    return Case.objects.latest("pk").pk


def _grace(town: Town, browser: Browser, name: str = "grace") -> Client:
    return browser(name, host=HARBOUR)


def _letters(town: Town, name: str) -> list[tuple[str, str]]:
    rows = notices.inbox(community_id=town.home_of(name), person_id=town.people[name])
    views = [
        notices.notice(community_id=town.home_of(name), person_id=town.people[name], notice_id=row.notice_id)
        for row in rows
    ]
    return [(view.subject, view.body) for view in views if view is not None]


def _decide(town: Town, client: Client, case_id: int, action: str = "hide") -> int:
    client.post(f"/console/others/cases/{case_id}/claim")
    answer = client.post(
        f"/console/others/cases/{case_id}/decide",
        {
            "action": action,
            "clause": str(town.clause("1.1").id),
            "reason": "It insults them all.",
            "days": "",
            "seen": sheet_of_case(community_id=town.plaza, case_id=case_id),
        },
    )
    assert answer.status_code == 302, said(answer.content.decode())
    return Decision.objects.latest("pk").pk


def _entries(town: Town, *prefixes: str) -> list[str]:
    names = {str(Urn("member", pk)): name for name, pk in town.members.items()}
    told = record.history([Urn("community", town.plaza)])
    return [f"{names.get(str(e.actor), e.actor.kind)}: {e.verb}" for e in told if e.verb.startswith(prefixes)]


def test_a_case_that_names_everybody_is_decided_next_door(town: Town, browser: Browser) -> None:
    """Grace of the Harbour decides by the Plaza's rules; Bob and Carol read who decided and why."""
    _agree(town)
    case_id = _stranded(town)
    grace = _grace(town, browser)
    listed = said(grace.get("/console/others").content.decode())
    page = said(grace.get(f"/console/others/cases/{case_id}").content.decode())

    assert "The Plaza" in listed
    assert "This is a case of The Plaza, not of your community." in page
    assert "all of you lie" in page
    assert ("A case of The Plaza waits for you" in [s for s, _ in _letters(town, "grace")]) is True
    assert "The moderators of The Harbour do" in said(browser("erin").get("/console/").content.decode()).replace(
        "the moderators", "The moderators"
    )

    decision = Decision.objects.get(pk=_decide(town, grace, case_id))
    entry = next(e for e in record.history([Urn("case", case_id)]) if e.verb == "case.decided")

    assert decision.decided_by_id == town.members["grace"]
    assert (entry.actor, entry.values["judges"]) == (
        Urn("member", town.members["grace"]),
        str(Urn("community", town.harbour)),
    )
    assert _entries(town, "case.") == [
        "carol: case.opened",
        "system: case.handed_on",
        "grace: case.claimed",
        "grace: case.decided",
    ]
    for name in ("bob", "carol"):
        assert "Moderators of The Harbour decided this, by the rules of The Plaza" in _letters(town, name)[0][1], name
    assert "Moderators of The Harbour decided this" in said(browser("bob").get(f"/why/{decision.pk}").content.decode())
    assert case_id not in [row.case_id for row in HandedOn.objects.filter(ended_at=None, case__state="open")]
    assert tables.compare().differences == []


def test_its_appeal_is_heard_next_door_by_another(town: Town, browser: Browser) -> None:
    """Grace decided: she may not hear Bob's appeal, Frank may, and Bob reads who heard it."""
    _agree(town)
    decision = _decide(town, _grace(town, browser), _stranded(town))
    appeal_id = town.appeal("bob", decision)
    run_jobs(town.pass_time(seconds=1))
    form = {
        "outcome": "reverse",
        "reason": "It was fair comment.",
        "seen": sheet_of_appeal(community_id=town.plaza, appeal_id=appeal_id),
    }
    by_decider = _grace(town, browser).post(f"/console/others/appeals/{appeal_id}/decide", form)
    frank = _grace(town, browser, "frank")
    page = said(frank.get(f"/console/others/appeals/{appeal_id}").content.decode())

    assert (by_decider.status_code, "You decided this" in said(by_decider.content.decode())) == (403, True)
    assert "I meant no harm." in page
    assert frank.post(f"/console/others/appeals/{appeal_id}/decide", form).status_code == 302
    assert Appeal.objects.get().state == "reversed"
    assert "Moderators of The Harbour decided this" in _letters(town, "bob")[0][1]
    assert _entries(town, "appeal.") == ["bob: appeal.filed", "system: appeal.handed_on", "frank: appeal.decided"]
    assert tables.compare().differences == []


def test_without_an_agreement_nobody_next_door_sees_anything(town: Town, browser: Browser) -> None:
    """The same case without one: it stays, the Harbour finds nothing, and the Plaza's queue says what can be done."""
    case_id = _stranded(town)
    grace = _grace(town, browser)
    queue = browser("erin").get("/console/")

    assert grace.get(f"/console/others/cases/{case_id}").status_code == 404
    assert grace.post(f"/console/others/cases/{case_id}/claim").status_code == 404
    assert HandedOn.objects.count() == 0
    assert "Nobody here may decide it. Ask for somebody who may" in said(queue.content.decode())
    asked = browser("erin").post(f"/console/cases/{case_id}/hand-on")
    assert asked.status_code == 409
    assert "The owner can make an agreement, or appoint a moderator" in said(asked.content.decode())


def test_those_next_door_see_that_case_and_nothing_else(town: Town, browser: Browser) -> None:
    """With an agreement, a case that somebody at home may decide, its appeal, and all the rest stay out of sight."""
    _agree(town)
    town.report("carol", town.post("bob", "@dave should go. Nine herons.").post_id)
    other = Case.objects.latest("pk").pk
    case_id = _stranded(town)
    grace = _grace(town, browser)

    assert grace.get(f"/console/others/cases/{other}").status_code == 404
    assert grace.post(f"/console/others/cases/{other}/claim").status_code == 404
    assert grace.get(f"/console/cases/{case_id}").status_code == 404
    pages = [grace.get(path).content.decode() for path in ("/console/others", f"/console/others/cases/{case_id}")]
    assert all("Nine herons" not in page for page in pages)
    assert "Seventeen lanterns" in pages[1]
    with pytest.raises(NotFound):
        away.claim(judges_id=town.harbour, member_id=town.members["grace"], case_id=other, now=town.now)


def test_who_is_named_next_door_may_not_either(town: Town, browser: Browser) -> None:
    """Grace is named too, and Frank is a member of the Plaza who reported it: only who is neither may decide."""
    policy = current_policy(community_id=town.plaza)
    assert policy is not None
    frank_here = join.join(
        community_id=town.plaza, person_id=town.people["frank"], handle="franky", policy_hash=policy.hash, now=town.now
    )
    _agree(town)
    post = town.post("bob", EVERYBODY).post_id
    town.members["franky"] = frank_here
    town.report("franky", post)
    run_jobs(town.pass_time(seconds=1))
    case_id = Case.objects.latest("pk").pk
    frank, grace = _grace(town, browser, "frank"), _grace(town, browser)

    assert "You reported this" in said(frank.get(f"/console/others/cases/{case_id}").content.decode())
    with pytest.raises(Refused, match="You reported this"):
        away.claim(judges_id=town.harbour, member_id=town.members["frank"], case_id=case_id, now=town.now)
    assert grace.get(f"/console/others/cases/{case_id}").status_code == 200
    named = _stranded(town, f"{EVERYBODY} And @grace, and @franky.")
    assert HandedOn.objects.filter(case_id=named).count() == 0


def test_somebody_new_at_home_takes_it_back(town: Town, browser: Browser) -> None:
    """Alice appoints Judy, who is not named: the case is hers, and nobody next door finds it any more."""
    _agree(town)
    case_id = _stranded(town)
    policy = current_policy(community_id=town.plaza)
    assert policy is not None
    judy = join.join(
        community_id=town.plaza, person_id=town.people["judy"], handle="judy", policy_hash=policy.hash, now=town.now
    )
    alice = town.members["alice"]
    found_community.appoint(
        community_id=town.plaza, actor_member_id=alice, member_id=judy, role=Role.MODERATOR, now=town.now
    )

    assert _grace(town, browser).get(f"/console/others/cases/{case_id}").status_code == 404
    with pytest.raises(NotFound):
        away.claim(judges_id=town.harbour, member_id=town.members["grace"], case_id=case_id, now=town.now)


def test_an_agreement_that_ends_brings_undecided_cases_home(town: Town, browser: Browser) -> None:
    """Frank ends it while Grace holds the case: it is free at home, and she cannot decide it any more."""
    agreement_id = _agree(town)
    case_id = _stranded(town)
    grace = _grace(town, browser)
    grace.post(f"/console/others/cases/{case_id}/claim")
    answer = _grace(town, browser, "frank").post(f"/owner/agreements/{agreement_id}", {"answer": "end"})

    assert answer.status_code == 302
    assert Case.objects.get(pk=case_id).state == "open"
    assert grace.get(f"/console/others/cases/{case_id}").status_code == 404
    assert _entries(town, "judging_agreement.", "case.taken", "case.rel") == [
        "alice: judging_agreement.made",
        "frank: judging_agreement.accepted",
        "frank: judging_agreement.ended",
        "frank: case.released",
        "frank: case.taken_home",
    ]
    assert "do not judge for each other any more" in _letters(town, "alice")[0][0]
    assert tables.compare().differences == []


def test_an_agreement_is_offered_read_and_answered_on_pages(town: Town, browser: Browser) -> None:
    """Frank reads by whose rules his moderators would judge; other rules meanwhile are a 409 with the new ones."""
    alice, frank = browser("alice"), browser("frank", host=HARBOUR)
    assert alice.post("/owner/agreements", {"slug": "harbour"}).status_code == 302
    agreement = JudgingAgreement.objects.get()
    address = f"/owner/agreements/{agreement.pk}"
    page = frank.get(address).content.decode()
    shown = re.search(r'name="seen" value="([^"]+)"', page)
    assert shown is not None
    rules = current_policy(community_id=town.plaza)
    assert rules is not None
    found_community.publish_policy(
        community_id=town.plaza,
        member_id=town.members["alice"],
        title="Stricter rules",
        clauses=rules.drafts()[:1],
        now=town.pass_time(minutes=1),
    )
    changed = frank.post(address, {"answer": "accept", "seen": shown[1]})
    again = re.search(r'name="seen" value="([^"]+)"', changed.content.decode())
    assert again is not None

    assert "The Plaza" in said(page)
    assert (changed.status_code, "Stricter rules" in said(changed.content.decode())) == (409, True)
    assert JudgingAgreement.objects.get().state == "open"
    assert frank.post(address, {"answer": "accept", "seen": again[1]}).status_code == 302
    assert frank.post(address, {"answer": "accept", "seen": again[1]}).status_code == 409
    assert JudgingAgreement.objects.get().state == "accepted"
    stricter = current_policy(community_id=town.plaza)
    assert stricter is not None
    alice.post("/policy/accept", {"policy_hash": stricter.hash, "accept": "on"})
    assert alice.post("/owner/agreements", {"slug": "harbour"}).status_code == 409
    assert "and you judge for each other now" in _letters(town, "alice")[0][0]


def test_an_offer_of_an_agreement_that_nobody_answers_runs_out(town: Town, browser: Browser) -> None:
    """After fourteen days both owners are told, and it cannot be accepted."""
    offered = agreements.offer(community_id=town.plaza, member_id=town.members["alice"], slug="harbour", now=town.now)
    run_jobs(town.pass_time(days=14, seconds=1))

    assert JudgingAgreement.objects.get(pk=offered).state == "lapsed"
    assert "has run out" in _letters(town, "alice")[0][0]
    assert "has run out" in _letters(town, "frank")[0][0]
    assert tables.compare().differences == []


def test_a_case_from_before_the_agreement_goes_too(town: Town, browser: Browser) -> None:
    """It was stranded when Alice and Frank agreed: it is handed on then."""
    case_id = _stranded(town)
    _agree(town)

    assert HandedOn.objects.get().case_id == case_id
    assert HandedOn.objects.get().to_id == town.harbour


def test_where_there_is_a_host_here_it_can_be_asked(town: Town, browser: Browser) -> None:
    """No agreement, but this installation hosts the Plaza: Erin asks, and the host's staff read that it waits."""
    enrol.enrol_community(staff_id=town.people["heidi"], community_id=town.plaza, now=town.now)
    case_id = _stranded(town)
    asked = browser("erin").post(f"/console/cases/{case_id}/hand-on")
    heidi = Client(HTTP_HOST="127.0.0.1")
    sign_in(heidi, town.people["heidi"])
    desk = heidi.get("/host/").content.decode()

    assert asked.status_code == 302
    assert HandedOn.objects.get().to_id is None
    assert "Nobody of the community may decide" in said(desk)
    assert "The Plaza" in said(desk)
    assert "Seventeen lanterns" not in desk
    assert "the host is asked" in said(browser("erin").get("/console/").content.decode())
    assert _entries(town, "case.handed") == ["erin: case.handed_on"]


def test_a_case_that_somebody_here_may_decide_is_not_handed_on(town: Town, browser: Browser) -> None:
    """Dave is named, Erin is not: asking is refused."""
    _agree(town)
    town.report("carol", town.post("bob", "@dave should go.").post_id)
    answer = browser("dave").post(f"/console/cases/{Case.objects.get().pk}/hand-on")

    assert answer.status_code == 403
    assert HandedOn.objects.count() == 0


def test_a_claim_next_door_that_ran_out_is_somebody_elses_to_take(town: Town, browser: Browser) -> None:
    """Grace took it and went away: after a quarter of an hour Frank is offered it, and before that he is not."""
    _agree(town)
    case_id = _stranded(town)
    _grace(town, browser).post(f"/console/others/cases/{case_id}/claim")
    frank, address = _grace(town, browser, "frank"), f"/console/others/cases/{case_id}"
    early = frank.post(f"{address}/claim")
    town.pass_time(minutes=16)

    assert early.status_code == 409
    assert f"{address}/claim" in frank.get(address).content.decode()
    assert frank.post(f"{address}/claim").status_code == 302
    assert Case.objects.get(pk=case_id).claimed_by_id == town.members["frank"]


def test_those_next_door_do_not_bind_whoever_moderates_here(town: Town, browser: Browser) -> None:
    """Dave wrote it and names the others: Grace may remove the post, not warn its author, who moderates the Plaza."""
    _agree(town)
    town.report("carol", town.post("dave", "@alice and @erin are thieves.").post_id)
    run_jobs(town.pass_time(seconds=1))
    case_id = Case.objects.get().pk
    grace = _grace(town, browser)
    grace.post(f"/console/others/cases/{case_id}/claim")
    sheet = {
        "clause": str(town.clause("1.1").id),
        "reason": "It insults them.",
        "seen": sheet_of_case(community_id=town.plaza, case_id=case_id),
    }

    assert grace.post(f"/console/others/cases/{case_id}/decide", {**sheet, "action": "warn"}).status_code == 403
    assert grace.post(f"/console/others/cases/{case_id}/decide", {**sheet, "action": "remove"}).status_code == 302
    assert Membership.objects.get(pk=town.members["dave"]).suspended_until is None


def test_the_end_of_the_list_is_told(town: Town, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where more wait than are listed the page says so; a case that came home takes nobody's place."""
    monkeypatch.setattr(queries_away, "LISTED", 1)
    _agree(town)
    first, second = _stranded(town), _stranded(town, f"{EVERYBODY} Again.")
    page = _grace(town, browser).get("/console/others").content.decode()

    assert f"/console/others/cases/{first}" in page
    assert f"/console/others/cases/{second}" not in page
    assert "These are the oldest." in said(page)
