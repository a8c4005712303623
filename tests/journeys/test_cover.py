"""A threat is covered until somebody has looked: by screening, by two proven reporters, by a moderator's hand."""

from datetime import timedelta

import pytest
from django.test import Client
from tests.authorisation.scene import taken_back
from tests.scenario import NOON, PLAIN, QUEUED, THREAT, Town, run_jobs
from tests.web.conftest import Browser, browser, said

from wardmote.communities.policy import Action
from wardmote.communities.queries import current_policy
from wardmote.config.tables import compare
from wardmote.journeys.members import edit_post, edit_profile, join
from wardmote.journeys.operator.create_login import create_login
from wardmote.kernel.urn import Urn
from wardmote.moderation.models import Case
from wardmote.moderation.policy import ReportReason
from wardmote.moderation.policy.covers import COVER_TIME, TrackRecord, are_enough, cover_at
from wardmote.notices.models import Notice
from wardmote.record import queries as record

__all__ = ["browser"]

HIGH = f"Tomorrow I come to your house with a knife. [{THREAT} 0.75]"
COVERED = "covered until a moderator has looked at it"


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return said(response.content.decode())


def case_of(town: Town) -> Case:
    return Case.objects.get(community_id=town.plaza)


def letters(town: Town, name: str) -> list[str]:
    return [n.subject for n in Notice.objects.filter(recipient_id=town.people[name]).order_by("pk")]


def verbs(town: Town, verb: str) -> list[dict[str, object]]:
    """What the record says under this verb of the Plaza's only case."""
    return [dict(e.values) for e in record.history([case_of(town).urn]) if e.verb == verb]


def prove(town: Town, *names: str) -> None:
    """Each of these has three reports behind them that were right, about two authors, made alone."""
    for name in names:
        for number, author in enumerate(("bob", "erin", "bob")):
            post = town.post(author, f"{PLAIN} {name} {number}")
            town.report(name, post.post_id, ReportReason.OTHER)
            town.decide("dave", Action.LABEL, key="3.2", reason="It is not fit.")


def newcomer(town: Town, name: str) -> None:
    """One more member of the Plaza."""
    policy = current_policy(community_id=town.plaza)
    assert policy is not None
    town.people[name] = create_login(email=f"{name}@example.org", password=None, now=town.now)
    town.members[name] = join.join(
        community_id=town.plaza,
        person_id=town.people[name],
        handle=name,
        policy_hash=policy.hash,
        now=town.now,
    )


def test_what_screening_finds_a_likely_threat_is_covered_for_everybody_else(town: Town, browser: Browser) -> None:
    """Feeds, the profile, the permalink, the thread and the history show a sentence; its author and Dave read it."""
    post = town.post("bob", HIGH)
    answer = town.post("bob", PLAIN, answers=None)
    for who in ("", "carol"):
        for address in ("/", "/local", "/@bob", post.path):
            if who == "carol" and address == "/":
                continue
            shown = page(browser(who), address)
            assert "with a knife" not in shown, address
            assert COVERED in shown, address
        assert "with a knife" not in page(browser(who), f"{post.path}/history")
    assert PLAIN in page(browser(), answer.path)
    for who in ("bob", "dave"):
        assert "with a knife" in page(browser(who), post.path)
    assert verbs(town, "case.covered")[0]["cause"] == "screening"


def test_its_author_is_told_at_once_and_by_which_clause(town: Town, browser: Browser) -> None:
    """Bob's letter, the notice and his post's page name the clause it came close to; nobody read it before, so not
    "again". Dave's page of the post names no clause."""
    post = town.post("bob", HIGH)
    (letter,) = Notice.objects.filter(recipient_id=town.people["bob"])
    clause = town.clause("1.1")
    own, notice, other = (
        page(browser(who), address)
        for who, address in (("bob", post.path), ("bob", f"/notices/{letter.pk}"), ("dave", post.path))
    )

    assert letter.subject == "Your post is covered for now (The Plaza)"
    assert f"found it close to the rule 1.1 {clause.title}. A machine covered it" in letter.body
    assert "Nobody has judged it yet. If nobody has by 23 November 2026, 12:00" in letter.body
    assert "everybody can read it." in letter.body
    assert f"close to the rule 1.1 {clause.title}" in notice
    assert f"close to the rule “1.1 {clause.title}”" in own
    assert "close to the rule" not in other
    assert verbs(town, "case.covered")[0]["cause"] == "screening"


