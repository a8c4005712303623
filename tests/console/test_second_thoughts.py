"""A decision is taken back before its letters leave, corrected once they have, and a case is handed on."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings
from tests.console.conftest import Browser
from tests.scenario import HELD, PLAIN, QUEUED, Town, run_jobs
from tests.sheets import fill_in

from wardmote.communities.policy import Action
from wardmote.communities.queries import standing_of_member
from wardmote.config.tables import compare
from wardmote.journeys.members import edit_post, erase, export
from wardmote.journeys.moderators import review
from wardmote.moderation.models import Appeal, Case, CaseNote, Decision, ReasonTemplate
from wardmote.moderation.policy import CaseState
from wardmote.network.models import Post
from wardmote.notices import queries as notices


@pytest.fixture
def undo_time(town: Town, settings: Settings) -> None:
    settings.WARDMOTE_UNDO_MINUTES = 5


def _at(step: str, number: int) -> str:
    return reverse(f"console:{step}", args=[number])


def _letters(town: Town, name: str) -> list[str]:
    return [row.subject for row in notices.inbox(community_id=town.plaza, person_id=town.people[name])]


def _take_back(client: Client, decision_id: int, page: str = "") -> "tuple[int, str]":
    """Press the button of the bar on the queue (or on `page`, as it was when it was opened)."""
    html = page or client.get(reverse("console:queue")).content.decode()
    bar = re.search(r'take-back".*?name="seen" value="([^"]*)"', html, re.DOTALL)
    assert bar is not None, "there is nothing to take back on this page"
    answer = client.post(_at("take-back", decision_id), {"seen": bar[1]}, follow=True)
    return answer.status_code, answer.content.decode()


def test_a_decision_acts_at_once_and_its_letters_wait(town: Town, undo_time: None) -> None:
    """Removed at once; author and reporter hear of it when five minutes are over, and only once."""
    post = town.post("bob", PLAIN)
    town.report("carol", post.post_id)
    town.decide("dave", Action.REMOVE)
    at_once = Post.objects.get().visibility, _letters(town, "bob"), _letters(town, "carol")
    run_jobs(town.pass_time(minutes=4))
    before = _letters(town, "bob")
    run_jobs(town.pass_time(minutes=2))
    run_jobs(town.pass_time(minutes=2))

    assert at_once == ("removed", [], [])
    assert before == []
    assert _letters(town, "bob") == ["Your post was removed (The Plaza)"]
    assert _letters(town, "carol") == ["Your report was decided (The Plaza)"]


def test_taken_back_nobody_is_written_to_and_the_case_is_open_again(
    town: Town, browser: Browser, undo_time: None
) -> None:
    """Dave suspends by mistake and takes it back: post and account are as before, no letter leaves, both on record."""
    town.report("carol", town.post("bob", PLAIN).post_id)
    decision_id = town.decide("dave", Action.SUSPEND, days=7)
    status, page = _take_back(browser("dave"), decision_id)
    run_jobs(town.pass_time(minutes=10))
    standing = standing_of_member(community_id=town.plaza, member_id=town.members["bob"])
    case = Case.objects.get()

    assert status == 200
    assert "Taken back" in page
    assert (Post.objects.get().visibility, standing.suspended_until) == ("public", None)
    assert (case.state, case.claimed_by_id) == (CaseState.CLAIMED.value, town.members["dave"])
    assert _letters(town, "bob") == _letters(town, "carol") == []
    assert [verb for verb in town.verbs() if verb.startswith("case.")] == [
        "case.opened",
        "case.claimed",
        "case.decided",
        "case.taken_back",
    ]
    assert compare().sound


def test_an_appeal_before_the_letters_sends_them_first(town: Town, browser: Browser, undo_time: None) -> None:
    """Bob appeals from the page at once and is right: he still reads the reasons, Carol her answer, each once."""
    town.report("carol", town.post("bob", PLAIN).post_id)
    decision_id = town.decide("dave", Action.REMOVE)
    dave = browser("dave")
    bar = dave.get(reverse("console:queue")).content.decode()
    answer = browser("bob").post(f"/why/{decision_id}/appeal", {"text": "It names nobody."})
    told = _letters(town, "bob"), _letters(town, "carol")
    town.hear("erin", Appeal.objects.get().pk, reverse=True)
    run_jobs(town.pass_time(minutes=10))

    assert answer.status_code == 302
    assert told == (["Your post was removed (The Plaza)"], ["Your report was decided (The Plaza)"])
    assert len(_letters(town, "bob")) == 2
    assert len(_letters(town, "carol")) == 1
    assert _take_back(dave, decision_id, bar)[0] == 409
    assert "appeal.decided" in town.verbs()
    assert compare().sound


def test_a_hold_holds_again_once_its_decision_is_taken_back(town: Town, browser: Browser, undo_time: None) -> None:
    """A held threat is published by mistake; taken back, nobody reads it any more."""
    town.post("bob", HELD)
    decision_id = town.decide("dave", Action.NONE)
    published = Post.objects.get().visibility
    _take_back(browser("dave"), decision_id)

    assert published == "public"
    assert Post.objects.get().visibility == "held"


def test_a_taken_back_case_is_decided_anew(town: Town, browser: Browser, undo_time: None) -> None:
    """The second decision is what the author hears of, once."""
    town.report("carol", town.post("bob", PLAIN).post_id)
    _take_back(browser("dave"), town.decide("dave", Action.REMOVE))
    town.decide("dave", Action.HIDE)
    run_jobs(town.pass_time(minutes=6))

    assert _letters(town, "bob") == ["Your post was hidden (The Plaza)"]
    assert Post.objects.get().visibility == "hidden"
    assert compare().sound


def test_only_the_decider_takes_it_back_and_only_in_time(town: Town, browser: Browser, undo_time: None) -> None:
    """Erin is refused; Dave is refused after five minutes, and is offered no button then."""
    town.report("carol", town.post("bob", PLAIN).post_id)
    decision_id = town.decide("dave", Action.REMOVE)
    dave = browser("dave")
    page = dave.get(reverse("console:queue")).content.decode()
    of_erin = browser("erin").get(reverse("console:queue")).content.decode()
    erin, _page = _take_back(browser("erin"), decision_id, page)
    town.pass_time(minutes=5)
    late, said = _take_back(dave, decision_id, page)

    assert "take-back" not in of_erin
    assert (erin, late) == (403, 409)
    assert "It is too late" in said
    assert "take-back" not in dave.get(reverse("console:queue")).content.decode()
    assert Decision.objects.get().reversed_at is None


def test_what_changed_meanwhile_is_not_published_by_an_undo(town: Town, browser: Browser, undo_time: None) -> None:
    """Bob edits the labelled post into a threat: taking the label back from the page of before is a conflict."""
    post = town.post("bob", PLAIN)
    town.report("carol", post.post_id)
    decision_id = town.decide("dave", Action.LABEL)
    dave = browser("dave")
    page = dave.get(reverse("console:queue")).content.decode()
    edit_post.edit_post(
        community_id=town.plaza,
        member_id=town.members["bob"],
        post_id=post.post_id,
        text="I will find you all.",
        now=town.pass_time(seconds=1),
    )
    status, said = _take_back(dave, decision_id, page)

    assert status == 409
    assert "The text was changed after you opened this page." in said
    assert Post.objects.get().label == "No threats"
    assert "case.taken_back" not in town.verbs()


def test_a_decision_whose_letters_have_left_is_corrected(town: Town, browser: Browser, undo_time: None) -> None:
    """Dave corrects a removal to none: the post is back, Bob reads why, Carol hears it, both decisions on record."""
    town.report("carol", town.post("bob", PLAIN).post_id)
    town.decide("dave", Action.REMOVE)
    run_jobs(town.pass_time(minutes=6))
    dave, case_id = browser("dave"), Case.objects.get().pk
    sheet = fill_in(
        dave, _at("correct", case_id), {"action": "none", "reason": "", "why": "I took a song for a threat."}
    )
    answer = dave.post(_at("correct", case_id), sheet, follow=True).content.decode()
    (newest,) = notices.inbox(community_id=town.plaza, person_id=town.people["bob"], limit=1)
    letter = notices.notice(community_id=town.plaza, person_id=town.people["bob"], notice_id=newest.notice_id)

    assert "Corrected." in answer
    assert Post.objects.get().visibility == "public"
    assert letter is not None
    assert "is undone" in letter.subject
    assert "I took a song for a threat." in letter.body
    assert len(_letters(town, "carol")) == 2
    assert "case.corrected" in town.verbs()
    assert Decision.objects.filter(reversed_at=None).get().corrects is not None
    assert compare().sound


def test_a_correction_says_what_was_wrong_and_is_the_deciders_or_the_owners(town: Town, browser: Browser) -> None:
    """Without a reason it comes back as typed; Erin is refused; after an appeal nobody corrects."""
    town.report("carol", town.post("bob", PLAIN).post_id)
    decision_id = town.decide("dave", Action.REMOVE)
    case_id, typed = (
        Case.objects.get().pk,
        {"action": "warn", "clause": town.clause().id, "reason": "A warning is enough."},
    )
    dave, erin = browser("dave"), browser("erin")
    address = _at("correct", case_id)
    silent = dave.post(address, fill_in(dave, address, typed))
    of_erin = erin.post(address, fill_in(erin, address, {**typed, "why": "I disagree."}))
    town.appeal("bob", decision_id)
    late = dave.post(address, fill_in(dave, address, {**typed, "why": "Too hard."}))

    assert (silent.status_code, of_erin.status_code, late.status_code) == (422, 403, 409)
    assert "A warning is enough." in silent.content.decode()
    assert Decision.objects.count() == 1


def test_a_case_is_handed_over_with_a_note(town: Town, browser: Browser) -> None:
    """Dave hands his case to Erin: it is on top of her queue with his note, she is given it first, Alice is not."""
    town.post("bob", QUEUED)
    dave, erin = browser("dave"), browser("erin")
    case_id = Case.objects.get().pk
    dave.post(_at("claim", case_id))
    note = "You know the two; is it a joke?"
    dave.post(_at("hand-over", case_id), {"to": town.members["erin"], "note": note})
    queue = erin.get(reverse("console:queue")).content.decode()
    of_alice = review.claim_next(community_id=town.plaza, member_id=town.members["alice"], now=town.now)
    given = review.claim_next(community_id=town.plaza, member_id=town.members["erin"], now=town.now)

    assert "Handed to you" in queue
    assert (of_alice, given) == (None, case_id)
    assert note in erin.get(_at("case", case_id)).content.decode()
    assert town.verbs()[-4:] == ["case.claimed", "case.noted", "case.handed_over", "case.claimed"]
    assert compare().sound


def test_what_was_handed_over_waits_for_everybody_after_an_hour(town: Town, browser: Browser) -> None:
    """Erin is away: Alice is given it when the hour is over; nobody can hand it to somebody it names."""
    town.post("bob", QUEUED)
    case_id, dave = Case.objects.get().pk, browser("dave")
    dave.post(_at("claim", case_id))
    to_bob = dave.post(_at("hand-over", case_id), {"to": town.members["bob"], "note": "For you."})
    dave.post(_at("hand-over", case_id), {"to": town.members["erin"], "note": "For you."})
    town.pass_time(seconds=timedelta(hours=1).total_seconds())

    assert to_bob.status_code == 422
    assert case_id == review.claim_next(community_id=town.plaza, member_id=town.members["alice"], now=town.now)


def test_notes_are_for_moderators_alone(town: Town, browser: Browser) -> None:
    """Neither Bob's pages, his letters nor his export have a word of it; Dave's erasure empties it."""
    town.report("carol", town.post("bob", PLAIN).post_id)
    case_id, secret = Case.objects.get().pk, "He did the same last year."
    browser("dave").post(_at("note", case_id), {"note": secret})
    decision_id = town.decide("dave", Action.HIDE)
    bob = browser("bob")
    pages = [bob.get(path).content.decode() for path in (f"/why/{decision_id}", "/notices", "/measures")]
    taken = export.export_mine(community_id=town.plaza, member_id=town.members["bob"], now=town.now).decode()
    kept = browser("erin").get(_at("case", case_id)).content.decode()
    erase.erase_member(community_id=town.plaza, member_id=town.members["dave"], now=town.now)

    assert secret in kept
    assert secret not in "".join([*pages, taken])
    assert CaseNote.objects.get().text == ""
    assert compare().sound


def test_the_next_case_is_there_after_a_decision(town: Town, browser: Browser) -> None:
    """With the box ticked the next case is claimed and shown; unticked the list, and the choice is remembered."""
    for _ in range(3):
        town.report("carol", town.post("bob", PLAIN).post_id)
    dave = browser("dave")
    dave.post(reverse("console:next"))
    first = Case.objects.get(state=CaseState.CLAIMED.value).pk
    sheet: dict[str, object] = {"action": "none", "go_on_asked": "1"}
    onwards = dave.post(_at("decide", first), fill_in(dave, _at("case", first), {**sheet, "go_on": "on"}))
    second = Case.objects.get(state=CaseState.CLAIMED.value).pk
    ticked = dave.get(_at("case", second)).content.decode()
    back = dave.post(_at("decide", second), fill_in(dave, _at("case", second), sheet))
    dave.post(reverse("console:next"))
    third = Case.objects.get(state=CaseState.CLAIMED.value).pk

    assert onwards.headers["Location"] == _at("case", second)
    assert 'name="go_on" checked' in ticked
    assert back.headers["Location"] == reverse("console:queue")
    assert 'name="go_on" checked' not in dave.get(_at("case", third)).content.decode()


def test_a_reason_is_written_once_and_stands_on_every_sheet(town: Town, browser: Browser) -> None:
    """Dave writes one for clause 1.1; Erin's sheet offers it, puts it in without a script, and it can go again."""
    page = reverse("console:reasons")
    words = "You say what would be done to a person."
    browser("dave").post(page, {"clause_key": "1.1", "title": "Threat", "text": words})
    town.post("bob", QUEUED)
    case_id, erin = Case.objects.get().pk, browser("erin")
    erin.post(_at("claim", case_id))
    template = ReasonTemplate.objects.get().pk
    offered = erin.get(_at("case", case_id)).content.decode()
    filled = erin.post(_at("preview", case_id), fill_in(erin, _at("case", case_id), {"template": template}))
    sound = compare().sound
    erin.post(_at("reason-remove", template))

    assert words in offered
    assert f">{words}</textarea>" in filled.content.decode()
    assert sound
    assert ReasonTemplate.objects.count() == 0
    assert town.verbs()[-1] == "reason_template.removed"
