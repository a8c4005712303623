from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from tests.console.conftest import Browser
from tests.scenario import PLAIN, QUEUED, THREAT, Town

from wardmote.communities.policy import Action
from wardmote.moderation.models import Case, Decision
from wardmote.moderation.policy import CLAIM_TIME, CaseState, ReportReason
from wardmote.moderation.queries import sheet_of_case
from wardmote.notices import queries as notices

COMMENT = "I saw him at my gate."


@pytest.fixture
def case_id(town: Town) -> int:
    """Bob's answer to Alice, queued by screening and reported by Carol."""
    above = town.post("alice", "The allotment list is out.")
    post = town.post("bob", QUEUED, answers=above.post_id)
    town.report("carol", post.post_id, ReportReason.HARASSMENT, COMMENT)
    return Case.objects.get().pk


def _at(step: str, case_id: int) -> str:
    return reverse(f"console:{step}", args=[case_id])


def _page(client: Client, case_id: int) -> str:
    return client.get(_at("case", case_id)).content.decode()


def _sheet(town: Town, **typed: object) -> dict[str, object]:
    """What Dave's browser sends that has the page of the only case before it."""
    seen = sheet_of_case(community_id=town.plaza, case_id=Case.objects.get().pk)
    usual = {"clause": town.clause("1.1").id, "action": "remove", "days": "", "reason": "It is a threat."}
    return {"seen": seen, **usual, **typed}


def _letters(town: Town, name: str) -> list[tuple[str, str]]:
    person_id = town.people[name]
    rows = notices.inbox(community_id=town.plaza, person_id=person_id)
    views = [notices.notice(community_id=town.plaza, person_id=person_id, notice_id=row.notice_id) for row in rows]
    return [(view.subject, view.body) for view in views if view]


def test_a_case_shows_the_item_in_its_thread_and_all_that_is_known(town: Town, browser: Browser, case_id: int) -> None:
    """Text with its span marked, the post above, the score in words and number, the reports, the timeline."""
    page = _page(browser("dave"), case_id)

    assert "The allotment list is out." in page
    assert f'<mark class="double" title="threat">[{THREAT} 0.6]</mark>' in page
    assert "<td>possible</td>" in page
    assert "0.60" in page
    assert COMMENT in page
    assert "Somebody reported it." in page


def test_no_page_of_a_case_tells_who_reported(town: Town, browser: Browser, case_id: int) -> None:
    """Carol's reason and comment are there; her handle and her id are nowhere."""
    page = _page(browser("dave"), case_id)

    assert "Harassment" in page
    assert "carol" not in page.lower()
    assert str(town.members["carol"]) not in page


def test_what_is_covered_is_described_first(town: Town, browser: Browser, case_id: int) -> None:
    """The item starts covered, under a sentence with its category and strength; uncovering is a plain click."""
    page = _page(browser("dave"), case_id)
    judged = page[page.index('class="judged"') :]
    shield = judged[judged.index("<details") : judged.index("</details>")]

    assert " open>" not in shield[: shield.index("<summary>")]
    assert "1 member reports it: harassment." in shield
    assert "Screening: threat possible (0.60)." in shield
    assert shield.index("</summary>") < shield.index("Somebody should teach you.")


def test_a_score_is_the_same_number_wherever_the_page_has_it(town: Town, browser: Browser) -> None:
    """0.687 is 0.69 in the sentence above the text and in the table."""
    town.post("bob", f"Somebody should teach you. [{THREAT} 0.687]")
    page = _page(browser("dave"), Case.objects.latest("pk").pk)

    assert "(0.69)" in page
    assert '<td class="number">0.69</td>' in page
    assert "(0.68)" not in page


def test_a_reported_post_that_screening_does_not_mind_is_described_by_its_reports(town: Town, browser: Browser) -> None:
    """No category is named that is not likely."""
    town.report("carol", town.post("bob", PLAIN).post_id, ReportReason.THREAT)
    page = _page(browser("dave"), Case.objects.get().pk)

    assert "1 member reports it: threat. Screening sees nothing likely in it." in page