def test_a_cover_by_hand_names_no_clause_and_says_again(town: Town, browser: Browser) -> None:
    """Everybody had read it until Erin covered it, and nothing but she says why."""
    post = town.post("bob", "I know where your bench is.")
    town.report("carol", post.post_id)
    browser("erin").post(f"/console/cases/{case_of(town).pk}/cover")
    (letter,) = Notice.objects.filter(recipient_id=town.people["bob"])

    assert "everybody can read it again." in letter.body
    assert "close to the rule" not in letter.body + page(browser("bob"), post.path)
    assert verbs(town, "case.covered")[0]["cause"] == "moderator"


def test_a_lower_score_stays_readable(town: Town, browser: Browser) -> None:
    """Queued, not covered: nothing of the community's policy says so."""
    post = town.post("bob", QUEUED)

    assert "Somebody should teach you" in page(browser(), post.path)
    assert verbs(town, "case.covered") == []


def test_one_report_covers_nothing_and_two_proven_independent_ones_do(town: Town, browser: Browser) -> None:
    """Carol alone, though always right, changes nothing; with Walter, right about other things, it is covered."""
    newcomer(town, "walter")
    prove(town, "carol", "walter")
    post = town.post("bob", "You will not see the spring.")
    town.report("carol", post.post_id)
    assert "see the spring" in page(browser(), post.path)
    town.report("walter", post.post_id)

    assert "see the spring" not in page(browser(), post.path)
    entries = [e for e in record.history([Case.objects.latest("pk").urn]) if e.verb == "case.covered"]
    assert entries[0].values["cause"] == "reporters"
    assert str(entries[0].actor) == "urn:wardmote:system:1"


def test_two_newcomers_cover_nothing(town: Town, browser: Browser) -> None:
    """Carol and Frank's friend Walter have proven nothing; nor does a report for spam call anything a threat."""
    newcomer(town, "walter")
    post = town.post("bob", PLAIN)
    town.report("carol", post.post_id)
    town.report("walter", post.post_id)

    assert PLAIN in page(browser(), post.path)


def test_reporters_who_were_right_only_together_are_not_independent() -> None:
    """Two whose records are the same cases prove each other nothing; nor does one whose reports failed by half."""
    alike = TrackRecord({1: 7, 2: 8, 3: 7}, refused=0)
    other = TrackRecord({4: 7, 5: 8, 6: 9}, refused=0)
    one_victim = TrackRecord({4: 7, 5: 7, 6: 7}, refused=0)
    careless = TrackRecord({4: 7, 5: 8, 6: 9}, refused=3)

    assert not are_enough([alike, alike])
    assert are_enough([alike, other])
    assert not are_enough([alike, one_victim])
    assert not are_enough([alike, careless])
    assert not are_enough([alike])


def test_the_threshold_follows_the_communitys_policy() -> None:
    """Three quarters of the way from where a clause queues to where it holds, or to certainty where it never holds."""
    assert cover_at(0.2, 0.6) == pytest.approx(0.5)
    assert cover_at(0.2, None) == pytest.approx(0.8)
    assert cover_at(None, None) is None


def test_a_decision_ends_the_cover(town: Town, browser: Browser) -> None:
    """Dave finds nothing: everybody reads it, and Bob is told."""
    post = town.post("bob", HIGH)
    town.decide("dave", Action.NONE)

    assert "with a knife" in page(browser(), post.path)
    assert letters(town, "bob")[-1] == "Your post is published (The Plaza)"


def test_a_removal_is_stricter(town: Town, browser: Browser) -> None:
    """Dave removes it: the page says that, and no longer that it is covered."""
    post = town.post("bob", HIGH)
    town.decide("dave", Action.REMOVE)

    assert COVERED not in page(browser(), post.path)
    assert "with a knife" not in page(browser(), post.path)


def test_a_cover_that_nobody_decides_in_time_ends_and_the_desk_is_told(town: Town, browser: Browser) -> None:
    """After a day everybody can read it, for the first time; Bob is told, and everybody who moderates; twice run,
    nothing happens twice."""
    post = town.post("bob", HIGH)
    run_jobs(town.now)
    run_jobs(town.pass_time(seconds=COVER_TIME.total_seconds()))
    run_jobs(town.pass_time(minutes=1))

    assert "with a knife" in page(browser(), post.path)
    assert [e["end"] for e in verbs(town, "case.uncovered")] == ["time"]
    assert letters(town, "bob")[-1] == "Your post can be read by everybody (The Plaza)"
    assert not Notice.objects.filter(body__contains="read it again").exists()
    for name in ("alice", "dave", "erin"):
        assert letters(town, name) == ["A cover ran out before anybody decided (The Plaza)"]
    assert letters(town, "carol") == []


