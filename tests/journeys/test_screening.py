import pytest
from tests.scenario import CLAUSES, HELD, PLAIN, QUEUED, Town

from wardmote.communities.policy import Action, ClauseDraft, Severity
from wardmote.communities.queries import current_policy
from wardmote.edges.console.labels import behind_case
from wardmote.journeys.members import edit_post, edit_profile, join, publish
from wardmote.journeys.operator import found_community
from wardmote.kernel.urn import Urn
from wardmote.moderation.models import Case, Screening
from wardmote.moderation.policy import NOT_COVERED, Route
from wardmote.moderation.queries import cases as casework
from wardmote.network import queries as network
from wardmote.network.policy import Visibility
from wardmote.notices import queries as notices


def _seen(town: Town, post_id: int) -> str | None:
    """What Carol reads of a post."""
    post = network.post(community_id=town.plaza, post_id=post_id, viewer_id=town.members["carol"])
    return post.text if post else None


def test_a_plain_post_is_published_at_once(town: Town) -> None:
    """Bob's harmless post is read by Carol, opens no case, and its scores are kept."""
    post = town.post("bob", PLAIN)

    assert post.route is Route.PUBLISH
    assert _seen(town, post.post_id) == PLAIN
    assert not Case.objects.exists()
    assert Screening.objects.filter(subject=str(Urn("post", post.post_id))).count() == 1
    assert town.verbs() == ["post.published"]


def test_a_doubtful_post_is_published_and_queued(town: Town) -> None:
    """A score over the clause's first threshold publishes the post and opens a case."""
    post = town.post("bob", QUEUED)

    assert post.route is Route.QUEUE
    assert _seen(town, post.post_id) == QUEUED
    assert Case.objects.get().subject == str(Urn("post", post.post_id))
    assert town.verbs() == ["post.published", "case.opened"]


def test_a_threat_is_held_before_anybody_reads_it(town: Town) -> None:
    """A score over the clause's second threshold is never public, not for a moment; its author is told."""
    post = town.post("bob", HELD)

    assert post.route is Route.HOLD
    assert _seen(town, post.post_id) is None
    assert network.community_feed(community_id=town.plaza, viewer_id=town.members["carol"]) == []
    assert town.verbs() == ["post.held", "case.opened", "notice.sent"]
    inbox = notices.inbox(community_id=town.plaza, person_id=town.people["bob"])
    assert [n.kind for n in inbox] == ["held"]


def test_an_edit_is_screened(town: Town) -> None:
    """Bob cannot publish a plain post and edit a threat into it."""
    post = town.post("bob", PLAIN)

    edited = edit_post.edit_post(
        community_id=town.plaza, member_id=town.members["bob"], post_id=post.post_id, text=HELD, now=town.now
    )

    assert edited.route is Route.HOLD
    assert _seen(town, post.post_id) is None
    assert town.verbs() == ["post.published", "post.edited", "case.opened", "notice.sent"]


def test_a_held_post_cannot_be_edited_out_of_its_case(town: Town) -> None:
    """An edit to harmless words leaves a held post held: a person decides."""
    post = town.post("bob", HELD)

    edit_post.edit_post(
        community_id=town.plaza, member_id=town.members["bob"], post_id=post.post_id, text=PLAIN, now=town.now
    )

    assert _seen(town, post.post_id) is None


def test_a_reply_is_screened(town: Town) -> None:
    """A threat in a reply is held like a threat in a post."""
    post = town.post("alice", PLAIN)

    reply = town.post("bob", HELD, answers=post.post_id)

    thread = network.thread(community_id=town.plaza, post_id=post.post_id, viewer_id=town.members["carol"])
    assert reply.route is Route.HOLD
    assert thread is not None
    assert thread.replies == ()


