from typing import Any

import pytest
from tests.moderation_api.conftest import Ask
from tests.scenario import HELD, PLAIN, THREAT, Town

from wardmote.communities.policy import Action
from wardmote.kernel.urn import Urn
from wardmote.moderation import queries
from wardmote.moderation.models import Case, Item, OutsidePost, OutsideReport
from wardmote.record import queries as record


def told(number: int, kind: str = "post", *, post: str = "p1", text: str = HELD, **report: str) -> dict[str, Any]:
    """One event of the platform called forum."""
    about = {"id": post, "url": f"https://forum.example/{post}", "text": text, "author": "mallory"}
    if kind == "delete":
        about = {"id": post}
    return {"source": "forum", "id": f"e{number}", "type": kind, "post": about} | ({"report": report} if report else {})


def tell(ask: Ask, key: str, *events: dict[str, Any]) -> list[dict[str, Any]]:
    status, content = ask("POST", "/v1/events", {"events": list(events)}, key=key)
    assert status == 200, content
    results: list[dict[str, Any]] = content["results"]
    return results


def test_a_post_goes_where_the_policy_sends_it(town: Town, ask: Ask, platform_key: str) -> None:
    """A threat opens a case about its URL; the platform is told to hold it, and why."""
    (answer,) = tell(ask, platform_key, told(1))
    case = Case.objects.get()

    assert (answer["route"], answer["clause"], answer["again"]) == ("hold", "1.1", False)
    assert answer["case"] == str(case.pk)
    assert (case.subject, case.category, case.held) == ("https://forum.example/p1", THREAT, True)
    assert town.verbs()[-2:] == ["outside_post.told", "case.opened"]


def test_the_same_event_again_changes_nothing(town: Town, ask: Ask, platform_key: str) -> None:
    """The same answer, one post, one case, one entry; marked as known."""
    (first,) = tell(ask, platform_key, told(1))
    verbs = town.verbs()
    (second,) = tell(ask, platform_key, told(1))

    assert second == {**first, "again": True}
    assert (OutsidePost.objects.count(), Case.objects.count()) == (1, 1)
    assert town.verbs() == verbs


def test_another_event_of_the_same_name_is_refused(town: Town, ask: Ask, platform_key: str) -> None:
    """An id means one thing for good."""
    tell(ask, platform_key, told(1))
    (answer,) = tell(ask, platform_key, told(1, text=PLAIN))

    assert answer["error"]["code"] == "conflict"


def test_an_edit_is_judged_anew(town: Town, ask: Ask, platform_key: str) -> None:
    """The case stands with both texts, and the post stays held until it is decided, however harmless it reads now."""
    tell(ask, platform_key, told(1))
    (answer,) = tell(ask, platform_key, told(2, "edit", text=PLAIN))
    case = queries.case(community_id=town.plaza, case_id=Case.objects.get().pk, member_id=town.members["dave"])

    assert case is not None
    assert (answer["route"], answer["case"]) == ("hold", str(case.case_id))
    assert [(text.text, text.is_newest) for text in case.texts] == [(HELD, False), (PLAIN, True)]
    assert (case.item.text, case.item.changed_since) == (PLAIN, False)


def test_a_report_opens_a_case_once_for_each_reporter(town: Town, ask: Ask, platform_key: str) -> None:
    """Its words reach the moderator, its reporter does not."""
    tell(ask, platform_key, told(1, text=PLAIN))
    report = {"reporter": "carol", "reason": "harassment", "comment": "She follows me."}
    answers = tell(
        ask,
        platform_key,
        told(2, "report", text="", **report),
        told(3, "report", text="", **report),
        told(4, "report", text="", **{**report, "reporter": "peggy"}),
    )
    case = queries.case(community_id=town.plaza, case_id=Case.objects.get().pk, member_id=town.members["dave"])

    assert {answer["case"] for answer in answers} == {str(Case.objects.get().pk)}
    assert case is not None
    assert [r.comment for r in case.reports] == ["She follows me."] * 2
    assert "carol" not in repr(case)
    assert [row.verb for row in case.timeline].count("report.filed") == 2


