from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wardmote.hosting.policy.items import (
    MOVES,
    ItemDraft,
    Seen,
    check_items,
    check_move,
    check_settlement,
    in_letter,
    status_after,
    verdict,
)
from wardmote.hosting.policy.kinds import Finding, ItemStatus, NoticeKind
from wardmote.kernel.errors import Conflict, Invalid

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
F, S = Finding, ItemStatus


def seen(*looks: tuple[int, Finding]) -> list[Seen]:
    """Looks at minutes past noon."""
    return [Seen(NOON + timedelta(minutes=minute), finding) for minute, finding in looks]


@pytest.mark.parametrize(
    ("looks", "expected"),
    [
        ((), None),
        (((0, F.REMOVED), (30, F.REMOVED)), None),
        (((0, F.REMOVED), (20, F.REMOVED), (59, F.REMOVED)), None),
        (((0, F.REMOVED), (30, F.REMOVED), (60, F.REMOVED)), F.REMOVED),
        (((0, F.REMOVED), (59, F.REMOVED), (60, F.REMOVED)), F.REMOVED),
        (((0, F.REMOVED), (60, F.REMOVED), (60, F.REMOVED)), None),
        (((0, F.REMOVED), (30, F.UP), (60, F.REMOVED)), None),
        (((0, F.UP), (30, F.REMOVED), (60, F.REMOVED), (90, F.REMOVED)), F.REMOVED),
        (((0, F.REMOVED), (30, F.REMOVED), (60, F.REMOVED), (61, F.UP)), None),
        (((0, F.UNREACHABLE), (30, F.UNREACHABLE), (60, F.UNREACHABLE)), F.UNREACHABLE),
    ],
)
def test_a_verdict_needs_three_looks_that_agree_over_an_hour(
    looks: tuple[tuple[int, Finding], ...], expected: Finding | None
) -> None:
    """Fewer, closer, or one that says otherwise: no verdict. Looks within a minute are one."""
    assert verdict(seen(*looks)) is expected


@pytest.mark.parametrize(
    ("status", "found", "claimed", "expected"),
    [
        (S.ACKNOWLEDGED, F.UP, False, S.STILL_UP),
        (S.ACKNOWLEDGED, F.UP, True, S.STILL_UP),
        (S.ACKNOWLEDGED, F.REMOVED, True, S.REMOVED),
        (S.ACKNOWLEDGED, F.REMOVED, False, S.GONE_UNEXPLAINED),
        (S.NOTIFIED, F.REMOVED, False, S.GONE_UNEXPLAINED),
        (S.STILL_UP, F.REMOVED, True, S.REMOVED),
        (S.STILL_UP, F.UP, False, S.STILL_UP),
        (S.REMOVED, F.UP, True, S.REAPPEARED),
        (S.GONE_UNEXPLAINED, F.UP, False, S.REAPPEARED),
        (S.REAPPEARED, F.UP, False, S.REAPPEARED),
        (S.ACKNOWLEDGED, F.EDITED, True, S.ACKNOWLEDGED),
        (S.ACKNOWLEDGED, F.BLOCKED_TO_US, True, S.UNREACHABLE),
        (S.ACKNOWLEDGED, F.UNREACHABLE, True, S.UNREACHABLE),
        (S.REMOVED, F.UNREACHABLE, True, S.REMOVED),
        (S.UNREACHABLE, F.UP, False, S.STILL_UP),
        (S.DISPUTED, F.UP, False, S.DISPUTED),
        (S.DISPUTED, F.REMOVED, True, S.DISPUTED),
        (S.WITHDRAWN, F.UP, False, S.WITHDRAWN),
        (S.REPORTED, F.REMOVED, False, S.REPORTED),
        (S.ACKNOWLEDGED, None, True, S.ACKNOWLEDGED),
    ],
)
def test_what_a_verdict_makes_of_an_item(
    status: ItemStatus, found: Finding | None, claimed: bool, expected: ItemStatus
) -> None:
    """A deletion is no acknowledgement, unreachable is not removed, and a dispute is for a person."""
    assert status_after(status, found, claimed=claimed) is expected


@settings(deadline=None)
@given(st.sampled_from(ItemStatus), st.sampled_from([*Finding, None]), st.booleans())
def test_a_verdict_never_breaks_the_table(status: ItemStatus, found: Finding | None, claimed: bool) -> None:
    """Whatever was seen, an item stays what it is or takes a step that it may take."""
    after = status_after(status, found, claimed=claimed)

    assert after is status or after in MOVES[status]


def test_an_item_does_not_become_what_it_cannot() -> None:
    """What is withdrawn stays withdrawn."""
    with pytest.raises(Conflict, match="“withdrawn” does not become “still up”"):
        check_move(S.WITHDRAWN, S.STILL_UP)


def test_a_person_reads_only_what_the_checks_leave_open() -> None:
    """An edit or a wall is for a person, after three looks; what the checks say by themselves is not."""
    check_settlement(S.ACKNOWLEDGED, S.STILL_UP, F.EDITED)
    check_settlement(S.UNREACHABLE, S.GONE_UNEXPLAINED, F.BLOCKED_TO_US)

    with pytest.raises(Conflict, match="not yet three"):
        check_settlement(S.ACKNOWLEDGED, S.REMOVED, None)
    with pytest.raises(Conflict, match="by themselves"):
        check_settlement(S.STILL_UP, S.REMOVED, F.UP)
    with pytest.raises(Invalid):
        check_settlement(S.ACKNOWLEDGED, S.WITHDRAWN, F.EDITED)
    with pytest.raises(Conflict):
        check_settlement(S.DISPUTED, S.REMOVED, F.EDITED)


@pytest.mark.parametrize(
    "draft",
    [
        ItemDraft("ftp://plaza.example/1", "2.1", "text", NOON),
        ItemDraft("file:///etc/passwd", "2.1", "text", NOON),
        ItemDraft("http://plaza.example/a b", "2.1", "text", NOON),
        ItemDraft("http://plaza.example/" + "x" * 500, "2.1", "text", NOON),
        ItemDraft("http://plaza.example/1", "2.1", "  ", NOON),
        ItemDraft("http://plaza.example/1", "2.1", "x" * 10_001, NOON),
        ItemDraft("http://plaza.example/1", "2.1", "text", NOON + timedelta(seconds=1)),
    ],
)
def test_an_item_that_proves_nothing_is_refused(draft: ItemDraft) -> None:
    """An address nobody can look at, a capture of nothing, and a look into the future are no report."""
    with pytest.raises(Invalid):
        check_items([draft], now=NOON)


def test_a_case_is_about_something() -> None:
    """No items, no case."""
    with pytest.raises(Invalid, match="at least one"):
        check_items([], now=NOON)


def test_a_warning_names_only_what_still_stands() -> None:
    """The first letter names what is reported, a warning what is up, the last word all that was not withdrawn."""
    assert {s for s in S if in_letter(s, NoticeKind.WARNING)} == {S.STILL_UP, S.REAPPEARED}
    assert in_letter(S.REPORTED, NoticeKind.NOTICE)
    assert {s for s in S if not in_letter(s, NoticeKind.SUSPENSION)} == {S.WITHDRAWN}
