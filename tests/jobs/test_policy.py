from datetime import timedelta

from wardmote.config.jobs import HANDLERS
from wardmote.jobs import policy


def test_each_retry_waits_longer_until_an_hour() -> None:
    """The wait doubles from two seconds and never passes an hour."""
    waits = [policy.retry_delay(attempts) for attempts in (1, 2, 3, 20)]

    assert [timedelta(seconds=2), timedelta(seconds=4), timedelta(seconds=8), timedelta(hours=1)] == waits


def test_no_kind_of_job_may_take_every_thread() -> None:
    """One that leaves the process has half of them, all that leave together leave one, and so does any other kind."""
    mail, hook = "notices.deliver_email", "moderation.deliver_webhook"

    assert policy.may_begin(mail, [mail], threads=4)
    assert not policy.may_begin(mail, [mail, mail], threads=4)
    assert policy.may_begin(hook, [mail, mail], threads=4)
    assert not policy.may_begin(hook, [mail, mail, hook], threads=4)
    assert policy.may_begin("network.fan_out", [mail, mail, hook], threads=4)
    assert not policy.may_begin("network.fan_out", ["network.fan_out"] * 3, threads=4)
    assert policy.may_begin(mail, [], threads=1)


def test_what_goes_to_others_is_tried_for_three_days() -> None:
    """Quickly at first, then once an hour."""
    pauses = [policy.pause(tries) for tries in range(1, policy.MOST_TRIES + 1)]

    assert pauses[0] == timedelta(seconds=1)
    assert max(pauses) == timedelta(hours=1)
    assert timedelta(days=2.7) < sum(pauses, timedelta()) < timedelta(days=3.3)


def test_every_kind_that_leaves_the_process_is_a_kind() -> None:
    """A name that no handler has would let its kind take every thread."""
    assert set(HANDLERS) >= policy.OUTSIDE
