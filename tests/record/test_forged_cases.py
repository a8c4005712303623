"""Cases, their texts, reports, decisions and appeals that were forged in the tables are named."""

from datetime import timedelta

import pytest
from django.db.models import F
from tests.record.forging import Forgery, unseen
from tests.scenario import HELD, PLAIN, Town

from wardmote.communities.policy import Action
from wardmote.config.tables import compare
from wardmote.journeys.members import edit_post, edit_profile, erase
from wardmote.kernel.urn import Urn
from wardmote.moderation.models import Appeal, Case, CaseText, Decision, Item, Report
from wardmote.moderation.policy.texts import hash_text
from wardmote.network.models import Profile

DAY = timedelta(days=1)


@pytest.fixture
def judged(town: Town) -> Town:
    """Bob's post, edited under a case, is judged and upheld; another text of his is held and undecided."""
    post = town.post("bob", PLAIN)
    town.report("carol", post.post_id)
    edit_post.edit_post(
        community_id=town.plaza,
        member_id=town.members["bob"],
        post_id=post.post_id,
        text="Edited.",
        now=town.pass_time(seconds=1),
    )
    decision = town.decide("dave", Action.LABEL)
    town.appeal("bob", decision)
    town.hear("erin", Appeal.objects.get().pk, reverse=False, reason="It stays.")
    town.post("bob", HELD)
    town.report("carol", town.post("bob", "The bins are full.").post_id)
    return town


def test_forged_judgements_are_named(judged: Town) -> None:
    """An undoing, another judged text, another place, person or time of a case, report or appeal is named."""
    members, harbour, now = judged.members, judged.harbour, judged.now
    undecided = Case.objects.exclude(state="decided")
    older = Item.objects.filter(text=PLAIN)
    forgeries: list[Forgery] = [
        ("undone under an upheld appeal", lambda: Decision.objects.update(reversed_at=now), "reversed_at is not"),
        ("another text judged", lambda: Decision.objects.update(item=older.get().pk), "content_hash is not"),
        ("another community's decision", lambda: Decision.objects.update(community=harbour), "decisions: "),
        ("another day of it", lambda: Decision.objects.update(decided_at=now - DAY), "decided_at is not"),
        ("nothing held", lambda: Case.objects.update(held=False), "held is not"),
        ("closed by nobody", lambda: undecided.update(state="decided", decided_at=now), "decision is not"),
        ("another category", lambda: Case.objects.update(category="other"), "category is not"),
        ("another source", lambda: Case.objects.update(source="host"), "source is not"),
        ("out of the threats' lane", lambda: Case.objects.update(lane="general"), "lane is not"),
        ("another opening", lambda: Case.objects.update(opened_at=now - DAY), "opened_at is not"),
        ("a case's texts deleted", CaseText.objects.all().delete, "its text is not"),
        ("another text reported", lambda: Report.objects.update(item=_other(older.get())), "content_hash is not"),
        ("another community's report", lambda: Report.objects.update(community=harbour), "reports: "),
        ("another day of it", lambda: Report.objects.update(filed_at=now - DAY), "filed_at is not"),
        ("another appellant", lambda: Appeal.objects.update(appellant=members["alice"]), "appellant is not"),
        ("an outsider's appeal", lambda: Appeal.objects.update(appellant=None, text=""), "appellant is not"),
        ("another decider", lambda: Appeal.objects.update(first_decider=members["alice"]), "first_decider is not"),
        ("another day of filing", lambda: Appeal.objects.update(filed_at=now - DAY), "filed_at is not"),
        ("another day of hearing", lambda: Appeal.objects.update(decided_at=now - DAY), "appeals: "),
    ]

    assert compare().differences == []
    assert unseen(forgeries) == []


def test_an_undoing_without_an_appeal_is_named(town: Town) -> None:
    """A decision that shows as undone, against which nobody appealed, is named."""
    town.report("carol", town.post("bob", PLAIN).post_id)
    town.decide("dave", Action.LABEL)

    assert unseen([("undone", lambda: Decision.objects.update(reversed_at=town.now), "reversed_at is not")]) == []


