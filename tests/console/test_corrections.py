"""A correction is written on the same sheet as a decision, and every letter that it causes says what it corrects."""

import re
from html import unescape

from django.urls import reverse
from pytest_django import Settings
from tests.console.conftest import Browser
from tests.scenario import HELD, PLAIN, THREAT, Town, run_jobs
from tests.sheets import fill_in

from wardmote.communities.policy import Action
from wardmote.config.tables import compare
from wardmote.journeys.members import edit_post
from wardmote.moderation.models import Case, Decision
from wardmote.notices import queries as notices

REASON = "It calls a man a thief."
WHY = "I took a line of a song for an insult."


def _at(step: str, number: int) -> str:
    return reverse(f"console:{step}", args=[number])


def _letters(town: Town, name: str) -> list[notices.NoticeView]:
    rows = notices.inbox(community_id=town.plaza, person_id=town.people[name])
    found = [
        notices.notice(community_id=town.plaza, person_id=town.people[name], notice_id=row.notice_id) for row in rows
    ]
    return [letter for letter in found if letter is not None]


def _said(page: bytes) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page.decode())))


def _hidden(town: Town) -> int:
    """Dave hides what Carol reported of Bob's; gives the case."""
    town.report("carol", town.post("bob", PLAIN).post_id)
    town.decide("dave", Action.HIDE, key="2.1", reason=REASON)
    return Case.objects.get().pk


def test_the_author_is_written_what_the_sheet_showed(town: Town, browser: Browser) -> None:
    """Dave sees the letter word for word before he corrects, of no action and of a label; that letter leaves."""
    case_id, dave = _hidden(town), browser("dave")
    for typed in (
        {"action": "none", "why": WHY},
        {"action": "label", "clause": town.clause("2.1").id, "reason": "It names a man.", "why": "One reads it twice."},
    ):
        sheet = fill_in(dave, _at("correct", case_id), typed)
        shown = dave.post(
            _at("preview", case_id), {**sheet, "correcting": "1"}, headers={"HX-Request": "true"}
        ).content.decode()
        town.pass_time(seconds=1)
        assert dave.post(_at("correct", case_id), sheet).status_code == 302
        letter = _letters(town, "bob")[0]

        assert "The author will read" in dave.get(_at("correct", case_id)).content.decode()
        assert letter.subject in unescape(shown)
        assert letter.body.strip() in unescape(shown)


def test_the_sheet_says_when_letters_leave(town: Town, browser: Browser, settings: Settings) -> None:
    """A decision's after five minutes; a correction's at once, before it is made and after."""
    case_id, dave = _hidden(town), browser("dave")
    settings.WARDMOTE_UNDO_MINUTES = 5
    page = _said(dave.get(_at("correct", case_id)).content)
    done = dave.post(_at("correct", case_id), fill_in(dave, _at("correct", case_id), {"action": "none", "why": WHY}))
    town.post("bob", HELD)
    other = Case.objects.order_by("-pk")[0].pk
    dave.post(_at("claim", other))
    sheet = _said(dave.get(_at("case", other)).content)
    typed = {"action": "remove", "clause": town.clause().id, "reason": "It is a threat."}
    said = dave.post(_at("decide", other), fill_in(dave, _at("case", other), typed), follow=True)

    assert "The letters leave at once. A correction is not taken back" in page
    assert done.status_code == 302
    assert "The letters leave 5 minutes after you decide" in sheet
    assert "The letters leave in 5 minutes; until then you can take it back." in _said(said.content)
    assert "are told" not in _said(said.content)


def test_the_old_reason_is_not_on_record_for_no_action(town: Town, browser: Browser) -> None:
    """The field is empty; the old reason is a press away, and is refused beside "no action"."""
    case_id, dave = _hidden(town), browser("dave")
    address = _at("correct", case_id)
    page = dave.get(address).content.decode()
    field = re.search(r'<textarea[^>]*id="reason"[^>]*>([^<]*)</textarea>', page)
    pressed = dave.post(
        _at("preview", case_id),
        fill_in(dave, address, {"action": "hide", "template": "before", "why": WHY, "correcting": "1"}),
    )
    sheet = fill_in(dave, address, {"action": "none", "why": WHY})
    refused = dave.post(address, {**sheet, "reason": REASON})
    done = dave.post(address, sheet)
    decision = Decision.objects.order_by("-pk")[0]

    assert field is not None
    assert field[1] == ""
    assert f">{REASON}</textarea>" in pressed.content.decode()
    assert refused.status_code == 422
    assert "This is the reason of the decision before." in refused.content.decode()
    assert (done.status_code, decision.action, decision.reason, decision.correction) == (302, "none", "", WHY)
    assert "case.corrected" in town.verbs()
    assert compare().sound


