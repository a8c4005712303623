"""`wardmote record fsck --tables`: what pages and exports show is what was committed."""

from collections.abc import Callable

import pytest
from django.db import transaction
from tests.record.test_record_command import wardmote
from tests.scenario import HELD, PLAIN, Town

from wardmote.communities.models import Acceptance, Clause, Community, Membership
from wardmote.communities.policy import Action
from wardmote.config.tables import compare
from wardmote.journeys.members import edit_post, edit_profile, erase
from wardmote.moderation.models import Appeal, Case, Decision, Item, Report
from wardmote.network.models import Post, PostVersion, Profile
from wardmote.notices.models import Notice
from wardmote.people.models import Person
from wardmote.record.engine import sequence


@pytest.fixture
def lived(town: Town) -> Town:
    """Bob writes, edits, is reported by Carol, judged by Dave, heard by Erin; Carol's words are erased."""
    post = town.post("bob", PLAIN)
    edit_post.edit_post(
        community_id=town.plaza, member_id=town.members["bob"], post_id=post.post_id, text="Edited.", now=town.now
    )
    edit_profile.edit_profile(
        community_id=town.plaza, member_id=town.members["bob"], display_name="Bob", bio="A gardener.", now=town.now
    )
    town.report("carol", post.post_id, comment="It frightens me.")
    decision = town.decide("dave", Action.LABEL)
    town.appeal("bob", decision)
    town.hear("erin", Appeal.objects.get().pk, reverse=False, reason="It stays.")
    town.post("bob", HELD)
    town.post("carol", "Carol's words.")
    erase.erase_member(community_id=town.plaza, member_id=town.members["carol"], now=town.pass_time(seconds=1))
    sequence(town.now)
    return town


def test_what_was_lived_is_what_the_tables_say(lived: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """After a whole life, erasure included, nothing differs, and the command says how much it compared."""
    assert wardmote("record", "fsck", "--tables") == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.startswith("the tables show what was committed: ")
    assert "not compared: " in last


FORGED: list[tuple[str, Callable[[], object], str]] = [
    ("a post's text", lambda: Post.objects.filter(text="Edited.").update(text="Forged."), "text is not what"),
    ("an earlier version", lambda: PostVersion.objects.update(text="Forged."), "text is not what the record says"),
    ("a lost version", lambda: PostVersion.objects.all().delete(), "earlier versions is not what the record says"),
    ("a held post", lambda: Post.objects.filter(visibility="held").update(visibility="public"), "visibility is not"),
    ("an erased text", lambda: Post.objects.filter(text="").update(text="Hers."), "text is there, and the record says"),
    ("a label", lambda: Post.objects.exclude(label="").update(label=""), "label is not what the record says"),
    ("a profile", lambda: Profile.objects.filter(bio="A gardener.").update(bio="A thief."), "bio is not what"),
    ("a reason", lambda: Decision.objects.update(reason="Because."), "decisions: urn:wardmote:case"),
    ("an action", lambda: Decision.objects.update(action="remove"), "action is not what the record says"),
    (
        "a clause",
        lambda: Decision.objects.update(clause=Clause.objects.exclude(key="1.1").values("pk")[:1]),
        "clause is not what the record says",
    ),
    ("an appeal's text", lambda: Appeal.objects.update(text="I am guilty."), "text is not what the record says"),
    ("an outcome", lambda: Appeal.objects.update(state="reversed"), "state is not what the record says"),
    ("a deleted appeal", lambda: Appeal.objects.all().delete(), "tells of row"),
    ("a report", lambda: Report.objects.update(reason="other"), "reason is not what the record says"),
    ("a deleted report", lambda: Report.objects.all().delete(), "(report.filed) tells of row"),
    ("a snapshot", lambda: Item.objects.filter(erased_at=None).update(text="Worse."), "texts kept with cases"),
    ("a clause's text", lambda: Clause.objects.update(text="Forged."), "policies: urn:wardmote:policy"),
    ("a letter", lambda: Notice.objects.exclude(body="").update(body="Forged."), "body is not what the record says"),
    ("a role", lambda: Membership.objects.filter(role="member").update(role="moderator"), "role is not what"),
    ("host's staff", lambda: Person.objects.update(is_host_staff=True), "host_staff is not what the record says"),
    (
        "a state",
        lambda: Community.objects.update(state="suspended", state_since="2026-11-01T00:00Z", state_reason="x"),
        "state is not what the record says",
    ),
    ("an acceptance", lambda: Acceptance.objects.update(hash="0" * 64), "the table says otherwise"),
    (
        "a deleted acceptance",
        lambda: Acceptance.objects.filter(pk__in=Acceptance.objects.values("pk")[:1]).delete(),
        "the table says otherwise",
    ),
]


def test_what_was_forged_is_named(lived: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """A text, a judgement, an authority that was changed, and what was deleted, is found; the log alone is sound."""
    for what, forge, detail in FORGED:
        with transaction.atomic():
            forge()
            status = wardmote("record", "fsck"), wardmote("record", "fsck", "--tables")
            out = capsys.readouterr().out
            transaction.set_rollback(True)
        found = [line for line in out.splitlines() if line.startswith("tables: ") and detail in line]

        assert (what, status, bool(found)) == (what, (0, 1), True)


def test_a_row_that_nothing_tells_of_is_named(lived: Town) -> None:
    """A post and a case that were written into the tables alone are named."""
    post = Post.objects.filter(text="Edited.").get()
    post.pk = None
    post.id = 4711
    post.save(force_insert=True)
    case = Case.objects.all()[0]
    Case.objects.create(**{**{f.attname: getattr(case, f.attname) for f in case._meta.fields}, "id": 4712})
    found = [str(difference) for difference in compare().differences]

    assert "tables: posts: urn:wardmote:post:4711: no entry tells of it" in found
    assert "tables: cases: urn:wardmote:case:4712: no entry tells of it" in found
