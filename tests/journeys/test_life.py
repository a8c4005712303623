from datetime import timedelta

import pytest
from tests.scenario import HELD, PLAIN, QUEUED, Town

from wardmote.communities.policy import Action
from wardmote.communities.queries import standing_of_member
from wardmote.journeys.moderators import review
from wardmote.kernel.errors import Conflict, Invalid, NotFound, Refused
from wardmote.kernel.urn import Urn
from wardmote.moderation import queries as moderation
from wardmote.moderation.models import Case, Decision
from wardmote.moderation.policy import AppealState, CaseState, ReportReason
from wardmote.moderation.queries import sheet_of_case
from wardmote.network import queries as network
from wardmote.network.policy import Visibility
from wardmote.notices import queries as notices
from wardmote.record import queries as record


def _post(town: Town, post_id: int, viewer: str = "carol") -> network.PostView | None:
    return network.post(community_id=town.plaza, post_id=post_id, viewer_id=town.members[viewer])


def _letters(town: Town, name: str) -> list[str]:
    return [n.kind for n in reversed(notices.inbox(community_id=town.plaza, person_id=town.people[name]))]


def test_a_post_lives_its_whole_life(town: Town) -> None:
    """Reported, removed with reasons, appealed, heard by another, restored: every step is on the record."""
    post = town.post("bob", PLAIN)
    town.report("carol", post.post_id, comment="I am afraid.")
    decision_id = town.decide("dave", Action.REMOVE)
    removed = _post(town, post.post_id)
    appeal_id = town.appeal("bob", decision_id)
    town.hear("erin", appeal_id, reverse=True, reason="Trees are no threat.")
    restored = _post(town, post.post_id)

    assert removed is not None
    assert (removed.visibility, removed.text) == (Visibility.REMOVED, "")
    assert restored is not None
    assert (restored.visibility, restored.text, restored.label) == (Visibility.PUBLIC, PLAIN, "")
    assert _letters(town, "bob") == ["statement_of_reasons", "appeal_answer"]
    assert _letters(town, "carol") == ["report_answer"]
    assert town.verbs() == [
        "post.published",
        "case.opened",
        "report.filed",
        "case.claimed",
        "case.decided",
        "post.judged",
        "notice.sent",
        "notice.sent",
        "appeal.filed",
        "appeal.decided",
        "post.judged",
        "notice.sent",
    ]


@pytest.mark.parametrize(
    ("action", "visibility"),
    [
        (Action.NONE, Visibility.PUBLIC),
        (Action.LABEL, Visibility.PUBLIC),
        (Action.HIDE, Visibility.HIDDEN),
        (Action.REMOVE, Visibility.REMOVED),
        (Action.WARN, Visibility.PUBLIC),
        (Action.SUSPEND, Visibility.REMOVED),
    ],
)
def test_each_action_does_what_it_says_and_a_reversal_undoes_it(
    town: Town, action: Action, visibility: Visibility
) -> None:
    """Content and account come to what the action means, and after a reversal to what they were."""
    post = town.post("bob", PLAIN)
    town.report("carol", post.post_id)
    decision_id = town.decide("dave", action, days=7 if action is Action.SUSPEND else None)
    judged = _post(town, post.post_id)
    suspended = standing_of_member(community_id=town.plaza, member_id=town.members["bob"]).suspended_until

    assert judged is not None
    assert judged.visibility is visibility
    assert judged.label == ("No threats" if action not in (Action.NONE, Action.WARN) else "")
    assert suspended == (town.now + timedelta(days=7) if action is Action.SUSPEND else None)
    if action is Action.NONE:
        assert _letters(town, "bob") == []
        return

    town.hear("erin", town.appeal("bob", decision_id), reverse=True, reason="It was a joke among friends.")
    restored = _post(town, post.post_id)

    assert restored is not None
    assert (restored.visibility, restored.label) == (Visibility.PUBLIC, "")
    assert standing_of_member(community_id=town.plaza, member_id=town.members["bob"]).suspended_until is None


def test_a_held_post_that_is_found_right_is_published_and_reaches_home_feeds(town: Town) -> None:
    """Released from being held, a post is distributed to followers and its author is told."""
    from wardmote.journeys.members import follow

    follow.follow(community_id=town.plaza, member_id=town.members["carol"], handle="bob", now=town.now)
    post = town.post("bob", HELD)
    before = network.home_feed(community_id=town.plaza, member_id=town.members["carol"])
    town.decide("dave", Action.NONE)
    after = network.home_feed(community_id=town.plaza, member_id=town.members["carol"])

    assert before == []
    assert [p.id for p in after] == [post.post_id]
    assert _letters(town, "bob") == ["held", "released"]


