"""`wardmote member`: who is in a community, and what they are there."""

import argparse
from typing import TYPE_CHECKING

from wardmote.communities.policy import Role
from wardmote.edges.cli import server
from wardmote.kernel.errors import NotFound

if TYPE_CHECKING:
    from wardmote.communities.queries import CommunityView

AT_ONCE = 500


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `member` to the command."""
    parser = subparsers.add_parser("member", help="list a community's members, and change what one of them is")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    listing = verbs.add_parser("list", help="every member: handle, role, since when, and whether they are shut out")
    listing.add_argument("community", help="the community's short name")
    listing.add_argument("--search", default="", metavar="TEXT", help="only whose handle or name has this")
    listing.set_defaults(handler=show)
    role = verbs.add_parser("role", help="make a member a moderator, the owner, or a member like others; they are told")
    role.add_argument("community", help="the community's short name")
    role.add_argument("handle", help="the member's handle there")
    role.add_argument("role", choices=[r.value for r in Role], help="what they are from now on")
    role.set_defaults(handler=change)


def show(options: argparse.Namespace) -> int:
    """Print one line for each, the newest first."""
    server.setup()
    from wardmote.kernel.clock import now
    from wardmote.moderation.queries.roll import roll

    here, at, before = _community(options.community), now(), None
    while rows := roll(community_id=here.id, search=options.search, before=before, limit=AT_ONCE):
        for row in rows:
            state = "removed" if row.is_removed else "suspended" if row.suspended(at) else ""
            print(f"@{row.handle}  {row.role.value}  {row.joined_at:%Y-%m-%d}  {state}  {row.name}".rstrip())
        before = rows[-1].member_id
    return 0


def change(options: argparse.Namespace) -> int:
    """Change a role, and say so."""
    server.setup()
    from wardmote.journeys.operator.operator import set_role
    from wardmote.kernel.clock import now

    here = _community(options.community)
    set_role(community=here, handle=options.handle, role=Role(options.role), now=now())
    print(f"@{options.handle.removeprefix('@')} is {options.role} of {here.title} now, and is told so.")
    return 0


def _community(slug: str) -> "CommunityView":
    from wardmote.communities.queries import community_by_slug

    found = community_by_slug(slug)
    if found is None:
        raise NotFound(f"There is no community called {slug!r}.")
    return found
