"""`wardmote host`: who works for the host: opens cases, sends notices, and signs a suspension with others."""

import argparse

from wardmote.edges.cli import server


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `host` to the command."""
    parser = subparsers.add_parser("host", help="list the host's staff, and say who is of it")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    listing = verbs.add_parser("list", help="everybody of the host's staff, by their address")
    listing.set_defaults(handler=show)
    for verb, about in (
        ("add", "make somebody one of the host's staff; who has no login gets one"),
        ("remove", "somebody is no longer of the host's staff; the last one stays"),
    ):
        command = verbs.add_parser(verb, help=about)
        command.add_argument("email", help="the address that they sign in with")
        command.set_defaults(handler=change, adds=verb == "add")


def show(_options: argparse.Namespace) -> int:
    """Print one line for each."""
    server.setup()
    from wardmote.people.queries import host_staff

    for person in host_staff():
        print(f"{person.email}  {'' if person.signs_in else 'no password yet'}".rstrip())
    return 0


def change(options: argparse.Namespace) -> int:
    """Change it, and say what is left to do."""
    server.setup()
    from wardmote.journeys.operator.operator import set_host_staff
    from wardmote.kernel.clock import now

    is_new = set_host_staff(email=options.email, is_host_staff=options.adds, now=now())
    if not options.adds:
        print(f"{options.email} is no longer of the host's staff.")
        return 0
    print(f"{options.email} is of the host's staff now.")
    if is_new:
        print("They have no password yet: they ask for one at /accounts/password/reset/ of the host's address.")
    return 0
