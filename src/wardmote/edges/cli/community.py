"""`wardmote community`: found another community, see which there are, and give one another owner."""

import argparse

from wardmote.edges.cli import server
from wardmote.kernel.errors import NotFound

FOUNDED = """\
{title} is founded at {domain}, under the name {slug}. What is left to do:
  1. Point {domain} at this machine, and let the web server in front answer for it too.
  2. {email} {signs_in}
     and joins at https://{domain}/join as its owner.
  3. The policy is a first draft: the owner changes it at https://{domain}/owner/rules.
"""
KNOWN = "signs in with the login they have,"
NEW = "gets a login without a password, asks for one at https://{domain}/accounts/password/reset/"


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `community` to the command."""
    parser = subparsers.add_parser(
        "community", help="found another community, list those there are, give one another owner"
    )
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    new = verbs.add_parser("new", help="found a community for somebody, who joins it as its owner")
    new.add_argument("--domain", required=True, metavar="NAME", help="where it answers: square.example.org")
    new.add_argument(
        "--owner-email", required=True, metavar="ADDRESS", help="who owns it; a login is made where none is"
    )
    new.add_argument("--title", default="", help="what it is called (default: made from its domain)")
    new.add_argument("--name", default="", help="its short name in addresses and commands (default: from its domain)")
    new.set_defaults(handler=make)
    owner = verbs.add_parser("owner", help="give a community to a member, where its owner is gone; they are told")
    owner.add_argument("community", help="the community's short name")
    owner.add_argument("handle", help="the handle of the member who owns it from now on")
    owner.set_defaults(handler=give)
    listing = verbs.add_parser("list", help="every community, with its domain and how many members it has")
    listing.set_defaults(handler=show)


def make(options: argparse.Namespace) -> int:
    """Found it, and say what is next."""
    domain = server.load("wardmote.config.installation.init", "host_name")(options.domain)
    title = options.title or server.load("wardmote.config.installation.init", "title_for")(domain)
    server.load("wardmote.config.installation.init", "check_name")(options.name)
    server.setup()
    server.load("wardmote.config.installation.init", "check_address")(options.owner_email)
    from wardmote.communities.queries import community
    from wardmote.journeys.operator.operator import found_for
    from wardmote.kernel.clock import now

    community_id, is_new = found_for(
        domain=domain,
        title=title,
        slug=options.name,
        owner_email=options.owner_email,
        rules=server.load("wardmote.config.installation.init", "first_rules")(),
        now=now(),
    )
    here = community(community_id)
    signs_in = NEW.format(domain=here.domain) if is_new else KNOWN
    print(
        FOUNDED.format(
            title=here.title, domain=here.domain, slug=here.slug, email=options.owner_email, signs_in=signs_in
        ),
        end="",
    )
    return 0


def give(options: argparse.Namespace) -> int:
    """Make a member the owner, and say so: they, whoever owned it, and those who moderate are told."""
    server.setup()
    from wardmote.communities.policy import Role
    from wardmote.communities.queries import community_by_slug
    from wardmote.journeys.operator.operator import set_role
    from wardmote.kernel.clock import now

    here = community_by_slug(options.community)
    if here is None:
        raise NotFound(f"There is no community called {options.community!r}.")
    set_role(community=here, handle=options.handle, role=Role.OWNER, now=now())
    print(f"@{options.handle.removeprefix('@')} owns {here.title} now. They are told, and so are its moderators.")
    return 0


def show(_options: argparse.Namespace) -> int:
    """Print one line for each."""
    server.setup()
    from wardmote.communities.queries import communities
    from wardmote.communities.queries.desk import members_of

    for here in communities():
        print(f"{here.slug}  {here.domain}  {members_of(here.id):,} members  {here.state.state.value}  {here.title}")
    return 0
