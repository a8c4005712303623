import pytest
from tests.moderation_api.conftest import Ask
from tests.moderation_api.test_events import tell, told
from tests.scenario import HELD, PLAIN, QUEUED, Town

from wardmote.communities.policy import Action
from wardmote.moderation import queries
from wardmote.moderation.models import Case, Decision, OutsideEvent, OutsidePost


def test_a_post_that_its_edit_overtook_changes_nothing(town: Town, ask: Ask, platform_key: str) -> None:
    """The edit is the newer text; the post's own event is answered by it, and the next edit counts again."""
    edit, post = tell(ask, platform_key, told(1, "edit", text=HELD), told(2, text=PLAIN))
    kept = OutsidePost.objects.get().text
    tell(ask, platform_key, told(3, "edit", text=QUEUED))

    assert (edit["route"], post["route"], post["case"]) == ("hold", "hold", edit["case"])
    assert kept == HELD
    assert OutsidePost.objects.get().text == QUEUED
    assert town.verbs().count("outside_post.told") == 1


def test_a_post_that_its_report_overtook_changes_nothing(town: Town, ask: Ask, platform_key: str) -> None:
    """What was reported is what is judged."""
    report = told(1, "report", text=QUEUED, reporter="carol", reason="threat")
    tell(ask, platform_key, report, told(2, text=PLAIN))

    assert OutsidePost.objects.get().text == QUEUED
    assert Case.objects.get().item.text == QUEUED


def test_a_post_told_twice_under_two_names_takes_the_newer_text(town: Town, ask: Ask, platform_key: str) -> None:
    """A platform that tells of every save as a post loses no edit."""
    tell(ask, platform_key, told(1, text=PLAIN), told(2, text=HELD))

    assert OutsidePost.objects.get().text == HELD


@pytest.mark.parametrize("kind", ["edit", "report", "delete"])
def test_what_is_refused_for_an_unknown_post_is_taken_when_it_comes_again(
    town: Town, ask: Ask, platform_key: str, kind: str
) -> None:
    """The error says to send it again; nothing of it was kept under its name."""
    event = told(1, kind, **({"reporter": "carol", "reason": "threat"} if kind == "report" else {}))
    event["post"] = {"id": "p1"} | ({"text": HELD} if kind == "edit" else {})
    (refused,) = tell(ask, platform_key, event)
    kept = OutsideEvent.objects.count()
    tell(ask, platform_key, told(2, text=PLAIN))
    (taken,) = tell(ask, platform_key, event)

    assert "send this again" in refused["error"]["message"]
    assert kept == 0
    assert ("error" in taken, taken["again"]) == (False, False)


def test_a_post_keeps_the_url_that_was_told_first(town: Town, ask: Ask, platform_key: str) -> None:
    """Its cases are named by it: the decision after a move still finds source, post and author."""
    moved = told(2, "edit")
    moved["post"]["url"] = "https://forum.example/a-new-title"
    tell(ask, platform_key, told(1), moved)
    report = told(3, "report", reporter="carol", reason="threat")
    report["post"]["url"] = "https://forum.example/a-third"
    tell(ask, platform_key, report)
    town.decide("dave", Action.REMOVE)
    delivery = Decision.objects.get().webhook_deliveries.get()
    from wardmote.journeys.platforms.outside_platform import set_webhook
    from wardmote.kernel.urn import SYSTEM

    set_webhook(community_id=town.plaza, url="https://forum.example/hook", actor=SYSTEM, now=town.now)
    message = queries.message(delivery_id=delivery.pk)

    assert Case.objects.get().subject == "https://forum.example/p1"
    assert message is not None
    assert (message.content["data"]["post"], message.content["data"]["author"]) == ("p1", "mallory")


def test_a_moderator_sees_platform_edit_deletion_and_report(town: Town, ask: Ask, platform_key: str) -> None:
    """On the queue and the case: where it stands, with a link that tells nothing of us; what became of it there."""
    from django.test import Client

    from wardmote.people.models import Person

    tell(ask, platform_key, told(1), told(2, "report", reporter="carol", reason="threat", comment="About me."))
    dave = Client(headers={"host": "plaza.localhost"})
    dave.force_login(Person.objects.get(pk=town.people["dave"]))
    queue = dave.get("/console/").content.decode()
    path = f"/console/cases/{Case.objects.get().pk}"
    fresh = dave.get(path).content.decode()
    town.decide("dave", Action.LABEL)
    tell(ask, platform_key, told(3, "edit", text="I am sorry. <b>Truly.</b>"))
    edited = dave.get(path).content.decode()

    assert "on forum" in queue
    assert "@<" not in queue
    assert 'href="https://forum.example/p1" rel="noopener noreferrer nofollow"' in fresh
    assert "by somebody on forum" in fresh
    assert "mallory" in fresh
    assert "I am sorry. &lt;b&gt;Truly.&lt;/b&gt;" in edited
    assert "Its platform told of an edit" in edited
    tell(ask, platform_key, told(4, "delete"))
    assert "Its platform told that it was deleted" in dave.get(path).content.decode()


def test_earlier_decisions_on_the_same_outside_author_are_shown(town: Town, ask: Ask, platform_key: str) -> None:
    """By the author's id on that platform; another author's are not."""
    tell(ask, platform_key, told(1))
    town.decide("dave", Action.REMOVE, reason="The first time.")
    other = told(3, post="p3")
    other["post"]["author"] = "trent"
    tell(ask, platform_key, told(2, post="p2"), other)
    found = {
        case.subject: queries.case(community_id=town.plaza, case_id=case.pk, member_id=town.members["dave"])
        for case in Case.objects.filter(decided_at=None)
    }
    earlier = {subject[-2:]: [d.reason for d in case.earlier] for subject, case in found.items() if case}

    assert earlier == {"p2": ["The first time."], "p3": []}


def test_the_statement_of_reasons_names_reports_of_outsiders(town: Town, ask: Ask, platform_key: str) -> None:
    """A post that nobody but its readers pointed out is not said to come from screening."""
    tell(ask, platform_key, told(1, text=PLAIN))
    tell(ask, platform_key, told(2, "report", text="", reporter="carol", reason="threat"))
    decision_id = town.decide("dave", Action.REMOVE)
    measure = queries.measure_for_notice(Decision.objects.get(pk=decision_id))

    assert (measure.from_reports, measure.from_screening) == (True, False)
