"""The named cast of the record's tests, by URN, and their hour."""

from collections.abc import Callable
from datetime import UTC, datetime

from wardmote.kernel.urn import Urn
from wardmote.record.models import Entry

BOB, CAROL, DAVE = Urn("member", 2), Urn("member", 3), Urn("member", 4)
PLAZA, HARBOUR = Urn("community", 7), Urn("community", 8)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)

Publish = Callable[..., Entry]
"""Appends a post of Bob's; keywords replace those of `append`."""
