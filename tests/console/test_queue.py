import re

import pytest
from django.urls import reverse
from tests.console.conftest import Browser
from tests.scenario import HELD, PLAIN, QUEUED, Town

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


def _wait(town: Town, count: int) -> None:
    """That many cases in the general lane, reported by Carol."""
    for number in range(count):
        town.report("carol", town.post("bob", f"You are rude, number {number}.").post_id, ReportReason.HARASSMENT)


def test_a_long_queue_goes_on_page_by_page(town: Town, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """With two on a page, five cases and a threat are three pages; each is shown once, none says that no more wait."""
    monkeypatch.setattr("wardmote.edges.console.moderators.queue._PAGE", 2)
    _wait(town, 5)
    town.post("bob", HELD)
    dave, address = browser("dave"), reverse("console:queue")
    found: list[list[str]] = []
    for _ in range(3):
        page = dave.get(address).content.decode()
        found.append(re.findall(r'class="why" href="([^"]+)"', page))
        assert "Nothing else waits." not in page
        onwards = re.search(r'rel="next" href="([^"]+)"', page)
        address = reverse("console:queue") + onwards[1].replace("&amp;", "&") if onwards else ""

    assert address == ""
    assert [len(page) for page in found] == [2, 2, 2]
    assert len({case for page in found for case in page}) == 6
    assert found[0][0] == reverse("console:case", args=[Case.objects.get(lane="threat").pk])


def test_the_queue_is_filtered(town: Town, browser: Browser) -> None:
    """By lane, by what it came by, by category, author and age; a senseless filter is none."""
    town.report("carol", town.post("bob", "You are rude.").post_id, ReportReason.HARASSMENT)
    town.pass_time(hours=30)
    town.report("bob", town.post("carol", "Buy lamps.").post_id, ReportReason.SPAM)
    town.post("bob", HELD)
    rude, spam, threat = Case.objects.order_by("pk")
    dave = browser("dave")

    def shown(**asked: str) -> set[int]:
        page = dave.get(reverse("console:queue"), asked).content.decode()
        return {int(pk) for pk in re.findall(r'class="why" href="/console/cases/(\d+)"', page)}

    assert shown(lane="threat") == {threat.pk}
    assert shown(source="screening") == {threat.pk}
    assert shown(category="spam") == {spam.pk}
    assert shown(author="@bob") == {rude.pk, threat.pk}
    assert shown(age="24") == {rude.pk}
    assert shown(lane="general", author="bob") == {rude.pk}
    assert shown(lane="elsewhere", age="soon", after="٣.x.1") == {rude.pk, spam.pk, threat.pk}


def test_a_row_says_why_it_waits(town: Town, browser: Browser) -> None:
    """Beside the covered words: what members call it and what screening makes of it."""
    town.report("carol", town.post("bob", QUEUED).post_id, ReportReason.HARASSMENT)
    page = _text(browser("dave").get(reverse("console:queue")).content.decode())

    assert "1 member reports it: harassment. Screening: threat possible (0.60)." in page
