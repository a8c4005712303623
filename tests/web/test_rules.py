"""The owner's rules: a draft that is saved as one goes, what it would do, publishing it, and who is told."""

import re

import pytest
from django.test import Client
from tests.scenario import HELD, PLAIN, QUEUED, Town, run_jobs
from tests.web.conftest import Browser, said

from wardmote.communities.policy import ClauseDraft, typed_clause
from wardmote.communities.queries import current_policy, desk
from wardmote.config import tables
from wardmote.kernel.urn import Urn
from wardmote.notices import queries as notices
from wardmote.record import queries as record


@pytest.fixture
def alice(town: Town, browser: Browser) -> Client:
    return browser("alice")


def _sheet(town: Town, *, version: int = 0, do: str = "save", drop: str = "", **changed: str) -> dict[str, str]:
    """The editor as it stands, with changes by name such as `clause0_title`; `drop`: without the clause of that key."""
    policy = current_policy(community_id=town.plaza)
    assert policy is not None
    rows = [typed_clause(clause) for clause in policy.drafts() if clause.key != drop]
    sheet = {"title": policy.title, "rows": str(len(rows)), "version": str(version), "do": do}
    for n, row in enumerate(rows):
        sheet |= {f"clause{n}-{name}": value for name, value in row.items()}
    return sheet | {name.replace("_", "-", 1): value for name, value in changed.items()}


def _publish(town: Town, alice: Client) -> int:
    policy, draft = current_policy(community_id=town.plaza), desk.policy_draft(community_id=town.plaza)
    assert policy is not None
    form = {"version": str(draft.version if draft else 0), "in_force": policy.hash}
    page = alice.get("/owner/rules/preview")
    if page.status_code == 200:
        # What the page itself carries is what a browser sends.
        form = _hidden(page.content.decode(), "version", "in_force")
    return alice.post("/owner/rules/preview", form).status_code


def _hidden(page: str, *names: str) -> dict[str, str]:
    return {name: value for name in names for value in re.findall(rf'name="{name}" value="([^"]*)"', page)[-1:]}


def _letter(town: Town, name: str) -> notices.NoticeView:
    row = notices.inbox(community_id=town.plaza, person_id=town.people[name])[0]
    letter = notices.notice(community_id=town.plaza, person_id=town.people[name], notice_id=row.notice_id)
    assert letter is not None
    return letter


def _in_force(town: Town) -> tuple[ClauseDraft, ...]:
    policy = current_policy(community_id=town.plaza)
    assert policy is not None
    return policy.drafts()


def test_a_draft_is_saved_as_one_goes_and_changes_nothing(town: Town, alice: Client) -> None:
    """What Alice types is there when she comes back, unfinished as it is; the policy in force is as before."""
    before = _in_force(town)
    kept = alice.post("/owner/rules/draft", _sheet(town, clause0_title="No threats at all", clause1_hold_at="soon"))
    page = alice.get("/owner/rules").content.decode()

    assert 'name="version" value="1"' in kept.content.decode()
    assert 'value="No threats at all"' in page
    assert 'value="soon"' in page
    assert _in_force(town) == before


def test_a_second_window_does_not_overwrite_the_first(town: Town, alice: Client) -> None:
    """The later save from an older state answers 409 and keeps what was typed on the page; the draft is the first's."""
    alice.post("/owner/rules", _sheet(town, clause0_title="First"))
    late = alice.post("/owner/rules", _sheet(town, clause0_title="Second"))
    draft = desk.policy_draft(community_id=town.plaza)

    assert late.status_code == 409
    assert 'value="Second"' in late.content.decode()
    assert draft is not None
    assert draft.clauses[0]["title"] == "First"


def test_clauses_are_added_moved_and_taken_out(town: Town, alice: Client) -> None:
    """Each by its own button, without a script."""
    alice.post("/owner/rules", _sheet(town, do="up-1"))
    draft = desk.policy_draft(community_id=town.plaza)
    assert draft is not None
    assert [row["key"] for row in draft.clauses[:2]] == ["1.2", "1.1"]

    alice.post("/owner/rules", _sheet(town, version=1, do="drop-0"))
    alice.post("/owner/rules", _sheet(town, version=2, drop="1.1", do="add"))
    draft = desk.policy_draft(community_id=town.plaza)
    assert draft is not None
    assert next(row["key"] for row in draft.clauses if row.get("key")) == "1.2"
    assert not draft.clauses[-1]["key"]


def test_a_draft_is_thrown_away_from_its_page(town: Town, alice: Client) -> None:
    """The page says that there is one and since when, and the button beside it takes it away."""
    alice.post("/owner/rules", _sheet(town, clause0_title="No threats at all"))
    page = alice.get("/owner/rules").content.decode()
    answer = alice.post("/owner/rules/discard", _hidden(page, "version"))

    assert "Below is your draft of the next version, saved" in page
    assert "Throw the draft away" in page
    assert answer.status_code == 302
    assert desk.policy_draft(community_id=town.plaza) is None


