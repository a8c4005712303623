from dataclasses import replace
from datetime import UTC, datetime

import pytest
from tests.hosting.desk import Desk

from wardmote.hosting.policy.kinds import NoticeKind
from wardmote.hosting.policy.notices import BRINGS, Cited, CitedItem, NoticeDraft, Particulars, check_hours, lint, write
from wardmote.journeys.members.choose_language import choose_language
from wardmote.kernel.errors import Invalid

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
TEXT = "I will be at your door on Friday."
CASE = Particulars(
    customer="The Plaza",
    policy_number=3,
    policy_hash="ab" * 32,
    clauses=(Cited("2.1", "No threats", "Nobody may be threatened."),),
    items=(
        CitedItem(
            urn="urn:wardmote:host_item:1",
            url="https://plaza.example/@bob/1",
            clause_key="2.1",
            category="violence.threat",
            capture=TEXT,
            capture_hash="cd" * 32,
            seen_at=NOON,
        ),
    ),
    hours=72,
)
NOTICE = NoticeDraft(NoticeKind.NOTICE, "", "We may restrict what you can publish.", "Remove the post.")
SUSPENSION = NoticeDraft(NoticeKind.SUSPENSION, "", "Your service is suspended.", "Remove the post, then write to us.")
TERMINATION = NoticeDraft(NoticeKind.TERMINATION, "", "The agreement is terminated.", "Export everything at /settings.")


def test_a_whole_letter_says_everything() -> None:
    """Clause, post, time of the capture, deadline, effect and conditions all stand in the letter."""
    letter = write(NOTICE, CASE)

    for part in ("2.1 No threats", "https://plaza.example/@bob/1", TEXT, "2026-11-22 12:00", "cd" * 32, "72 hours"):
        assert part in letter.body
    assert "version 3" in letter.body
    assert NOTICE.effect in letter.body
    assert NOTICE.return_conditions in letter.body
    assert letter.subject == "Notice about 1 post on The Plaza"


@pytest.mark.parametrize("kind", NoticeKind)
@pytest.mark.parametrize(
    ("lacking", "draft", "case"),
    [
        ("the clause", {}, {"clauses": ()}),
        ("the items", {}, {"items": ()}),
        ("the deadline", {}, {"hours": None}),
        ("the effect", {"effect": "  "}, {}),
        ("the conditions for return", {"return_conditions": ""}, {}),
    ],
)
def test_a_letter_that_lacks_a_part_is_refused(
    kind: NoticeKind, lacking: str, draft: dict[str, str], case: dict[str, object]
) -> None:
    """No letter of any kind goes out without clause, items, deadline, effect and conditions."""
    with pytest.raises(Invalid, match=f"^A letter is not sent without {lacking}\\.$"):
        lint(replace(NOTICE, kind=kind, **draft), replace(CASE, **case))  # type: ignore[arg-type]


def test_everything_that_is_lacking_is_named_at_once() -> None:
    """A letter of nothing is told all that it needs."""
    empty = replace(CASE, clauses=(), items=(), hours=None)

    with pytest.raises(Invalid, match="the clause, the items, the deadline, the effect and the conditions for return"):
        lint(replace(NOTICE, effect="", return_conditions=""), empty)


@pytest.mark.parametrize(
    "draft",
    [
        replace(SUSPENSION, effect="Your service is permanently suspended."),
        replace(SUSPENSION, effect="Your service is suspended indefinitely."),
        replace(SUSPENSION, return_conditions="None: this is for good."),
        replace(SUSPENSION, effect="Your service is suspended and the agreement terminated."),
        replace(SUSPENSION, words="We suspend you forever."),
        replace(SUSPENSION, kind=NoticeKind.PROPOSAL, effect="Suspension, with no return."),
        replace(NOTICE, kind=NoticeKind.WARNING, effect="We may suspend you permanently."),
    ],
)
def test_a_letter_that_says_suspend_and_means_terminate_is_refused(draft: NoticeDraft) -> None:
    """A suspension that cannot end is a termination, and must be decided and called so."""
    with pytest.raises(Invalid, match="says suspend and means terminate"):
        lint(draft, CASE)


