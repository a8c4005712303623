"""Background entry points of the network."""

from datetime import datetime

from wardmote.network import operations


def fan_out(post_id: int, *, now: datetime) -> None:  # noqa: ARG001 - every handler is given the time
    """Write a post into many followers' home feeds."""
    operations.fan_out(post_ids=[post_id])
