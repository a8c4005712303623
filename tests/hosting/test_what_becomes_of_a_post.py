"""What becomes of one reported post: disputed, edited, gone, back again."""

from datetime import timedelta

import pytest
from tests.hosting.desk import Desk

from wardmote.hosting import queries
from wardmote.hosting.policy import (
    Finding,
    ItemStatus,
    NoticeKind,
    Stage,
)
from wardmote.journeys.hosts import cases, recheck
from wardmote.kernel.errors import Conflict, Refused
from wardmote.upstream.policy import AnswerKind

TEXT = "I will be at your door on Friday, and you will be sorry."


def move(desk: Desk, case_id: int, to: Stage, reason: str = "It is time.") -> None:
    cases.move(staff_id=desk.staff("ivan"), case_id=case_id, to=to, reason=reason, now=desk.now)


def due(clock: queries.ClockView | None) -> timedelta:
    assert clock is not None
    return clock.remaining


def settle(desk: Desk, case_id: int, status: ItemStatus, staff: str = "ivan") -> None:
    cases.settle_item(
        staff_id=desk.staff(staff),
        case_id=case_id,
        item_id=desk.view(case_id).items[0].item_id,
        status=status,
        reason="It says something else now.",
        now=desk.now,
    )


def decide_dispute(desk: Desk, case_id: int, *, upheld: bool) -> None:
    cases.decide_dispute(
        staff_id=desk.staff("ivan"),
        case_id=case_id,
        item_id=desk.view(case_id).items[0].item_id,
        upheld=upheld,
        reason="We read it again.",
        now=desk.now,
    )


def put_page(desk: Desk, body: str, status: int = 200) -> None:
    (path,) = [path for path in desk.site.pages if path.startswith("/@")]
    desk.site.pages[path] = (status, body)


def test_a_disputed_items_clock_stands_still(desk: Desk, notified: int) -> None:
    """While somebody else reads it, not a minute counts; dismissed, the clock runs on from where it stood."""
    desk.pass_time(hours=10)
    desk.answer(0, AnswerKind.DISPUTED, "It is a line from a song.")
    before = desk.view(notified).items[0]
    desk.pass_time(hours=100)
    during = desk.view(notified).items[0]
    decide_dispute(desk, notified, upheld=False)
    after = desk.view(notified).items[0]

    assert before.clock is not None
    assert before.clock.paused
    assert before.clock.remaining == due(during.clock) == due(after.clock)
    assert during.status is ItemStatus.DISPUTED
    assert after.status is ItemStatus.ACKNOWLEDGED
    assert after.clock is not None
    assert not after.clock.paused


def test_a_customer_who_is_right_is_rid_of_it(desk: Desk, notified: int) -> None:
    """An upheld dispute withdraws the item, and the case closes when nothing is left of it."""
    desk.answer(0, AnswerKind.DISPUTED, "It is a line from a song.")
    decide_dispute(desk, notified, upheld=True)
    desk.pass_time(hours=80)
    move(desk, notified, Stage.CLOSED)

    assert desk.statuses(notified) == [ItemStatus.WITHDRAWN]
    assert desk.stage(notified) is Stage.CLOSED


def test_an_item_is_disputed_once(desk: Desk, notified: int) -> None:
    """After it was read by another, saying so again is kept word for word and stops no clock."""
    desk.answer(0, AnswerKind.DISPUTED, "It is a line from a song.")
    decide_dispute(desk, notified, upheld=False)
    desk.answer(0, AnswerKind.DISPUTED, "It still is.")
    item = desk.view(notified).items[0]

    assert [answer.words for answer in item.answers] == ["It is a line from a song.", "It still is."]
    assert item.status is ItemStatus.ACKNOWLEDGED
    with pytest.raises(Conflict, match="decided already"):
        decide_dispute(desk, notified, upheld=True)


def test_an_edited_text_is_for_a_person_to_read(desk: Desk, notified: int) -> None:
    """The machine says only that it is edited; somebody says whether what is left breaks the clause."""
    put_page(desk, "<p>I will be at your door on Friday, with flowers, and you will be pleased.</p>")
    desk.answer(0, AnswerKind.REMOVED)
    with pytest.raises(Conflict, match="not yet three"):
        settle(desk, notified, ItemStatus.REMOVED)
    desk.pass_time(hours=2)

    assert desk.view(notified).items[0].verdict is Finding.EDITED
    assert desk.statuses(notified) == [ItemStatus.ACKNOWLEDGED]
    settle(desk, notified, ItemStatus.REMOVED)
    assert desk.statuses(notified) == [ItemStatus.REMOVED]


def test_what_cannot_be_reached_is_not_removed(desk: Desk, notified: int) -> None:
    """Three times no page at all: the case cannot be closed on that."""
    put_page(desk, "", status=503)
    desk.answer(0, AnswerKind.REMOVED)
    desk.pass_time(hours=2)

    assert desk.statuses(notified) == [ItemStatus.UNREACHABLE]
    with pytest.raises(Refused, match="gone, by the checks"):
        move(desk, notified, Stage.CLOSED)


def test_what_is_gone_without_a_word_is_said_so(desk: Desk, notified: int) -> None:
    """A deletion is no acknowledgement: the silence is noted all the same."""
    put_page(desk, "", status=410)
    desk.pass_time(hours=74)

    assert desk.statuses(notified) == [ItemStatus.GONE_UNEXPLAINED]
    assert desk.stage(notified) is Stage.UNANSWERED


def test_what_comes_back_is_noticed(desk: Desk, notified: int) -> None:
    """A post that was removed and stands again has reappeared, and counts against the customer."""
    put_page(desk, "", status=404)
    desk.answer(0, AnswerKind.REMOVED)
    desk.pass_time(hours=2)
    gone = desk.statuses(notified)
    put_page(desk, f"<p>{TEXT}</p>")
    recheck.check_now(staff_id=desk.staff("ivan"), case_id=notified, series=True, now=desk.now)
    desk.pass_time(hours=73)

    assert gone == [ItemStatus.REMOVED]
    assert desk.statuses(notified) == [ItemStatus.REAPPEARED]
    desk.send(notified, NoticeKind.WARNING)
    assert desk.stage(notified) is Stage.WARNED