def test_text_is_never_markup(town: Town, browser: Browser) -> None:
    """A script in a post, a comment and a reason comes out as the letters it is made of."""
    attack = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    town.report("carol", town.post("bob", attack).post_id, comment=attack)
    case_id = Case.objects.get().pk
    dave = browser("dave")
    dave.post(_at("claim", case_id))
    page = dave.post(_at("decide", case_id), _sheet(town, action="", reason=attack)).content.decode()

    assert "<script>alert" not in page
    assert "<img" not in page
    assert page.count(escape(attack)) >= 3


def test_the_sheet_is_for_whoever_holds_the_case(town: Town, browser: Browser, case_id: int) -> None:
    """Unclaimed, it offers the claim; claimed, it is Dave's with his clock; Erin reads that another has it."""
    dave, erin = browser("dave"), browser("erin")
    before = _page(dave, case_id)
    dave.post(_at("claim", case_id))
    of_dave, of_erin = _page(dave, case_id), _page(erin, case_id)

    assert "Claim this case" in before
    assert _at("decide", case_id) not in before
    assert _at("decide", case_id) in of_dave
    assert "due in 15 min" in of_dave
    assert "Another moderator holds this case." in of_erin
    assert _at("decide", case_id) not in of_erin


def test_the_claims_clock_runs_and_runs_out(town: Town, browser: Browser, case_id: int) -> None:
    """The chip counts down; when another moderator has taken the case over, it says that the claim is gone."""
    dave = browser("dave")
    dave.post(_at("claim", case_id))
    town.pass_time(minutes=10)
    running = dave.get(_at("clock", case_id)).content.decode()
    town.pass_time(minutes=6)
    browser("erin").post(_at("claim", case_id))
    gone = dave.get(_at("clock", case_id)).content.decode()

    assert "due in 5 min" in running
    assert "your claim has run out" in gone


def test_releasing_gives_the_case_back(town: Town, browser: Browser, case_id: int) -> None:
    """Released undecided: anybody may claim it again, and the record says so."""
    dave = browser("dave")
    dave.post(_at("claim", case_id))
    response = dave.post(_at("release", case_id), follow=True)

    assert "back in the queue" in response.content.decode()
    assert CaseState.OPEN.value == Case.objects.get().state
    assert town.verbs()[-2:] == ["case.claimed", "case.released"]


def test_a_case_in_other_hands_cannot_be_taken(town: Town, browser: Browser, case_id: int) -> None:
    """Erin claims by name what Dave holds, and releases what is not hers: a sentence, and it stays Dave's."""
    erin = browser("erin")
    browser("dave").post(_at("claim", case_id))
    claimed = erin.post(_at("claim", case_id), follow=True).content.decode()
    released = erin.post(_at("release", case_id), follow=True).content.decode()

    assert "Another moderator is looking at this case." in claimed
    assert "You do not hold this case." in released
    assert town.members["dave"] == Case.objects.get().claimed_by_id


@pytest.mark.parametrize(
    ("action", "days"),
    [(action, "7" if action is Action.SUSPEND else "") for action in Action if action.value != "none"],
)
def test_the_preview_is_the_notice_to_the_letter(
    town: Town, browser: Browser, case_id: int, action: Action, days: str
) -> None:
    """What the moderator read before deciding is, word for word, what the author then gets."""
    dave = browser("dave")
    dave.post(_at("claim", case_id))
    sheet = _sheet(town, action=action.value, days=days, reason="Line one.\r\nLine two.")
    preview = dave.post(_at("preview", case_id), sheet, headers={"HX-Request": "true"}).content.decode()
    dave.post(_at("decide", case_id), sheet)
    (subject, body) = _letters(town, "bob")[0]

    assert escape(subject) in preview
    assert escape(body) in preview
    assert "<html" not in preview
    assert Decision.objects.get().reason == "Line one.\nLine two."


def test_without_script_the_preview_is_a_page_with_the_sheet_as_typed(
    town: Town, browser: Browser, case_id: int
) -> None:
    """The button next to the preview leads to the same page: notice shown, nothing lost, nothing decided."""
    dave = browser("dave")
    dave.post(_at("claim", case_id))
    page = dave.post(_at("preview", case_id), _sheet(town, reason="My careful words.")).content.decode()

    assert "<html" in page
    assert "Your post was removed" in page
    assert (
        '<textarea dir="auto" id="reason" name="reason" rows="3" maxlength="2000">My careful words.</textarea>' in page
    )
    assert Decision.objects.count() == 0