def test_a_post_may_first_be_heard_of_by_its_report(town: Town, ask: Ask, platform_key: str) -> None:
    """With its URL and text; without them there is nothing to judge."""
    report = {"reporter": "carol", "reason": "threat"}
    (first,) = tell(ask, platform_key, told(1, "report", **report))
    unknown = {"source": "forum", "id": "e2", "type": "report", "post": {"id": "p2"}, "report": report}
    (second,) = tell(ask, platform_key, unknown)

    assert first["case"] == str(Case.objects.get().pk)
    assert second["error"]["param"] == "url"


def test_a_deleted_post_is_forgotten_once_nobody_must_decide_by_it(town: Town, ask: Ask, platform_key: str) -> None:
    """The snapshot of an open case stays until the decision; then text, author and record's contents are gone."""
    tell(ask, platform_key, told(1))
    tell(ask, platform_key, told(2, "delete"))
    kept = Item.objects.get().text
    town.decide("dave", Action.REMOVE)
    post = OutsidePost.objects.get()

    assert (post.text, post.author, kept) == ("", "", HELD)
    assert Item.objects.get().text == ""
    verbs = [entry.verb for entry in record.history([post.urn])]
    assert verbs == ["outside_post.told", "outside_post.deleted", "content.erased"]


def test_what_comes_after_a_deletion_comes_too_late(town: Town, ask: Ask, platform_key: str) -> None:
    """Events that overtake one another do not bring a deleted post back."""
    tell(ask, platform_key, told(1, text=PLAIN), told(2, "delete"))
    late = tell(ask, platform_key, told(3, "edit"), told(4, "delete"), told(5, "delete", post="p9"))

    assert [answer.get("error", {}).get("code") for answer in late] == ["conflict", None, "not_found"]
    assert OutsidePost.objects.get().text == ""


@pytest.mark.parametrize(
    ("event", "param"),
    [
        ({}, "post"),
        (told(1) | {"type": "shout"}, "type"),
        (told(1) | {"source": ""}, "source"),
        (told(1) | {"id": 7}, "id"),
        (told(1) | {"post": {"id": "p", "url": "javascript:alert(1)", "text": "x"}}, "url"),
        (told(1, text=" "), "text"),
        (told(1, text="x" * 50_001), "text"),
        (told(1, "report", reason="threat"), "reporter"),
        (told(1) | {"extra": 1}, "extra"),
    ],
)
def test_an_event_that_makes_no_sense_is_refused_by_itself(
    town: Town, ask: Ask, platform_key: str, event: dict[str, Any], param: str
) -> None:
    """The error names the field, and the events around it are taken."""
    answers = tell(ask, platform_key, event, told(99, post="p99", text=PLAIN))

    assert answers[0]["error"]["param"] == param
    assert answers[1]["route"] == "publish"


def test_one_platforms_posts_are_nothing_to_another_community(town: Town, ask: Ask, platform_key: str) -> None:
    """The same source and id told by the Harbour's key is another post; each community sees its own case."""
    from wardmote.journeys.owners.keys import issue_key
    from wardmote.people.policy import Scope

    harbour = issue_key(name="harbour", scopes=[Scope.EVENTS], community_id=town.harbour, now=town.now)
    tell(ask, platform_key, told(1))
    (answer,) = tell(ask, harbour, told(1))
    case_id = int(answer["case"])

    assert answer["again"] is False
    assert queries.case(community_id=town.plaza, case_id=case_id, member_id=town.members["dave"]) is None
    assert OutsidePost.objects.filter(community_id=town.harbour).count() == 1


def test_the_record_erases_what_it_kept_of_the_reporter(town: Town, ask: Ask, platform_key: str) -> None:
    """Who reported, and in which words, is content about the report, not a fact for ever."""
    tell(ask, platform_key, told(1, "report", reporter="carol", reason="threat", comment="Please look."))
    report = OutsideReport.objects.get()
    (entry,) = record.history([report.urn])

    assert (entry.verb, entry.actor.kind) == ("report.filed", "api_key")
    assert entry.community == Urn("community", town.plaza)
