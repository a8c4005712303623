from datetime import UTC, datetime, timedelta

import pytest

from wardmote.communities.policy import Action, CommunityState
from wardmote.hosting.policy.kinds import AnswerKind as HostsAnswerKind
from wardmote.hosting.policy.kinds import NoticeKind
from wardmote.kernel.errors import Invalid
from wardmote.upstream.policy import (
    ASKS_ABOUT_ITEMS,
    STATE_AFTER,
    AnswerKind,
    Measure,
    answer_to,
    check_answer,
    measure_in_force,
    own_post,
)

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_both_sides_know_the_same_answers() -> None:
    """What a community can say, its host can read, about a post or about none alike."""
    ours = {kind.value: kind.about_an_item for kind in AnswerKind}

    assert ours == {kind.value: kind.about_an_item for kind in HostsAnswerKind}


def test_every_kind_of_letter_that_is_known_here_is_known_there() -> None:
    """No letter takes effect under a name that the host does not use."""
    assert STATE_AFTER.keys() | ASKS_ABOUT_ITEMS <= {kind.value for kind in NoticeKind}


@pytest.mark.parametrize(
    ("url", "post_id"),
    [
        ("http://plaza.localhost/@bob/12", 12),
        ("https://plaza.localhost:8000/@bob/12", 12),
        ("https://PLAZA.localhost/%40bob/12/", 12),
        ("https://plaza.localhost/@bob/12?page=2#top", 12),
        ("https://harbour.localhost/@bob/12", None),
        ("https://plaza.localhost.evil.example/@bob/12", None),
        ("https://plaza.localhost@evil.example/@bob/12", None),
        ("https://evil.example/https://plaza.localhost/@bob/12", None),
        ("https://plaza.localhost/@bob", None),
        ("https://plaza.localhost/@bob/0", None),
        ("https://plaza.localhost/@bob/12/edit", None),
        ("https://plaza.localhost/@bob/9999999999999999999", None),
        ("ftp://plaza.localhost/@bob/12", None),
        ("nonsense", None),
    ],
)
def test_a_post_of_ours_is_known_by_its_address(url: str, post_id: int | None) -> None:
    """Only an address of our own domain, in the form that our pages have."""
    assert own_post(url, "plaza.localhost") == post_id


@pytest.mark.parametrize("action", Action)
def test_only_what_takes_a_post_away_is_a_removal(action: Action) -> None:
    """A label or a click in front of it leaves it readable: to the host that is not removed."""
    removed = action in (Action.REMOVE, Action.SUSPEND)

    assert answer_to(action) is (AnswerKind.REMOVED if removed else AnswerKind.DISPUTED)


def test_a_restriction_is_over_at_its_end() -> None:
    """From its deadline on it holds nothing; a suspension holds until it is lifted."""
    restricted = Measure(1, "a", CommunityState.RESTRICTED, NOON)
    suspended = Measure(2, "b", CommunityState.SUSPENDED, NOON)
    lifted = Measure(3, "b", CommunityState.ACTIVE, NOON)
    before, after = NOON - timedelta(seconds=1), NOON

    assert measure_in_force([restricted], before) == restricted
    assert measure_in_force([restricted], after) is None
    assert measure_in_force([suspended, restricted], before) == suspended
    assert measure_in_force([suspended, restricted, lifted], before) == restricted
    assert measure_in_force([suspended], after) == suspended
    assert measure_in_force([], before) is None


@pytest.mark.parametrize("kind", AnswerKind)
def test_an_answer_is_about_what_it_is_about(kind: AnswerKind) -> None:
    """An answer about a post needs one, the others must not have one."""
    check_answer(kind, "because", about_an_item=kind.about_an_item)
    with pytest.raises(Invalid):
        check_answer(kind, "because", about_an_item=not kind.about_an_item)


@pytest.mark.parametrize("kind", [k for k in AnswerKind if k not in (AnswerKind.REMOVED, AnswerKind.ACKNOWLEDGED)])
def test_a_contradiction_says_why(kind: AnswerKind) -> None:
    """A dispute, a delay, a plan or an appeal without a word is refused."""
    with pytest.raises(Invalid, match="why"):
        check_answer(kind, "  ", about_an_item=kind.about_an_item)
