import time
from collections.abc import Iterator

import pytest

from wardmote.config.processes import process_tree
from wardmote.config.processes.keeper import Keeper
from wardmote.config.processes.pulse import Beat, Pulse
from wardmote.edges.cli.failure import CannotStart


@pytest.fixture
def pulse() -> Iterator[Pulse]:
    """The listening end, closed at the end."""
    pulse = Pulse()
    yield pulse
    pulse.close()


def test_who_ends_again_and_again_stops_all(pulse: Pulse) -> None:
    """Four times it is started again, after longer and longer; the fifth end within ten minutes is the last."""
    said: list[str] = []
    keeper = Keeper(said.append, pulse, hung=60, pause=0.01)
    # `calendar` prints a month, or with these arguments says that it cannot, and ends.
    keeper.start("the worker", "calendar")

    def watch() -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            keeper.look()
            time.sleep(0.01)

    with pytest.raises(CannotStart, match="for the 5th time within 10 minutes; all was stopped"):
        watch()
    process_tree.stop(keeper.children())

    starts = [line for line in said if "is started again in" in line]
    assert [line.partition(" again in ")[2].partition(" s ")[0] for line in starts] == ["0.01", "0.02", "0.04", "0.08"]


def test_a_pulse_is_heard_and_its_silence_too(pulse: Pulse) -> None:
    """Who has spoken is known by name; a word with another secret counts for nothing."""
    Beat("the worker")()
    stranger = Beat("the web server")
    stranger._word = b"guessed 1 the web server"  # noqa: SLF001 - what a stranger would send
    stranger()
    time.sleep(0.1)
    pulse.listen()

    assert pulse.silence("the web server") is None
    heard = pulse.silence("the worker")
    assert heard is not None
    assert 0 <= heard < 5