def test_what_a_moderator_has_judged_is_not_covered_by_a_report(town: Town, browser: Browser) -> None:
    """Found right by Dave, reported again by Carol, high as it scores: it stays readable."""
    post = town.post("bob", HIGH)
    town.decide("dave", Action.NONE)
    town.report("carol", post.post_id)

    assert "with a knife" in page(browser(), post.path)


def test_an_edit_under_cover_stays_covered_and_a_threat_edited_in_is_covered(town: Town, browser: Browser) -> None:
    """Neither the second text nor a third is a way out."""
    post = town.post("bob", PLAIN)
    for text in (HIGH, "Only a joke about bees."):
        edit_post.edit_post(
            community_id=town.plaza,
            member_id=town.members["bob"],
            post_id=post.post_id,
            text=text,
            now=town.pass_time(seconds=1),
        )
        assert text[:12] not in page(browser(), post.path)
    assert "bees" in page(browser("bob"), post.path)


def test_a_profile_is_covered_alike(town: Town, browser: Browser) -> None:
    """A threat in what Bob says about himself: his handle is all that others read."""
    edit_profile.edit_profile(
        community_id=town.plaza, member_id=town.members["bob"], display_name="Bob", bio=HIGH, now=town.now
    )

    assert "with a knife" not in page(browser("carol"), "/@bob")
    assert COVERED in page(browser("carol"), "/@bob")
    assert "with a knife" in page(browser("bob"), "/@bob")


def test_any_moderator_covers_and_uncovers_by_hand(town: Town, browser: Browser) -> None:
    """Dave, whom it names and who reported it, covers it though he may not decide it; Erin takes the cover away."""
    post = town.post("bob", "@dave I know where your bench is.")
    town.report("dave", post.post_id)
    address = f"/console/cases/{case_of(town).pk}"
    dave, erin = browser("dave"), browser("erin")
    assert dave.post(f"{address}/cover").status_code == 302
    assert "your bench" not in page(browser(), post.path)
    assert "Uncover" in page(erin, address)
    assert erin.post(f"{address}/uncover").status_code == 302

    assert "your bench" in page(browser(), post.path)
    told = [(e.verb, str(e.actor)) for e in record.history([case_of(town).urn]) if "cover" in e.verb]
    assert told == [
        ("case.covered", str(Urn("member", town.members["dave"]))),
        ("case.uncovered", str(Urn("member", town.members["erin"]))),
    ]


def test_nobody_covers_twice_or_uncovers_their_own(town: Town, browser: Browser) -> None:
    """Dave's own threat is uncovered by others alone; a second cover says that there is one."""
    post = town.post("dave", HIGH)
    address = f"/console/cases/{case_of(town).pk}"

    assert browser("dave").post(f"{address}/uncover").status_code == 403
    assert "already" in said(browser("erin").post(f"{address}/cover", follow=True).content.decode())
    assert "with a knife" not in page(browser(), post.path)


def test_nobody_answers_or_reports_what_they_cannot_read(town: Town, browser: Browser) -> None:
    """A reply to a covered post is refused with a sentence, and its page offers none."""
    post = town.post("bob", HIGH)
    carol = browser("carol")
    html = carol.get(post.path).content.decode()

    assert f"{post.path}/reply" not in html
    assert f"{post.path}/report" not in html
    with taken_back():
        response = carol.post(f"{post.path}/reply", {"text": "Why?"})
    assert response.status_code == 409
    assert "covered" in said(response.content.decode())


def test_the_tables_agree_with_the_record(town: Town) -> None:
    """Covered, ended by its clock, covered by hand: each row is what its entries say."""
    town.post("bob", HIGH)
    run_jobs(town.now)
    run_jobs(town.pass_time(seconds=COVER_TIME.total_seconds()))
    town.post("carol", HIGH)
    found = compare()

    assert [str(d) for d in found.differences] == []
    assert found.rows["covers"] == 2
    assert town.now - NOON > timedelta(hours=23)