def test_a_reversal_is_what_its_appeal_says(town: Town) -> None:
    """A decision reversed on appeal is no difference; one that shows as never reversed, or reversed earlier, is."""
    town.report("carol", town.post("bob", PLAIN).post_id)
    town.appeal("bob", town.decide("dave", Action.LABEL))
    town.hear("erin", Appeal.objects.get().pk, reverse=True)
    forgeries: list[Forgery] = [
        ("not undone", lambda: Decision.objects.update(reversed_at=None), "reversed_at is not"),
        ("undone earlier", lambda: Decision.objects.update(reversed_at=F("reversed_at") - DAY), "reversed_at is not"),
    ]

    assert compare().differences == []
    assert unseen(forgeries) == []


def test_forged_texts_of_cases_are_named(judged: Town) -> None:
    """A kept text changed with its hash, emptied as if erased, or said to be another's, is named."""
    worse = {"text": "Worse.", "content_hash": hash_text("Worse.")}
    gone = {"text": "", "erased_at": judged.now}
    forgeries: list[Forgery] = [
        ("an older text", lambda: Item.objects.filter(text=PLAIN).update(**worse), "texts kept with cases"),
        ("an undecided one", lambda: Item.objects.filter(text__startswith="I will").update(**worse), "texts kept"),
        ("a judged one", lambda: Item.objects.filter(text="Edited.").update(**worse), "texts kept with cases"),
        ("emptied", lambda: Item.objects.update(**gone), "text is not what the record says"),
        ("emptied, not said", lambda: Item.objects.filter(text=PLAIN).update(text=""), "text is not"),
        ("said to be erased", lambda: Item.objects.update(erased_at=judged.now), "erasure is not"),
        ("another's", lambda: Item.objects.update(author=judged.members["carol"]), "author is not"),
        ("another place's", lambda: Item.objects.update(community=judged.harbour), "texts kept with cases"),
    ]

    assert unseen(forgeries) == []


def test_an_earlier_text_may_be_judged(town: Town) -> None:
    """Dave decides about what Bob had written before he edited it: no difference."""
    from wardmote.journeys.moderators import review
    from wardmote.moderation import queries

    post = town.post("bob", PLAIN)
    town.report("carol", post.post_id)
    edit_post.edit_post(
        community_id=town.plaza, member_id=town.members["bob"], post_id=post.post_id, text="Edited.", now=town.now
    )
    case_id = review.claim_next(community_id=town.plaza, member_id=town.members["dave"], now=town.now)
    assert case_id is not None
    review.decide(
        community_id=town.plaza,
        member_id=town.members["dave"],
        case_id=case_id,
        action=Action.LABEL,
        clause_id=town.clause().id,
        reason="It was a threat.",
        days=None,
        seen=queries.sheet_of_case(community_id=town.plaza, case_id=case_id),
        judged=hash_text(PLAIN),
        now=town.pass_time(seconds=1),
    )

    assert Decision.objects.get().item.text == PLAIN
    assert compare().differences == []


def test_who_comes_back_may_write(town: Town) -> None:
    """Carol erases what she wrote, signs in again and writes a bio: no difference. By another hand it is one."""
    change = {"community_id": town.plaza, "member_id": town.members["carol"]}
    edit_profile.edit_profile(**change, display_name="Carol", bio="A baker.", now=town.now)
    erase.erase_member(**change, now=town.pass_time(seconds=1))
    erased = compare().differences
    edit_profile.edit_profile(**change, display_name="", bio="I am back.", now=town.pass_time(seconds=1))
    hers = Profile.objects.filter(pk=town.members["carol"])

    assert erased == compare().differences == []
    assert unseen([("a bio", lambda: hers.update(bio="A thief."), "bio is not what the record says")]) == []


def _other(item: Item) -> int:
    return Item.objects.exclude(pk=item.pk).filter(subject=str(Urn.parse(item.subject)))[0].pk