def test_a_termination_is_called_a_termination() -> None:
    """Its effect may not hide behind a suspension, nor leave out what it is."""
    lint(replace(TERMINATION, words="You were suspended on Monday. The conditions were not met."), CASE)

    with pytest.raises(Invalid, match="not called “suspension”"):
        lint(replace(TERMINATION, effect="The suspension is made lasting."), CASE)
    with pytest.raises(Invalid, match="must say that the agreement is terminated"):
        lint(replace(TERMINATION, effect="You leave us."), CASE)


def test_a_suspension_says_that_it_suspends() -> None:
    """A letter that only hints at what happens is refused."""
    with pytest.raises(Invalid, match="must say what is suspended"):
        lint(replace(SUSPENSION, effect="Some things will be off."), CASE)


def test_a_good_reason_is_not_for_good() -> None:
    """Words that only look like an end are let through."""
    lint(replace(SUSPENSION, words="We do this for good reason."), CASE)


@pytest.mark.parametrize(
    ("kind", "least"), [(NoticeKind.NOTICE, 4), (NoticeKind.WARNING, 24), (NoticeKind.PROPOSAL, 24)]
)
def test_a_deadline_cannot_be_shorter_than_the_ladder_allows(kind: NoticeKind, least: int) -> None:
    """Nobody is asked to cure within an hour, or to answer a proposal overnight."""
    assert check_hours(kind, least) == least
    with pytest.raises(Invalid, match=f"at least {least} hours"):
        check_hours(kind, least - 1)


def test_a_letter_has_an_end() -> None:
    """What is too long to be read is not sent."""
    with pytest.raises(Invalid, match="4,000"):
        lint(replace(NOTICE, words="w" * 4001), CASE)


def test_only_four_letters_bring_a_stage_about() -> None:
    """A reminder reminds; what is decided by two, or proven, is only told."""
    assert set(BRINGS) == {NoticeKind.NOTICE, NoticeKind.WARNING, NoticeKind.RESTRICTION, NoticeKind.PROPOSAL}


def test_the_hosts_letter_speaks_the_owners_language(desk: Desk) -> None:
    """What the desk writes around the staff's words is German for Alice; the linter knows German ends apart too."""
    choose_language(person_id=desk.town.people["alice"], language="de")
    case_id = desk.open([(desk.publish("bob", "A text."), "A text.")])
    desk.send(case_id, NoticeKind.NOTICE)
    letter = desk.view(case_id).notices[0]

    assert letter.subject == "Mitteilung über 1 Beitrag auf The Plaza"
    assert "Schaffen Sie binnen 72 Stunden nach Zustellung dieses Briefs Abhilfe." in letter.body


@pytest.mark.parametrize(
    "draft",
    [
        replace(SUSPENSION, effect="Ihr Dienst ist dauerhaft ausgesetzt."),
        replace(SUSPENSION, effect="Ihr Dienst ist ausgesetzt und die Vereinbarung gekündigt."),
    ],
)
def test_a_german_letter_that_says_suspend_and_means_terminate_is_refused(draft: NoticeDraft) -> None:
    """The linter knows the two ends in the languages that letters are written in."""
    with pytest.raises(Invalid, match="says suspend and means terminate"):
        lint(draft, CASE)


def test_a_german_letter_names_its_end() -> None:
    """What suspends says so, and what terminates too."""
    lint(replace(SUSPENSION, effect="Ihr Dienst ist ausgesetzt."), CASE)
    lint(replace(TERMINATION, effect="Die Vereinbarung ist gekündigt."), CASE)

    with pytest.raises(Invalid, match="not called “Aussetzung”"):
        lint(replace(TERMINATION, effect="Die Aussetzung ist endgültig."), CASE)
