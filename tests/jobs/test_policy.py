from datetime import timedelta

from wardmote.jobs import policy


def test_each_retry_waits_longer_until_an_hour() -> None:
    """The wait doubles from two seconds and never passes an hour."""
    waits = [policy.retry_delay(attempts) for attempts in (1, 2, 3, 20)]

    assert [timedelta(seconds=2), timedelta(seconds=4), timedelta(seconds=8), timedelta(hours=1)] == waits