def test_what_cannot_be_published_is_said_at_its_field(town: Town, alice: Client) -> None:
    """A hold below the queue leads back to the draft, with the sentence at that clause."""
    alice.post("/owner/rules", _sheet(town, clause0_queue_at="0.9", clause0_hold_at="0.4", do="preview"))
    sent = alice.get("/owner/rules/preview", follow=True)

    assert sent.redirect_chain == [("/owner/rules?check", 302)]
    assert "what is held is queued too" in said(sent.content.decode())
    assert 'id="id_clause0-queue_at"' in sent.content.decode()
    assert _publish(town, alice) == 422


def test_the_preview_shows_what_the_draft_would_have_done(town: Town, alice: Client) -> None:
    """Of three posts one was queued and one held; with the draft both are held, and the moved one is shown."""
    for text in (PLAIN, QUEUED, HELD):
        town.post("bob", text)
    alice.post("/owner/rules", _sheet(town, clause0_hold_at="0,55", do="preview"))
    page = said(alice.get("/owner/rules/preview").content.decode())

    assert "This rests on the stored scores of 3 posts." in page
    assert "Posts in all 1 0 1 2" in page
    assert "1.1 1 0 1 2" in page
    assert "now: published and queued; with the draft: held" in page
    assert QUEUED in page
    assert "Held from : no longer: 0.8 new: 0.55" in page or "Held from: no longer: 0.8 new: 0.55" in page


def test_the_preview_counts_an_edited_post_once_and_forgets_old_ones(town: Town, alice: Client) -> None:
    """Only the newest scores of each post count, and only those of the last 30 days."""
    town.post("bob", QUEUED)
    town.pass_time(days=31)
    town.post("bob", PLAIN)
    alice.post("/owner/rules", _sheet(town, clause0_hold_at="0.55", do="preview"))
    page = said(alice.get("/owner/rules/preview").content.decode())

    assert "This rests on the stored scores of 1 post." in page
    assert "No post would have gone another way." in page


def test_publishing_makes_the_next_version_and_tells_everybody(town: Town, alice: Client) -> None:
    """Version 2 is on record; Bob reads what is different, is asked to accept, and Alice, who wrote it, is not."""
    sheet = _sheet(town, drop="3.1", do="preview", clause0_text="Threaten nobody.")
    alice.post("/owner/rules", sheet)
    assert _publish(town, alice) == 302
    run_jobs(town.now)
    policy = current_policy(community_id=town.plaza)
    assert policy is not None
    letter = _letter(town, "bob")
    published = [e for e in record.history([Urn("community", town.plaza)]) if e.verb == "policy.published"][-1]

    assert policy.number == 2
    assert (published.subject, published.actor) == (Urn("policy", policy.id), Urn("member", town.members["alice"]))
    assert letter.subject == "The rules have changed (The Plaza)"
    assert "Changed: 1.1 No threats\nThreaten nobody." in letter.body
    assert "No longer a rule: 3.1 No spam" in letter.body
    assert letter.path == "/policy/accept"
    assert alice.get("/owner/rules").status_code == 200
    assert "This community has a new policy" not in alice.get("/").content.decode()
    assert desk.policy_draft(community_id=town.plaza) is None
    assert tables.compare().differences == []


def test_nobody_is_told_twice_of_a_version(town: Town, alice: Client) -> None:
    """The job that tells may run again, as after a lost worker."""
    from wardmote.journeys.owners.rules import tell_of_policy

    alice.post("/owner/rules", _sheet(town, clause0_title="No threats at all", do="preview"))
    _publish(town, alice)
    run_jobs(town.now)
    policy = current_policy(community_id=town.plaza)
    assert policy is not None
    tell_of_policy(policy.id, now=town.now)
    letters = notices.inbox(community_id=town.plaza, person_id=town.people["bob"])

    assert [row.kind for row in letters] == ["policy"]


def test_what_was_published_meanwhile_is_not_overwritten(town: Town, alice: Client) -> None:
    """Alice's other window has published version 2: this one answers 409 and shows the draft beside that."""
    from wardmote.journeys.operator import found_community

    policy = current_policy(community_id=town.plaza)
    assert policy is not None
    alice.post("/owner/rules", _sheet(town, clause0_title="Mine", do="preview"))
    found_community.publish_policy(
        community_id=town.plaza,
        member_id=town.members["alice"],
        title="The other window's",
        clauses=_in_force(town),
        now=town.now,
    )
    newer = current_policy(community_id=town.plaza)
    assert newer is not None
    from wardmote.journeys.members import join

    join.accept_policy(community_id=town.plaza, member_id=town.members["alice"], policy_hash=newer.hash, now=town.now)
    answer = alice.post("/owner/rules/preview", {"version": "1", "in_force": policy.hash})

    assert answer.status_code == 409
    assert "Another version was published meanwhile" in said(answer.content.decode())
    assert newer.hash in answer.content.decode()
    assert current_policy(community_id=town.plaza) == newer


def test_only_the_owner_sees_the_draft(town: Town, alice: Client, browser: Browser) -> None:
    """Moderators read the policy, not what is being written."""
    alice.post("/owner/rules", _sheet(town, clause0_title="Secret for now"))
    dave = browser("dave")

    for path in ("/owner/rules", "/owner/rules/preview"):
        assert dave.get(path).status_code == 403
    assert dave.post("/owner/rules", _sheet(town, version=1)).status_code == 403
    assert "reauthenticate" in browser("alice", confirmed=False).get("/owner/rules/preview").headers["Location"]
