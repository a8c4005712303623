import re

from django.urls import reverse
from tests.console.conftest import Browser
from tests.town import HELD, PLAIN, QUEUED, Town

from wardmote.communities.policy import Action
from wardmote.moderation.models import Case
from wardmote.moderation.policy import CaseState, ReportReason


def _text(html: str) -> str:
    """The page's words, without marks and doubled blanks."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_the_queue_shows_both_lanes_with_the_threats_first(town: Town, browser: Browser) -> None:
    """A held threat stands above a reported rudeness, each in its lane, with the counts on top."""
    town.report("carol", town.post("bob", "You are rude.").post_id, ReportReason.HARASSMENT)
    town.post("bob", HELD)
    page = _text(browser("dave").get(reverse("console:queue")).content.decode())

    assert "1 threat waits" in page
    assert "1 in the general lane" in page
    assert page.index("Threat lane") < page.index("held by screening") < page.index("General lane")
    assert page.index("General lane") < page.index("1 member report")


def test_the_words_are_covered_until_asked_for(town: Town, browser: Browser) -> None:
    """Every excerpt starts covered; a moderator may uncover all, which lasts for their session alone."""
    town.post("bob", QUEUED)
    dave, queue = browser("dave"), reverse("console:queue")
    before = dave.get(queue).content.decode()
    back = dave.post(reverse("console:shield"), {"shield": "down", "next": queue})
    after, of_erin = dave.get(queue).content.decode(), browser("erin").get(queue).content.decode()

    assert '<details class="shield" data-shield>' in before
    assert queue == back.headers["Location"]
    assert '<details class="shield" data-shield open>' in after
    assert '<details class="shield" data-shield>' in of_erin


def test_uncovering_never_leads_off_the_desk(town: Town, browser: Browser) -> None:
    """An address of somebody else's in the form is ignored."""
    for address in ("https://elsewhere.example/console/", "//elsewhere.example", "/accounts/logout/"):
        response = browser("dave").post(reverse("console:shield"), {"shield": "down", "next": address})

        assert reverse("console:queue") == response.headers["Location"]


def test_claiming_the_next_opens_the_case_that_ranks_first(town: Town, browser: Browser) -> None:
    """Dave gets the threat, not the older rudeness, and the queue then shows it in his hands."""
    town.report("carol", town.post("bob", "You are rude.").post_id, ReportReason.HARASSMENT)
    town.post("bob", HELD)
    dave = browser("dave")
    response = dave.post(reverse("console:next"))
    claimed = Case.objects.get(state=CaseState.CLAIMED.value)

    assert reverse("console:case", args=[claimed.pk]) == response.headers["Location"]
    assert ("threat", town.members["dave"]) == (claimed.lane, claimed.claimed_by_id)
    assert "In your hands" in dave.get(reverse("console:queue")).content.decode()
    assert "In your hands" not in browser("erin").get(reverse("console:queue")).content.decode()


def test_an_empty_queue_says_so(town: Town, browser: Browser) -> None:
    """Nothing waits: the page says what will come here, and claiming says so too."""
    dave = browser("dave")
    page = dave.get(reverse("console:queue")).content.decode()
    answer = dave.post(reverse("console:next"), follow=True).content.decode()

    assert "Nothing waits" in page
    assert "Nothing waits that you may decide." in answer


def test_decided_cases_stay_with_what_was_done(town: Town, browser: Browser) -> None:
    """The decided list names action and clause, and says whose it was to the decider alone."""
    town.report("carol", town.post("bob", PLAIN).post_id)
    town.decide("dave", Action.HIDE)
    of_dave = _text(browser("dave").get(reverse("console:decided")).content.decode())
    of_erin = _text(browser("erin").get(reverse("console:decided")).content.decode())

    assert "Hide" in of_erin
    assert "1.1 No threats" in of_erin
    assert "by you" in of_dave
    assert "by you" not in of_erin
    assert "@dave" not in of_erin


def test_the_decided_list_goes_back_page_by_page(town: Town, browser: Browser) -> None:
    """What is older than the first page is one link away; a senseless position shows the first page."""
    town.report("carol", town.post("bob", PLAIN).post_id)
    decision_id = town.decide("dave", Action.HIDE)
    dave = browser("dave")
    older = dave.get(reverse("console:decided"), {"before": decision_id}).content.decode()
    senseless = dave.get(reverse("console:decided"), {"before": "٣x"}).content.decode()

    assert "Nothing has been decided yet" in older
    assert "1.1" in senseless


def test_a_claim_made_by_a_clock_that_ran_ahead_holds_nobody_up(town: Town, browser: Browser) -> None:
    """Dave claims while the clock is an hour fast; once it is right, Erin need not wait until it has caught up."""
    town.post("bob", HELD)
    case = Case.objects.get()
    claim = reverse("console:claim", args=[case.pk])
    dave, erin = browser("dave"), browser("erin")
    town.pass_time(hours=1)
    dave.post(claim)
    town.pass_time(hours=-1)
    erin.post(claim)
    case.refresh_from_db()

    assert case.claimed_by_id == town.members["erin"]
    assert town.verbs()[-3:] == ["case.claimed", "case.claim_expired", "case.claimed"]
