"""Ids sort by time though the clock is set back."""

import pytest
from tests.record.cast import NOW, Publish

from wardmote.kernel import clock, ids
from wardmote.record import engine
from wardmote.record.models import Entry

NOON = clock.to_milliseconds(NOW)
HOUR = 60 * 60 * 1000


class Machine:
    """A machine's two clocks: one that can be set, one that goes on."""

    def __init__(self) -> None:
        self.gone = 0
        self.set_back = 0

    def make(self, source: ids._Source) -> int:
        """An id, a millisecond after the one before."""
        self.gone += 1
        return source.next(NOON + self.gone - self.set_back)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A machine whose clocks stand still until a test lets them go on."""
    made = Machine()
    monkeypatch.setattr(ids._Source, "_tick", staticmethod(lambda: made.gone), raising=False)  # noqa: SLF001
    return made


def test_processes_stay_in_order_after_the_clock_was_set_back(machine: Machine) -> None:
    """Of two processes that lived through the step, a hundred ids of one sort before the next of the other."""
    first, second = ids._Source(), ids._Source()  # noqa: SLF001
    made = [machine.make(first), machine.make(second)]
    machine.set_back = HOUR
    made += [machine.make(second) for _ in range(100)]
    made += [machine.make(first), machine.make(second), machine.make(first)]

    assert made == sorted(made)


def test_a_process_that_starts_after_the_step_goes_on_after_what_is_stored(
    machine: Machine, publish: Publish, monkeypatch: pytest.MonkeyPatch, db: None
) -> None:
    """A worker that starts with an earlier clock makes ids above the newest entry, and so its entries come after it."""
    before = publish()
    fresh = ids._Source()  # noqa: SLF001
    earlier = clock.to_milliseconds(ids.moment_of(before.pk)) - HOUR
    monkeypatch.setattr(ids, "_source", fresh)
    monkeypatch.setattr(clock, "now", lambda: ids.moment_of(earlier << ids.TIME_SHIFT))
    engine.go_on_after_stored()
    publish()
    engine.sequence(NOW)

    assert Entry.objects.get(index=0).pk == before.pk


def test_what_is_far_ahead_is_not_followed(machine: Machine) -> None:
    """An id of another year in the database is damage: new ids stay with the clock."""
    fresh = ids._Source()  # noqa: SLF001
    fresh.start_above(ids.MAX_ID, NOON)

    assert ids.moment_of(fresh.next(NOON)) == NOW