@pytest.mark.parametrize(("name", "bio"), [(HELD, ""), ("", HELD)], ids=["display name", "bio"])
def test_a_profile_text_is_screened(town: Town, name: str, bio: str) -> None:
    """A threat in a display name or a bio is shown to nobody but its author until a person has decided."""
    result = edit_profile.edit_profile(
        community_id=town.plaza, member_id=town.members["bob"], display_name=name, bio=bio, now=town.now
    )

    seen = network.profile_by_handle(community_id=town.plaza, handle="bob", viewer_id=town.members["carol"])
    assert result is Route.HOLD
    assert seen is not None
    assert (seen.display_name, seen.bio, seen.visibility) == ("bob", "", Visibility.HELD)
    assert town.verbs() == ["profile.changed", "case.opened", "notice.sent"]


def test_screening_comes_before_the_transaction(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """While a text is examined no row of it exists and no transaction of the journey is open."""
    from django.db import connection

    from wardmote.journeys.steps import screening

    outer = len(connection.atomic_blocks)
    depths: list[int] = []
    examine = screening.screener().screen

    class Watching:
        fingerprint = "watching"

        def screen(self, text: str) -> object:
            depths.append(len(connection.atomic_blocks))
            assert not network.community_feed(community_id=town.plaza, viewer_id=town.members["bob"])
            return examine(text)

    monkeypatch.setattr(screening, "screener", Watching)
    publish.publish(community_id=town.plaza, member_id=town.members["bob"], text=PLAIN, now=town.now)

    assert depths == [outer]


GERMAN = "Ich werde morgen mit meiner Oma einen Kuchen backen."


def test_a_language_that_is_not_covered_is_on_record_and_opens_no_case_by_default(town: Town) -> None:
    """Bob's German post is published; that nothing read it is kept with its scores, which do not call it safe."""
    post = town.post("bob", GERMAN)
    plain = town.post("bob", PLAIN)
    kept = {row.subject: row.scores for row in Screening.objects.all()}

    assert post.route is Route.PUBLISH
    assert kept[str(Urn("post", post.post_id))][NOT_COVERED] == 1.0
    assert NOT_COVERED not in kept[str(Urn("post", plain.post_id))]
    assert not Case.objects.exists()


def test_a_community_may_send_what_is_not_covered_to_people(town: Town) -> None:
    """With a clause of that category in Alice's policy, Bob's German post is queued for it, and the record says so."""
    clause = ClauseDraft("9", "Other languages", "We look at them.", NOT_COVERED, Severity.LOW, Action.LABEL, 1.0)
    found_community.publish_policy(
        community_id=town.plaza,
        member_id=town.members["alice"],
        title="Rules",
        clauses=[*CLAUSES, clause],
        now=town.now,
    )
    policy = current_policy(community_id=town.plaza)
    assert policy is not None
    join.accept_policy(community_id=town.plaza, member_id=town.members["bob"], policy_hash=policy.hash, now=town.now)

    post = town.post("bob", GERMAN)
    town.post("bob", PLAIN)

    case = Case.objects.get()
    assert (post.route, case.category, case.subject) == (Route.QUEUE, NOT_COVERED, str(Urn("post", post.post_id)))
    assert town.verbs()[-3:] == ["post.published", "case.opened", "post.published"]


def test_a_report_of_what_is_not_covered_ranks_by_what_the_detectors_said(town: Town) -> None:
    """Carol's report of a German post joins the queue where it would in English; the moderator is told of the gap."""
    german, english = town.post("bob", GERMAN), town.post("bob", PLAIN)
    for post in (german, english):
        town.report("carol", post.post_id)

    assert len(set(Case.objects.values_list("priority", flat=True))) == 1
    case_id = Case.objects.get(subject=str(Urn("post", german.post_id))).pk
    case = casework.case(community_id=town.plaza, case_id=case_id, member_id=town.members["dave"])
    assert case is not None
    assert case.scores[0] == (NOT_COVERED, 1.0)
    assert "its language is not covered" in behind_case(case)
