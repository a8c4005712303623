"""`wardmote detect drift`: whether a community's last days are still scored like the weeks before them."""

from __future__ import annotations

import argparse
from datetime import timedelta
from typing import TYPE_CHECKING

from wardmote.edges.cli import server
from wardmote.edges.cli.failure import CannotStart

if TYPE_CHECKING:
    from wardmote.detect.statistics.drift import Shift

ALARM = 3
"""The exit status that says that something changed, for a timer to act on."""


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `drift`; the handler is `arguments.handler(arguments)`.

    Not `register`, by which the command itself finds its commands: this one is `detect`'s.
    """
    command = commands.add_parser("drift", help="see whether a community's scores are still what they were")
    command.add_argument("community", help="the community, as in its address")
    command.add_argument("--days", type=int, default=7, metavar="N", help="the last days to look at (default: 7)")
    command.add_argument(
        "--against", type=int, default=28, metavar="N", help="the days before them to compare with (default: 28)"
    )
    command.set_defaults(handler=watch)


def watch(arguments: argparse.Namespace) -> int:
    """Print one sentence for each category and one for the flagged; 3 where one of them is an alarm."""
    if min(arguments.days, arguments.against) < 1:
        raise CannotStart("--days and --against are at least 1")
    server.setup()
    from wardmote.communities.queries import community_by_slug
    from wardmote.detect.statistics.drift import FEWEST, shifts
    from wardmote.kernel import clock
    from wardmote.moderation.queries.scores import newest_screener, scored

    community = community_by_slug(arguments.community)
    if community is None:
        raise CannotStart(f"there is no community {arguments.community!r} here")
    screener, until = newest_screener(community_id=community.id), clock.now()
    middle = until - timedelta(days=arguments.days)
    since = middle - timedelta(days=arguments.against)
    before = scored(community_id=community.id, screener=screener, since=since, until=middle)
    now = scored(community_id=community.id, screener=screener, since=middle, until=until)
    print(
        f"{len(now.flagged):,} texts of {arguments.days} days, {len(before.flagged):,} of {arguments.against} before,"
    )
    print(f"as screener {screener or '(none)'} scored them")
    found = shifts(before.scores, now.scores, before.flagged, now.flagged)
    if not found:
        print(f"too little to compare: both need {FEWEST} texts of one screener")
    for shift in found:
        print(said(shift))
    return ALARM if any(shift.alarm for shift in found) else 0


def said(shift: Shift) -> str:
    """Return a shift as a sentence."""
    from wardmote.detect.statistics.drift import FLAGGED

    what = f"share is {shift.size:.2f} times what it was" if shift.name == FLAGGED else f"moved by {shift.size:.3f}"
    changed = "CHANGED" if shift.alarm else "as before"
    return f"{shift.name}: {changed} ({what}; by chance {shift.chance:.2g})"