def test_a_correction_names_the_text_that_it_judges(town: Town, browser: Browser) -> None:
    """Bob edited between report and decision: Dave corrects to the first text; record, letter and table say that."""
    post = town.post("bob", f"You are a thief, baker. [{THREAT} 0.6]")
    town.report("carol", post.post_id)
    edit_post.edit_post(
        community_id=town.plaza,
        member_id=town.members["bob"],
        post_id=post.post_id,
        text="You bake well, baker.",
        now=town.pass_time(seconds=1),
    )
    town.decide("dave", Action.HIDE, key="2.1", reason=REASON)
    case_id, dave = Case.objects.get().pk, browser("dave")
    address = _at("correct", case_id)
    page = dave.get(address).content.decode()
    options = re.findall(r'<option value="([0-9a-f]{64})"( selected)?', page)
    (first,) = [value for value, selected in options if not selected]
    typed = {"action": "hide", "clause": town.clause("2.1").id, "reason": REASON, "why": "It was the first text."}
    done = dave.post(address, fill_in(dave, address, {**typed, "judged": first}))

    assert len(options) == 2
    assert done.status_code == 302
    assert Decision.objects.order_by("-pk")[0].item.content_hash == first
    assert "You are a thief" in _letters(town, "bob")[0].body
    assert compare().sound


def test_a_reporter_reads_that_the_second_answer_corrects_the_first(town: Town, browser: Browser) -> None:
    """Carol was told that it was hidden; that it breaks no rule comes as a correction, and so does another action."""
    case_id, dave = _hidden(town), browser("dave")
    address = _at("correct", case_id)
    for typed in (
        {"action": "none", "why": WHY},
        {"action": "label", "clause": town.clause("2.1").id, "reason": "It names a man.", "why": "One reads it twice."},
    ):
        town.pass_time(seconds=1)
        dave.post(address, fill_in(dave, address, typed))
    last, second, first = _letters(town, "carol")

    assert "hidden behind a notice" in first.body
    assert "takes the place" not in first.body
    for letter in (second, last):
        assert letter.subject == "Our answer to your report is corrected (The Plaza)"
        assert letter.body.startswith("This takes the place of our earlier answer to your report.")
    assert "does not break the rules" in second.body
    assert "carries a label" in last.body


def test_a_reporter_who_has_read_nothing_reads_no_correction(town: Town, browser: Browser, settings: Settings) -> None:
    """The first letters still wait when Alice corrects: Carol reads one answer, the right one; Bob, who could see that
    his post was hidden, that it is undone."""
    settings.WARDMOTE_UNDO_MINUTES = 5
    case_id, alice = _hidden(town), browser("alice")
    address = _at("correct", case_id)
    alice.post(address, fill_in(alice, address, {"action": "none", "why": WHY}))
    run_jobs(town.pass_time(minutes=6))

    assert [letter.subject for letter in _letters(town, "carol")] == ["Your report was decided (The Plaza)"]
    assert "does not break the rules" in _letters(town, "carol")[0].body
    assert [letter.subject for letter in _letters(town, "bob")] == [
        "The decision about your post is undone (The Plaza)"
    ]


def test_a_reporters_page_says_that_an_appeal_reversed_it(town: Town, browser: Browser) -> None:
    """Erin reverses Dave: among Carol's reports it is not only that a moderator acted."""
    town.report("carol", town.post("bob", PLAIN).post_id)
    town.hear("erin", town.appeal("bob", town.decide("dave", Action.HIDE)), reverse=True)

    assert "reversed on appeal" in browser("carol").get("/reports").content.decode()


def test_a_decided_case_says_how_the_post_is_now(town: Town, browser: Browser) -> None:
    """Held, removed, reversed on appeal: the head of the case follows, and never says again that nobody sees it."""
    town.post("bob", HELD)
    case_id, dave = Case.objects.get().pk, browser("dave")
    held = _said(dave.get(_at("case", case_id)).content)
    decision_id = town.decide("dave", Action.REMOVE)
    removed = _said(dave.get(_at("case", case_id)).content)
    town.hear("erin", town.appeal("bob", decision_id), reverse=True)
    back = _said(dave.get(_at("case", case_id)).content)

    assert "held: nobody sees it until you decide" in held
    assert "decided: nobody else reads it" in removed
    assert "decided: everybody can see it" in back
    assert "until you decide" not in removed + back


def test_what_screening_pointed_out_is_told_with_the_score_by_which_it_came(town: Town, browser: Browser) -> None:
    """Alice's rules have threats looked at from 0.15 on: a score of 0.2 is shown as what brought the case, and a
    higher one of a category that has no rule so strict does not take its place."""
    text = "Bring petrol on Friday."
    policy_at(town, queue_at=0.15)
    town.post("bob", f"{text} [{THREAT} 0.20] [harassment 0.24]")
    case_id, dave = Case.objects.get().pk, browser("dave")
    pages = (_said(dave.get(reverse("console:queue")).content), _said(dave.get(_at("case", case_id)).content))

    for page in pages:
        assert "Screening: threat unlikely (0.20); the rules here have that looked at." in page
        assert "Screening sees nothing likely in it" not in page


def policy_at(town: Town, *, queue_at: float) -> None:
    """The rule against threats sends texts to people from another score on."""
    from wardmote.communities.models import Clause

    Clause.objects.filter(policy__community_id=town.plaza, key="1.1").update(queue_at=queue_at)
