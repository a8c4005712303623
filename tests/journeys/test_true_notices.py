"""Letters say what is so when they are written: each kind of letter against whatever may have happened by then."""

from typing import Any

import pytest
from tests.scenario import HELD, PLAIN, Town

from wardmote.communities.policy import Action
from wardmote.journeys.members import delete_post, edit_post
from wardmote.moderation import queries
from wardmote.moderation.models import Case
from wardmote.notices import queries as notices
from wardmote.notices.policy import Fate, Measure, appeal_answer, fates, released, report_answer, statement_of_reasons
from wardmote.record import queries as record

NAMED = {"thing": "post", "community": "The Plaza", "until": "23 November 2026, 12:00 UTC", "clause": "Threats"}
VISIBLE = ("Everybody can see it now", "Everybody can still read", "stays as it is", "was removed", "was hidden")
"""What must not be said of what its author took away."""


def measure(town: Town, action: Action, fate: Fate, *, was_held: bool = False, edited: bool = False) -> Measure:
    clause = town.clause()
    return Measure(
        community="The Plaza",
        thing="post",
        quote=PLAIN,
        action=action,
        clause_key=clause.key,
        clause_title="Threats",
        clause_text=clause.text,
        reason="Why.",
        until=town.now.replace(day=23) if action is Action.SUSPEND else None,
        from_reports=True,
        from_screening=False,
        from_host=False,
        appeal_until=town.now,
        fate=fate,
        was_held=was_held,
        edited=edited,
    )


@pytest.mark.parametrize("fate", list(Fate))
def test_every_letter_has_a_sentence_for_every_fate(town: Town, fate: Fate) -> None:
    """Released, reasons for each measure, answers to reporter and appellant: the table's sentence, no false one."""
    letters = [released(community="The Plaza", thing="post", quote=PLAIN, fate=fate)]
    assert fates.RELEASED[fate] % NAMED in letters[0].body
    for action in (each for each in Action if each is not Action.NONE):
        reasons = statement_of_reasons(measure(town, action, fate))
        assert not fate.is_gone or fates.GONE[action] % NAMED in reasons.body
        letters.append(reasons)
    for acted in (True, False):
        answer = report_answer(community="The Plaza", acted=acted, fate=fate, edited=False)
        assert (acted and not fate.is_gone) or fates.REPORTED[fate] in answer.body
        letters.append(answer)
    granted = appeal_answer(
        community="The Plaza", reversed_=True, reason="Why.", thing="post", fate=fate, suspended_until=None
    )
    assert fates.GRANTED[fate] in granted.body
    letters.append(granted)

    if fate.is_gone:
        assert not [said for said in VISIBLE for letter in letters if said in letter.subject + letter.body]
    if fate is not Fate.PUBLIC:
        assert "Everybody can see it now" not in letters[0].body


def test_a_letter_about_an_earlier_text_says_so(town: Town) -> None:
    """To the author, and to whoever reported another text than the one that was judged."""
    reasons = statement_of_reasons(measure(town, Action.REMOVE, Fate.REMOVED, edited=True))
    answer = report_answer(community="The Plaza", acted=True, fate=Fate.REMOVED, edited=True)

    assert "You have changed it since." in reasons.body
    assert "Its author had changed it after your report." in answer.body


def letter(town: Town, name: str) -> str:
    """The newest letter to somebody: subject and body."""
    about: dict[str, Any] = {"community_id": town.plaza, "person_id": town.people[name]}
    newest = notices.notice(**about, notice_id=notices.inbox(**about)[0].notice_id)
    assert newest is not None
    return f"{newest.subject}\n{newest.body}"


def delete(town: Town, post_id: int) -> None:
    delete_post.delete_post(
        community_id=town.plaza, member_id=town.members["bob"], post_id=post_id, now=town.pass_time(seconds=1)
    )


def edit(town: Town, post_id: int, text: str) -> None:
    edit_post.edit_post(
        community_id=town.plaza,
        member_id=town.members["bob"],
        post_id=post_id,
        text=text,
        now=town.pass_time(seconds=1),
    )


def test_who_deleted_a_held_post_is_not_told_that_it_is_published(town: Town) -> None:
    """Bob deletes what is held; Dave finds nothing: nobody can see it, and the letter says so."""
    post = town.post("bob", HELD)
    delete(town, post.post_id)
    town.decide("dave", Action.NONE)
    told = letter(town, "bob")

    assert told.startswith("Nothing was found against your post (The Plaza)")
    assert "You had deleted it by then: nobody else can see it." in told
    assert town.verbs()[-1] == "notice.sent"


def test_who_deleted_a_reported_post_is_not_told_that_it_was_removed(town: Town) -> None:
    """Nor is Carol, who reported it."""
    post = town.post("bob", PLAIN)
    town.report("carol", post.post_id)
    delete(town, post.post_id)
    decision_id = town.decide("dave", Action.REMOVE)
    view = queries.measure(
        community_id=town.plaza, decision_id=decision_id, member_id=town.members["bob"], now=town.now
    )

    assert letter(town, "bob").startswith("A decision about a post that you deleted (The Plaza)")
    assert "Its author had deleted it by then." in letter(town, "carol")
    assert view is not None
    assert (view.fate, view.path) == (Fate.DELETED, "")


@pytest.mark.parametrize(
    ("then", "sentence"),
    [("deleted", "You have deleted it; it stays deleted."), ("held", "It is held for another reason")],
)
def test_a_granted_appeal_tells_what_is_there_now(town: Town, then: str, sentence: str) -> None:
    """Erin reverses a label on what Bob has deleted meanwhile, or edited into what is held."""
    post = town.post("bob", PLAIN)
    town.report("carol", post.post_id)
    appealed = town.appeal("bob", town.decide("dave", Action.LABEL))
    if then == "deleted":
        delete(town, post.post_id)
    else:
        edit(town, post.post_id, HELD)
    town.hear("erin", appealed, reverse=True)

    assert sentence in letter(town, "bob")


def test_one_of_two_suspensions_undone_is_not_the_end_of_both(town: Town) -> None:
    """The answer to the appeal says that the other one lasts."""
    for number in (1, 2):
        town.report("carol", town.post("bob", f"{PLAIN} {number}").post_id)
    first = town.decide("dave", Action.SUSPEND, days=30)
    town.decide("dave", Action.SUSPEND, days=7)
    town.hear("erin", town.appeal("bob", first), reverse=True)

    assert "By another decision your account is suspended until" in letter(town, "bob")


def test_the_origin_of_a_case_is_told_alike_everywhere(town: Town) -> None:
    """What the host asked about is never "reported by members" to its author, nor "opened by screening" at the desk."""
    post = town.post("bob", PLAIN)
    town.report("carol", post.post_id)
    Case.objects.update(source="host")
    row = queries.queue(community_id=town.plaza, member_id=town.members["dave"])[0]
    decision_id = town.decide("dave", Action.REMOVE)
    view = queries.measure(
        community_id=town.plaza, decision_id=decision_id, member_id=town.members["bob"], now=town.now
    )
    said = "The host of this community gave notice of it. Members reported it. No automatic means took part."

    assert row.why == "the host asks about it"
    assert view is not None
    assert view.origin == said
    assert said in letter(town, "bob")
    assert record.history([Case.objects.get().urn])[0].values["source"] == "report"
