"""Writes of what a community receives from its host and answers."""

from wardmote.upstream.operations.hosts import lock_host, name_host, remove_host, replace_host_key
from wardmote.upstream.operations.measures import overrule
from wardmote.upstream.operations.notices import (
    ReceivedItem,
    ReceivedNotice,
    accept_policy,
    give_answer,
    link_case,
    mark_acceptance_sent,
    mark_answer_sent,
    mark_receipt_sent,
    receive_notice,
    receive_policy,
    store_receipt,
)

__all__ = [
    "ReceivedItem",
    "ReceivedNotice",
    "accept_policy",
    "give_answer",
    "link_case",
    "lock_host",
    "mark_acceptance_sent",
    "mark_answer_sent",
    "mark_receipt_sent",
    "name_host",
    "overrule",
    "receive_notice",
    "receive_policy",
    "remove_host",
    "replace_host_key",
    "store_receipt",
]
