"""`wardmote community`: found another community, and see which there are."""

import argparse

from wardmote.edges.cli import server

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
    parser = subparsers.add_parser("community", help="found another community, and list those there are")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    new = verbs.add_parser("new", help="found a community for somebody, who joins it as its owner")
    new.add_argument("--domain", required=True, metavar="NAME", help="where it answers: square.example.org")
    new.add_argument(
        "--owner-email", required=True, metavar="ADDRESS", help="who owns it; a login is made where none is"
    )
    new.add_argument("--title", default="", help="what it is called (default: made from its domain)")
    new.add_argument("--name", default="", help="its short name in addresses and commands (default: from its domain)")
    new.set_defaults(handler=make)
    listing = verbs.add_parser("list", help="every community, with its domain and how many members it has")
    listing.set_defaults(handler=show)


def make(options: argparse.Namespace) -> int:
    """Found it, and say what is next."""
    domain = server.load("wardmote.config.installation", "host_name")(options.domain)
    title = options.title or server.load("wardmote.config.installation", "title_for")(domain)
    server.load("wardmote.config.installation", "check_name")(options.name)
    server.setup()
    server.load("wardmote.config.installation", "check_address")(options.owner_email)
    from wardmote.communities.queries import community
    from wardmote.journeys.operator import found_for
    from wardmote.kernel.clock import now

    community_id, is_new = found_for(
        domain=domain,
        title=title,
        slug=options.name,
        owner_email=options.owner_email,
        rules=server.load("wardmote.config.installation", "first_rules")(),
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


def show(_options: argparse.Namespace) -> int:
    """Print one line for each."""
    server.setup()
    from wardmote.communities.queries import communities
    from wardmote.communities.queries.desk import members_of

    for here in communities():
        print(f"{here.slug}  {here.domain}  {members_of(here.id):,} members  {here.state.state.value}  {here.title}")
    return 0
