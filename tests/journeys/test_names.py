"""Blank texts, names in every script, and what makes two names the same."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.scenario import PLAIN, QUEUED, Town

from wardmote.communities.policy import Action, ClauseDraft, Severity
from wardmote.journeys.members import appeal, edit_post, edit_profile, publish, report
from wardmote.journeys.operator import found_community
from wardmote.journeys.platforms.imported_members import imported_members
from wardmote.kernel.errors import Invalid
from wardmote.kernel.texts import clean_name, identity, is_blank, isolated
from wardmote.moderation.models import Case, Item
from wardmote.moderation.policy import ReportReason
from wardmote.network.queries import profile

BLANK = ["\u200b", "\u2800", "\u3164", "\u200e", "\u00ad", "\ufeff", "\u115f\u1160", "\U000e0041", "\u2060 \u3000", ""]


@pytest.mark.parametrize("blank", BLANK)
def test_what_shows_nothing_is_no_text(town: Town, blank: str) -> None:
    """No post, edit, appeal, reason or clause is made of it, and nothing is on the record."""
    path = town.post("bob", QUEUED)
    decision = town.decide("dave", Action.LABEL)
    before = town.verbs()
    here, clause = town.plaza, ClauseDraft("1", "Threats", blank, "violence.threat", Severity.LOW, Action.NONE)
    bob: dict[str, Any] = {"community_id": here, "member_id": town.members["bob"]}
    acts: list[Callable[[], object]] = [
        lambda: publish.publish(**bob, text=blank, parent_id=None, now=town.now),
        lambda: edit_post.edit_post(**bob, post_id=path.post_id, text=blank, now=town.now),
        lambda: appeal.file_appeal(**bob, decision_id=decision, text=blank, now=town.now),
        lambda: found_community.publish_policy(
            community_id=here, member_id=town.members["alice"], title="Rules", clauses=[clause], now=town.now
        ),
    ]
    for act in acts:
        with pytest.raises(Invalid):
            act()
    second = town.post("carol", QUEUED)
    with pytest.raises(Invalid):
        town.decide("dave", Action.REMOVE, reason=blank)

    assert [verb for verb in town.verbs()[len(before) :] if not verb.startswith("case.")] == ["post.published"]
    assert second.post_id


@pytest.mark.parametrize("blank", BLANK)
def test_a_blank_name_is_the_handle(town: Town, blank: str) -> None:
    """A profile whose name and words show nothing has none; a report's blank comment is none."""
    bob = {"community_id": town.plaza, "member_id": town.members["bob"]}
    edit_profile.edit_profile(**bob, display_name=blank, bio=blank, now=town.now)
    shown = profile(community_id=town.plaza, member_id=town.members["bob"])
    post = town.post("bob", PLAIN)
    town.report("carol", post.post_id, ReportReason.OTHER, blank)

    assert shown is not None
    assert (shown.display_name, shown.bio) == ("bob", "")
    assert Case.objects.get().reports.get().comment == ""


@pytest.mark.parametrize("control", ["\n", "\x00", "\x85", "\u2028", "\ud800"])
def test_a_name_with_a_control_character_is_refused(town: Town, control: str) -> None:
    """It is no name anywhere."""
    with pytest.raises(Invalid):
        clean_name(f"a{control}b", limit=60, field="name")
    with pytest.raises(Invalid):
        edit_profile.edit_profile(
            community_id=town.plaza, member_id=town.members["bob"], display_name=f"a{control}b", bio="", now=town.now
        )


@pytest.mark.django_db(transaction=True)
def test_names_that_look_the_same_are_one_person(transactional_db: None, town: Town) -> None:
    """An imported name with and without a joiner is one member; another name is another."""
    names = ["علی\u200cرضا", "علیرضا", "علی\u200b\u200cرضا", "山田　太郎", "山田 太郎", "zoe", "zo\u2060e", "ali"]
    members = imported_members(community_id=town.plaza, names=names, now=town.now)

    assert len({members[name] for name in names[:3]}) == 1
    assert members["山田　太郎"] == members["山田 太郎"]
    assert members["zoe"] == members["zo\u2060e"]
    assert len(set(members.values())) == 4


def test_a_name_does_not_turn_the_words_beside_it(town: Town) -> None:
    """A direction control is ended inside the name; the end of what it did not begin is left out."""
    bob = {"community_id": town.plaza, "member_id": town.members["bob"]}
    edit_profile.edit_profile(**bob, display_name="\u202egnik\u2069", bio="", now=town.now)
    shown = profile(community_id=town.plaza, member_id=town.members["bob"])

    assert shown is not None
    assert shown.display_name == "\u202egnik\u202c"
    assert isolated("\u2066a\u202bb") == "\u2066a\u202bb\u202c\u2069"


@given(st.text(max_size=30))
def test_folding_a_name_is_done_once(name: str) -> None:
    """Folded again, and after isolating, it is the same; a blank one is empty."""
    assert identity(identity(name)) == identity(name)
    assert identity(isolated(name)) == identity(name)
    assert isolated(isolated(name)) == isolated(name)
    if is_blank(name):
        assert not identity(name) or not identity(name).isprintable()


def test_reporting_with_words_keeps_them(town: Town) -> None:
    """A joiner inside a text is the text's own and stays."""
    post = town.post("bob", "می\u200cخواهم")
    report.report_post(
        community_id=town.plaza,
        member_id=town.members["carol"],
        post_id=post.post_id,
        reason=ReportReason.OTHER,
        comment="می\u200cخواهم",
        now=town.now,
    )

    assert Item.objects.get().text == "می\u200cخواهم"
