"""What becomes of one reported post, and when a series of checks is enough to say so. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from wardmote.hosting.policy.kinds import Finding, ItemStatus, NoticeKind
from wardmote.kernel.errors import Conflict, Invalid
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.i18n import number
from wardmote.kernel.texts import is_blank

CHECKS = 3
SPREAD = timedelta(hours=1)
"""At least so many checks that agree, over at least this time, before a verdict."""
SERIES = (timedelta(0), timedelta(minutes=30), timedelta(minutes=61))
"""When the checks of one series are made; the last is rather late than early, since a worker may begin late."""
FETCH_SPACING = timedelta(minutes=1)
"""Checks closer together than this are one check."""

_S = ItemStatus
MOVES: Mapping[ItemStatus, frozenset[ItemStatus]] = {
    _S.REPORTED: frozenset({_S.NOTIFIED, _S.WITHDRAWN}),
    _S.NOTIFIED: frozenset(
        {_S.ACKNOWLEDGED, _S.DISPUTED, _S.STILL_UP, _S.GONE_UNEXPLAINED, _S.UNREACHABLE, _S.WITHDRAWN, _S.REMOVED}
    ),
    _S.ACKNOWLEDGED: frozenset(
        {_S.DISPUTED, _S.STILL_UP, _S.REMOVED, _S.GONE_UNEXPLAINED, _S.UNREACHABLE, _S.WITHDRAWN}
    ),
    _S.DISPUTED: frozenset({_S.ACKNOWLEDGED, _S.WITHDRAWN}),
    _S.STILL_UP: frozenset({_S.DISPUTED, _S.REMOVED, _S.GONE_UNEXPLAINED, _S.UNREACHABLE, _S.WITHDRAWN}),
    _S.REAPPEARED: frozenset({_S.DISPUTED, _S.REMOVED, _S.GONE_UNEXPLAINED, _S.UNREACHABLE, _S.WITHDRAWN}),
    _S.REMOVED: frozenset({_S.REAPPEARED, _S.WITHDRAWN}),
    _S.GONE_UNEXPLAINED: frozenset({_S.REAPPEARED, _S.REMOVED, _S.WITHDRAWN}),
    _S.UNREACHABLE: frozenset({_S.DISPUTED, _S.STILL_UP, _S.REMOVED, _S.GONE_UNEXPLAINED, _S.REAPPEARED, _S.WITHDRAWN}),
    _S.WITHDRAWN: frozenset(),
}
_UNSEEN = frozenset({Finding.BLOCKED_TO_US, Finding.UNREACHABLE})
"""Looks that saw neither the post nor its absence."""
SETTLED_BY_HAND = frozenset({_S.REMOVED, _S.GONE_UNEXPLAINED, _S.STILL_UP})
"""What a person may make of checks that no machine should read: an edited text, a wall, a page that does not answer."""


URL_LIMIT = 500
CAPTURE_LIMIT = 10_000
_BLANK = re.compile(r"[\x00-\x20\x7f]")


@dataclass(frozen=True, slots=True)
class ItemDraft:
    """A post as staff report it: its address, the clause it breaks, the text that was there, and when that was."""

    url: str
    clause_key: str
    capture: str
    captured_at: datetime


@dataclass(frozen=True, slots=True)
class Seen:
    """One check: when, and what it showed."""

    at: datetime
    finding: Finding


def check_move(status: ItemStatus, to: ItemStatus) -> None:
    """Conflict where an item cannot become that."""
    if to not in MOVES[status]:
        wrong = _("An item that is “%(status)s” does not become “%(to)s”.")
        raise Conflict(wrong % {"status": _(status.replace("_", " ")), "to": _(to.replace("_", " "))})


def verdict(checks: Sequence[Seen]) -> Finding | None:
    """What the latest checks, oldest first, agree on; None until three that agree reach over an hour.

    A wall and an answer that could not be read agree: a site cannot keep a case open by showing them in turns.
    """
    agreeing: list[Seen] = []
    for check in reversed(checks):
        if agreeing and not _alike(check.finding, agreeing[0].finding):
            break
        if not agreeing or agreeing[-1].at - check.at >= FETCH_SPACING:
            agreeing.append(check)
    if len(agreeing) < CHECKS or agreeing[0].at - agreeing[-1].at < SPREAD:
        return None
    return agreeing[0].finding


def _alike(one: Finding, other: Finding) -> bool:
    return one is other or {one, other} <= _UNSEEN


def status_after(status: ItemStatus, found: Finding | None, *, claimed: bool) -> ItemStatus:
    """What a verdict makes of an item; `claimed`: the customer said that it removed it.

    A dispute is for a person to decide and an edit for a person to read: neither is changed by a verdict. What is gone
    without a word is `gone_unexplained`: a deletion is never an acknowledgement.
    """
    if found is None or found is Finding.EDITED or status in (_S.REPORTED, _S.DISPUTED, _S.WITHDRAWN):
        return status
    if found is Finding.UP:
        if status.gone:
            return _S.REAPPEARED
        return status if status.up else _S.STILL_UP
    if found is Finding.REMOVED:
        return _S.REMOVED if claimed or status is _S.REMOVED else _S.GONE_UNEXPLAINED
    return status if status.settled else _S.UNREACHABLE


def check_settlement(status: ItemStatus, to: ItemStatus, found: Finding | None) -> None:
    """Refuse a reading by hand of what the checks say by themselves, or before there are enough of them."""
    if to not in SETTLED_BY_HAND:
        raise Invalid(_("An item is read as removed, as gone unexplained, or as still up."), field="status")
    if found is None:
        raise Conflict(_("There are not yet three checks that agree over an hour."))
    if found in (Finding.UP, Finding.REMOVED):
        raise Conflict(_("The checks say by themselves what this is."))
    check_move(status, to)


def in_letter(status: ItemStatus, kind: NoticeKind) -> bool:
    """Whether a letter of that kind names an item: the first all that are reported, later ones what is not settled."""
    if kind in (NoticeKind.REINSTATEMENT, NoticeKind.TERMINATION, NoticeKind.SUSPENSION):
        return status is not _S.WITHDRAWN
    if kind in (NoticeKind.WARNING, NoticeKind.RESTRICTION, NoticeKind.PROPOSAL):
        return status.up
    return not status.settled


def check_items(items: Sequence[ItemDraft], *, now: datetime) -> None:
    """Refuse items that nobody could look at, or that say nothing of what was seen."""
    if not items:
        raise Invalid(_("A case is about at least one post."), field="items")
    for item in items:
        if not item.url.startswith(("http://", "https://")) or len(item.url) > URL_LIMIT or _BLANK.search(item.url):
            raise Invalid(
                _("A post has an address of at most %(most)d characters, not “%(address)s”.")
                % {"most": URL_LIMIT, "address": item.url[:80]},
                field="url",
            )
        if is_blank(item.capture) or len(item.capture) > CAPTURE_LIMIT:
            raise Invalid(
                _("Say what stood there, in at most %(most)s characters.") % {"most": number(CAPTURE_LIMIT)},
                field="capture",
            )
        if item.captured_at > now:
            raise Invalid(_("A post is seen before it is reported."), field="captured_at")
