from dataclasses import dataclass

from wardmote.outside.breaker import Breaker


@dataclass
class Watch:
    """A clock that a test turns."""

    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_it_opens_after_enough_failures_in_a_row_and_not_before() -> None:
    """A success in between begins the count again."""
    breaker = Breaker(failures=3, rest=60, seconds=Watch())
    for went_well in (False, False, True, False, False):
        assert breaker.wait() == 0
        (breaker.succeeded if went_well else breaker.failed)()
    before = breaker.wait()
    breaker.failed()

    assert (before, breaker.wait(), breaker.rests()) == (0, 60, 60)


def test_after_its_rest_one_try_decides() -> None:
    """Half open, the first is let through and the second is not; a failure opens it anew, a success closes it."""
    watch = Watch()
    breaker = Breaker(failures=1, rest=60, seconds=watch)
    breaker.failed()
    watch.seconds = 61
    first, second = breaker.wait(), breaker.wait()
    breaker.failed()
    again = breaker.wait()
    watch.seconds = 200
    last = breaker.wait()
    breaker.succeeded()

    assert (first, second, again, last) == (0, 60, 60, 0)
    assert (breaker.wait(), breaker.wait()) == (0, 0)


def test_a_try_that_never_comes_back_does_not_keep_it_open_for_ever() -> None:
    """Whoever was let through died: after another rest the next one may try."""
    watch = Watch()
    breaker = Breaker(failures=1, rest=60, seconds=watch)
    breaker.failed()
    watch.seconds = 60
    breaker.wait()
    watch.seconds = 120

    assert breaker.rests() == 0
    assert breaker.wait() == 0
