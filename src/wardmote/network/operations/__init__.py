"""Writes of the network, one verb each."""

from wardmote.network.operations.follows import follow, unfollow
from wardmote.network.operations.handles import claim_handle, reserve_handle
from wardmote.network.operations.posts import (
    Draft,
    add_posts,
    change_post,
    delete_post,
    distribute_posts,
    erase_posts,
    fan_out,
    hold_text,
    judge_post,
    withdraw_post,
)
from wardmote.network.operations.profiles import (
    add_profile,
    change_profile,
    erase_profile,
    judge_profile,
    withdraw_profile,
)

__all__ = [
    "Draft",
    "add_posts",
    "add_profile",
    "change_post",
    "change_profile",
    "claim_handle",
    "delete_post",
    "distribute_posts",
    "erase_posts",
    "erase_profile",
    "fan_out",
    "follow",
    "hold_text",
    "judge_post",
    "judge_profile",
    "reserve_handle",
    "unfollow",
    "withdraw_post",
    "withdraw_profile",
]
