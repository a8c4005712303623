"""Writes to the record, and what is known of other logs' keys."""

from wardmote.record.operations.entries import Event, append, append_all, erase
from wardmote.record.operations.keys import announce_key, forget_key, know_key, settle_key

__all__ = ["Event", "announce_key", "append", "append_all", "erase", "forget_key", "know_key", "settle_key"]