def test_the_first_decider_cannot_hear_the_appeal(town: Town) -> None:
    """Dave removed it; Dave may not uphold his own decision."""
    post = town.post("bob", PLAIN)
    town.report("carol", post.post_id)
    appeal_id = town.appeal("bob", town.decide("dave", Action.REMOVE))

    with pytest.raises(Refused, match="different moderator"):
        town.hear("dave", appeal_id, reverse=False, reason="I was right.")
    view = moderation.appeal(community_id=town.plaza, appeal_id=appeal_id, member_id=town.members["dave"])
    assert view is not None
    assert view.state is AppealState.OPEN
    assert not view.may_hear


def test_nobody_judges_what_they_wrote_or_reported(town: Town) -> None:
    """A moderator is never given a case about their own post, nor one that they reported."""
    own = town.post("dave", QUEUED)
    reported = town.post("bob", PLAIN)
    town.report("dave", reported.post_id)

    assert review.claim_next(community_id=town.plaza, member_id=town.members["dave"], now=town.now) is None
    for post_id in (own.post_id, reported.post_id):
        case = Case.objects.get(subject=str(Urn("post", post_id)))
        with pytest.raises(Refused):
            review.claim(community_id=town.plaza, member_id=town.members["dave"], case_id=case.pk, now=town.now)


def test_two_reports_are_one_case_and_both_reporters_are_answered(town: Town) -> None:
    """A post has one undecided case; it ranks higher with each report, and everybody who reported hears."""
    post = town.post("bob", PLAIN)
    town.report("carol", post.post_id, ReportReason.HARASSMENT)
    low = Case.objects.get().priority
    town.report("alice", post.post_id, ReportReason.THREAT)
    case = Case.objects.get()
    town.decide("dave", Action.HIDE)

    assert case.priority > low
    assert case.lane == "threat"
    assert _letters(town, "carol") == ["report_answer"]
    assert _letters(town, "alice") == ["report_answer"]


def test_the_same_member_reports_a_post_once(town: Town) -> None:
    """A second report by Carol is told that one report is enough."""
    post = town.post("bob", PLAIN)
    town.report("carol", post.post_id)

    with pytest.raises(Conflict, match="already"):
        town.report("carol", post.post_id)


def test_a_claim_is_for_one_moderator_and_expires(town: Town) -> None:
    """Erin gets nothing while Dave holds the only case; when his quarter of an hour is over she gets it."""
    town.post("bob", QUEUED)
    dave, erin = town.members["dave"], town.members["erin"]
    first = review.claim_next(community_id=town.plaza, member_id=dave, now=town.now)
    again = review.claim_next(community_id=town.plaza, member_id=dave, now=town.now)
    meanwhile = review.claim_next(community_id=town.plaza, member_id=erin, now=town.now)
    later = review.claim_next(community_id=town.plaza, member_id=erin, now=town.pass_time(minutes=15))

    assert first is not None
    assert first == again == later
    assert meanwhile is None
    with pytest.raises(Conflict):
        review.decide(
            community_id=town.plaza,
            member_id=dave,
            case_id=first,
            action=Action.NONE,
            clause_id=None,
            reason="",
            days=None,
            seen=sheet_of_case(community_id=town.plaza, case_id=first),
            now=town.now,
        )
    assert "case.claim_expired" in town.verbs()


def test_threats_come_before_everything_else(town: Town) -> None:
    """The threat lane is emptied first, whatever waits longer."""
    insult = town.post("bob", "You fool. [harassment 0.99]")
    threat = town.post("bob", QUEUED)
    given = review.claim_next(community_id=town.plaza, member_id=town.members["dave"], now=town.now)

    assert given is not None
    assert Case.objects.get(pk=given).subject == str(Urn("post", threat.post_id))
    assert Case.objects.filter(subject=str(Urn("post", insult.post_id)), state=CaseState.OPEN.value).exists()


