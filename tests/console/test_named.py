"""Whoever is named in a thing, or answered by it, does not judge it."""

import re

import pytest
from django.urls import reverse
from tests.console.conftest import Browser
from tests.scenario import QUEUED, Town

from wardmote.communities.policy import Action
from wardmote.journeys.moderators import review
from wardmote.kernel.errors import Refused
from wardmote.moderation.models import Appeal, Case
from wardmote.moderation.policy.parties import names

NAMES_YOU = "This names you or answers you; somebody else must decide it."


def _words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.mark.parametrize("text", ["@Dave is a liar.", "dave is a liar.", "What a liar, DAVE!", "d\u200bave lies"])
def test_who_is_named_is_not_given_the_case(town: Town, browser: Browser, text: str) -> None:
    """Bob insults Dave: Dave is given nothing and refused the case by name, Erin gets it, and it is not taken."""
    town.report("carol", town.post("bob", text).post_id)
    case_id = Case.objects.get().pk
    given = review.claim_next(community_id=town.plaza, member_id=town.members["dave"], now=town.now)

    assert given is None
    with pytest.raises(Refused, match="names you or answers you"):
        review.claim(community_id=town.plaza, member_id=town.members["dave"], case_id=case_id, now=town.now)
    assert "case.claimed" not in town.verbs()
    assert case_id == review.claim_next(community_id=town.plaza, member_id=town.members["erin"], now=town.now)


def test_the_queue_says_why_one_may_not_take_a_case(town: Town, browser: Browser) -> None:
    """Dave reads in his queue that somebody else decides, and can open the case all the same; Erin reads nothing."""
    town.report("carol", town.post("bob", "@dave should go.").post_id)
    queue, case_id = reverse("console:queue"), Case.objects.get().pk
    of_dave, of_erin = (_words(browser(name).get(queue).content.decode()) for name in ("dave", "erin"))

    assert NAMES_YOU in of_dave
    assert NAMES_YOU not in of_erin
    assert browser("dave").get(reverse("console:case", args=[case_id])).status_code == 200


def test_ones_own_post_says_so_in_the_queue_and_leads_nowhere(town: Town, browser: Browser) -> None:
    """Dave's own post waits: his row has a sentence, and neither a link nor what was reported."""
    town.report("carol", town.post("dave", "Go home.").post_id)
    page = browser("dave").get(reverse("console:queue")).content.decode()

    assert "You wrote this; somebody else must decide it." in page
    assert reverse("console:case", args=[Case.objects.get().pk]) not in page


def test_who_is_answered_and_whose_thread_it_is_do_not_judge_an_answer(town: Town, browser: Browser) -> None:
    """Under Erin's post Dave answers, and Bob answers Dave: neither of the two is given Bob's, Alice is."""
    first = town.post("erin", "The lamp is broken.")
    second = town.post("dave", "It is.", answers=first.post_id)
    town.report("carol", town.post("bob", "You are a fool.", answers=second.post_id).post_id)
    given = {
        name: review.claim_next(community_id=town.plaza, member_id=town.members[name], now=town.now)
        for name in ("dave", "erin", "alice")
    }

    assert given == {"dave": None, "erin": None, "alice": Case.objects.get().pk}


def test_who_is_named_does_not_hear_the_appeal(town: Town, browser: Browser) -> None:
    """Erin decided about an insult against Dave: the appeal is Alice's to hear, and Dave's list says why not his."""
    town.report("carol", town.post("bob", "@dave should go.").post_id)
    town.appeal("bob", town.decide("erin", Action.HIDE))
    appeal_id = Appeal.objects.get().pk
    with pytest.raises(Refused, match="names you or answers you"):
        town.hear("dave", appeal_id, reverse=False)
    listed = _words(browser("dave").get(reverse("console:appeals")).content.decode())
    town.hear("alice", appeal_id, reverse=False)

    assert NAMES_YOU in listed
    assert "appeal.decided" in town.verbs()


def test_a_case_that_nobody_may_decide_says_so(town: Town, browser: Browser) -> None:
    """Bob names every moderator and the owner: the queue sends them to the host."""
    town.report("carol", town.post("bob", "@alice @dave @erin, all of you.").post_id)
    page = _words(browser("erin").get(reverse("console:queue")).content.decode())

    assert "Nobody here may decide it" in page


def test_names_an_edit_brought_in_count_too(town: Town, browser: Browser) -> None:
    """Bob's post named nobody when it was queued; edited while it is open it names Dave, who cannot decide it."""
    from wardmote.journeys.members import edit_post

    post = town.post("bob", QUEUED)
    case_id = review.claim_next(community_id=town.plaza, member_id=town.members["dave"], now=town.now)
    assert case_id is not None
    edit_post.edit_post(
        community_id=town.plaza,
        member_id=town.members["bob"],
        post_id=post.post_id,
        text="I mean @dave.",
        now=town.pass_time(seconds=1),
    )
    row = reverse("console:queue")

    assert NAMES_YOU in _words(browser("dave").get(row).content.decode())


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("ask will tomorrow", False),
        ("ask @will", True),
        ("mail will@example.org", False),
        ("Will Porter lies", True),
        ("will porter lies", True),
        ("willow", False),
    ],
)
def test_a_name_that_is_a_word_needs_its_sign_or_its_whole(text: str, named: bool) -> None:
    """@will and the full name Will Porter name him; the word "will" names nobody."""
    assert names(text, handle="will", display_name="Will Porter", shared=False) is named


@pytest.mark.parametrize("claimed", [False, True])
def test_a_case_offers_nothing_to_who_may_not_decide_it(town: Town, browser: Browser, claimed: bool) -> None:
    """Bob names Dave, Erin reports it: each reads on its own page why not, and no button claims it; Alice has one."""
    town.report("erin", town.post("bob", "@dave should go.").post_id)
    case_id = Case.objects.get().pk
    page, claim = reverse("console:case", args=[case_id]), reverse("console:claim", args=[case_id])
    if claimed:
        review.claim(community_id=town.plaza, member_id=town.members["alice"], case_id=case_id, now=town.now)
    of = {name: browser(name).get(page).content.decode() for name in ("dave", "erin", "alice")}

    assert [name for name in of if claim in of[name]] == ([] if claimed else ["alice"])
    assert (NAMES_YOU in of["dave"]) is not claimed
    assert ("You reported this; somebody else must decide it." in of["erin"]) is not claimed
    assert "somebody else must decide it" not in of["alice"]
    assert ("case.claimed" in town.verbs()) is claimed


def test_a_case_of_ones_own_says_that_somebody_else_decides(town: Town, browser: Browser) -> None:
    """Dave's own post: its case shows him the sentence and no report."""
    town.report("carol", town.post("dave", "Go home.").post_id)
    answer = browser("dave").get(reverse("console:case", args=[Case.objects.get().pk]))

    assert answer.status_code == 403
    assert "You wrote this; somebody else must decide it." in answer.content.decode()


def test_the_page_of_a_case_that_nobody_may_decide_says_so(town: Town, browser: Browser) -> None:
    """Bob names every moderator and the owner: the case's own page says it as the queue does, with the same button."""
    town.report("carol", town.post("bob", "@alice @dave @erin, all of you.").post_id)
    case_id = Case.objects.get().pk
    page = browser("erin").get(reverse("console:case", args=[case_id])).content.decode()

    assert "Nobody here may decide it" in page
    assert reverse("console:hand-on", args=[case_id]) in page