def test_deciding_acts_and_tells_everybody(town: Town, browser: Browser, case_id: int) -> None:
    """One form decides: the record has it, author and reporter have letters, and the case page keeps the decision."""
    dave = browser("dave")
    dave.post(_at("claim", case_id))
    answer = dave.post(_at("decide", case_id), _sheet(town), follow=True).content.decode()
    page = _page(dave, case_id)

    assert "Decided: remove." in answer
    assert town.verbs()[-5:] == ["case.claimed", "case.decided", "post.judged", "notice.sent", "notice.sent"]
    assert [subject for subject, _body in _letters(town, "bob")] == ["Your post was removed (The Plaza)"]
    assert [subject for subject, _body in _letters(town, "carol")] == ["Your report was decided (The Plaza)"]
    assert "This case is decided." in page
    assert "It is a threat." in page


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"action": ""}, "Choose what should happen."),
        ({"action": "banish"}, "There is no such action."),
        ({"clause": ""}, "Choose the clause that was broken."),
        ({"clause": "1"}, "That clause is not in the policy in force."),
        ({"action": "suspend", "days": ""}, "A suspension lasts 1, 3, 7 or 30 days."),
        ({"action": "suspend", "days": "2"}, "A suspension has one of the lengths on offer."),
        ({"reason": "x" * 2001}, "2000"),
    ],
)
def test_a_decision_that_lacks_something_comes_back_as_typed(
    town: Town, browser: Browser, case_id: int, typed: dict[str, str], sentence: str
) -> None:
    """The sentence stands beside the field, the typed reason is still there, nothing was decided."""
    dave = browser("dave")
    dave.post(_at("claim", case_id))
    sheet = _sheet(town, **{"reason": "My careful words.", **typed})
    response = dave.post(_at("decide", case_id), sheet)
    page = response.content.decode()

    assert response.status_code == 422
    assert sentence in page
    assert str(sheet["reason"]) in page
    assert CaseState.CLAIMED.value == Case.objects.get().state


def test_a_length_chosen_for_another_action_means_nothing(town: Town, browser: Browser, case_id: int) -> None:
    """Whoever chose to suspend for a week and then only to warn has decided to warn."""
    dave = browser("dave")
    dave.post(_at("claim", case_id))
    dave.post(_at("decide", case_id), _sheet(town, action="warn", days="7"))

    assert Decision.objects.values_list("action", "until").get() == ("warn", None)


def test_a_claim_that_ran_out_decides_nothing_and_loses_no_words(town: Town, browser: Browser, case_id: int) -> None:
    """Dave decides too late: a sentence, his reason to copy, and a case that is still undecided."""
    dave = browser("dave")
    dave.post(_at("claim", case_id))
    town.pass_time(seconds=(CLAIM_TIME + timedelta(seconds=1)).total_seconds())
    response = dave.post(_at("decide", case_id), _sheet(town, reason="My careful words."))
    page = response.content.decode()

    assert response.status_code == 409
    assert "You do not hold this case any more; claim it again." in page
    assert "My careful words." in page
    assert Decision.objects.count() == 0


def test_what_was_decided_before_on_the_same_author_is_known(town: Town, browser: Browser, case_id: int) -> None:
    """A second case about Bob shows the first decision with its clause and reason."""
    town.decide("dave", Action.REMOVE)
    town.report("carol", town.post("bob", PLAIN).post_id)
    second = Case.objects.exclude(pk=case_id).get().pk
    page = _page(browser("erin"), second)

    assert "Remove" in page
    assert "It is a threat." in page


def test_a_post_changed_since_is_judged_as_it_stood(town: Town, browser: Browser, case_id: int) -> None:
    """The page says that it reads differently now, and shows the text that was reported."""
    from wardmote.journeys.members import delete_post

    post_id = int(Case.objects.get().subject.rsplit(":", 1)[1])
    delete_post.delete_post(
        community_id=town.plaza, member_id=town.members["bob"], post_id=post_id, now=town.pass_time(seconds=1)
    )
    page = _page(browser("dave"), case_id)

    assert "It reads differently now, or is gone." in page
    assert "Somebody should teach you." in page
