from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wardmote.hosting.policy.clocks import Clock, check_extension, check_outage
from wardmote.kernel.errors import Conflict, Invalid

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY, HOUR = timedelta(hours=24), timedelta(hours=1)


def test_a_clock_runs_from_its_start() -> None:
    """After a third of its time two thirds remain, and at its due moment it is over."""
    clock = Clock.start(NOON, DAY)

    assert clock.remaining(NOON + 8 * HOUR) == 16 * HOUR
    assert clock.due_at == NOON + DAY
    assert not clock.lapsed(NOON + DAY - timedelta(microseconds=1))
    assert clock.lapsed(NOON + DAY)


def test_a_pause_takes_nothing_and_gives_nothing() -> None:
    """Ten hours run, a week of standing still, and fourteen hours are left."""
    paused = Clock.start(NOON, DAY).pause(NOON + 10 * HOUR)
    resumed = paused.resume(NOON + 178 * HOUR)

    assert paused.due_at is None
    assert paused.remaining(NOON + 100 * HOUR) == 14 * HOUR
    assert resumed.due_at == NOON + 192 * HOUR


def test_pausing_twice_is_pausing_once() -> None:
    """A clock that stands is not moved by being stopped, nor one that runs by being started."""
    paused = Clock.start(NOON, DAY).pause(NOON + HOUR)

    assert paused.pause(NOON + 5 * HOUR) == paused
    assert paused.resume(NOON + 2 * HOUR).resume(NOON + 9 * HOUR) == paused.resume(NOON + 2 * HOUR)


def test_our_own_outage_is_given_back() -> None:
    """Three hours in which we could not be reached move the deadline by three hours."""
    clock = Clock.start(NOON, DAY).credit_outage(NOON + HOUR, NOON + 4 * HOUR)

    assert clock.due_at == NOON + 27 * HOUR


def test_an_outage_before_the_start_gives_only_what_it_took() -> None:
    """What was over, or had begun, before the clock did counts from the clock's start."""
    clock = Clock.start(NOON, DAY)

    assert clock.credit_outage(NOON - 5 * HOUR, NOON + 2 * HOUR).due_at == NOON + 26 * HOUR
    assert clock.credit_outage(NOON - 5 * HOUR, NOON - HOUR).due_at == NOON + DAY


def test_a_paused_clock_gets_back_no_more_than_it_has_run() -> None:
    """An outage during a long pause cannot have taken more than was counted."""
    paused = Clock.start(NOON, DAY).pause(NOON + HOUR)

    assert paused.credit_outage(NOON, NOON + 9 * HOUR).length == DAY + HOUR


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["pause", "resume", "credit", "outage", "wait"]), st.integers(0, 3000)), max_size=30
    )
)
def test_no_clock_ever_runs_backwards(events: list[tuple[str, int]]) -> None:
    """Whatever happens to it, the time it has run never shrinks, and what was given is never taken."""
    clock, now = Clock.start(NOON, DAY), NOON
    for event, minutes in events:
        elapsed, length = clock.elapsed(now), clock.length
        later = now + timedelta(minutes=minutes)
        if event == "outage":
            clock = clock.credit_outage(now, later)
        elif event == "credit":
            clock = clock.credit(timedelta(minutes=minutes))
        elif event != "wait":
            clock = getattr(clock, event)(later)
        now = later

        assert clock.elapsed(now) >= elapsed
        assert clock.length >= length
        assert clock.remaining(now) == clock.length - clock.elapsed(now)


def test_a_clock_of_a_slow_machine_does_not_go_back() -> None:
    """A moment before the clock was set going counts as that moment."""
    assert Clock.start(NOON, DAY).elapsed(NOON - HOUR) == timedelta(0)


def test_an_outage_that_cannot_have_been_is_refused() -> None:
    """It must begin before it ends, and be over."""
    with pytest.raises(Invalid, match="begins before it ends"):
        check_outage(NOON, NOON, NOON + HOUR)
    with pytest.raises(Invalid, match="once it is over"):
        check_outage(NOON, NOON + HOUR, NOON)


def test_a_case_is_extended_once_and_by_a_week_at_most() -> None:
    """The ladder allows one extension, with a reason."""
    check_extension(168, extended_before=False)
    with pytest.raises(Conflict, match="one"):
        check_extension(1, extended_before=True)
    with pytest.raises(Invalid):
        check_extension(169, extended_before=False)