@pytest.mark.parametrize(
    ("action", "clause", "reason", "days"),
    [
        (Action.REMOVE, False, "why", None),
        (Action.REMOVE, True, "  ", None),
        (Action.SUSPEND, True, "why", None),
        (Action.SUSPEND, True, "why", 4000),
        (Action.HIDE, True, "why", 7),
        (Action.HIDE, True, "w" * 2001, None),
    ],
)
def test_a_decision_that_could_not_be_explained_is_refused(
    town: Town, action: Action, clause: bool, reason: str, days: int | None
) -> None:
    """Without its clause, its reason or a proper length nothing is decided, and the case stays claimed."""
    town.post("bob", QUEUED)
    case_id = review.claim_next(community_id=town.plaza, member_id=town.members["dave"], now=town.now)
    assert case_id is not None

    with pytest.raises(Invalid):
        review.decide(
            community_id=town.plaza,
            member_id=town.members["dave"],
            case_id=case_id,
            action=action,
            clause_id=town.clause().id if clause else None,
            reason=reason,
            days=days,
            seen=sheet_of_case(community_id=town.plaza, case_id=case_id),
            now=town.now,
        )
    assert not Decision.objects.exists()
    assert Case.objects.get().state == CaseState.CLAIMED


def test_a_suspended_member_reads_and_appeals_but_does_not_write(town: Town) -> None:
    """While suspended Bob cannot post; he can appeal; when the time is over he posts again."""
    post = town.post("bob", PLAIN)
    town.report("carol", post.post_id)
    decision_id = town.decide("dave", Action.SUSPEND, days=1)

    with pytest.raises(Refused, match="suspended"):
        town.post("bob", PLAIN)
    assert town.appeal("bob", decision_id)
    town.pass_time(days=1)
    assert town.post("bob", PLAIN).post_id


def test_two_suspensions_end_when_the_longer_does_and_undoing_one_leaves_the_other(town: Town) -> None:
    """Reversing one of two suspensions restores the end that the other one set."""
    bob = town.members["bob"]
    first, second = town.post("bob", PLAIN), town.post("bob", "Another thing.")
    town.report("carol", first.post_id)
    long = town.decide("dave", Action.SUSPEND, days=30)
    town.report("carol", second.post_id)
    town.decide("dave", Action.SUSPEND, days=1)
    short_end = town.now + timedelta(days=1)
    until = standing_of_member(community_id=town.plaza, member_id=bob).suspended_until
    town.hear("erin", town.appeal("bob", long), reverse=True, reason="Too hard.")

    assert until is not None
    assert until > short_end
    assert standing_of_member(community_id=town.plaza, member_id=bob).suspended_until == short_end


def test_members_never_see_who_decided(town: Town) -> None:
    """What the author and the reporter are told contains neither moderator's nor reporter's name."""
    post = town.post("bob", PLAIN)
    town.report("carol", post.post_id)
    decision_id = town.decide("dave", Action.REMOVE)
    shown = repr(
        moderation.measure(
            community_id=town.plaza, decision_id=decision_id, member_id=town.members["bob"], now=town.now
        )
    )
    letters = [
        notices.notice(community_id=town.plaza, person_id=town.people[name], notice_id=row.notice_id)
        for name in ("bob", "carol")
        for row in notices.inbox(community_id=town.plaza, person_id=town.people[name])
    ]
    text = shown + "".join(repr(letter) for letter in letters)

    assert len(letters) == 2
    for name in ("dave", "Dave", "carol", "Carol", str(town.members["dave"]), str(town.members["carol"])):
        assert name not in text


def test_an_appeal_is_the_authors_alone(town: Town) -> None:
    """Carol cannot appeal against what was done to Bob, nor can Bob twice, nor after six months."""
    post = town.post("bob", PLAIN)
    town.report("carol", post.post_id)
    decision_id = town.decide("dave", Action.LABEL)

    with pytest.raises(NotFound):
        town.appeal("carol", decision_id)
    town.pass_time(days=184)
    with pytest.raises(Refused, match="over"):
        town.appeal("bob", decision_id)
    town.pass_time(days=-184)
    town.appeal("bob", decision_id)
    with pytest.raises(Conflict):
        town.appeal("bob", decision_id)


def test_the_record_keeps_the_scores_and_the_reason(town: Town) -> None:
    """The entries hold what screening said and what the moderator wrote, as committed facts."""
    town.post("bob", HELD)
    town.decide("dave", Action.REMOVE, reason="It says he will find her.")
    entries = {e.verb: e.values for e in record.history([Urn("community", town.plaza)])}

    assert entries["post.held"]["text"] == HELD
    assert entries["post.held"]["scores"] == {
        "violence.threat": 0.95,
        "violence.incitement": 0.01,
        "harassment": 0.01,
        "identity_attack": 0.01,
    }
    assert entries["case.decided"]["reason"] == "It says he will find her."
    assert entries["case.decided"]["clause"] == "1.1"
