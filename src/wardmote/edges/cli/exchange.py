"""`wardmote exchange`: who hosts whom, by which key; what only the operator can change; our own next key."""

import argparse
from pathlib import Path

from wardmote.edges.cli import server

_LIFT = "end the measures in force too; else they stay until you do"


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `exchange` to the command."""
    parser = subparsers.add_parser(
        "exchange", help="look at the keys of hosts and customers elsewhere, and change them"
    )
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    listing = verbs.add_parser("list", help="hosts and customers elsewhere, and every key that was ever known")
    listing.set_defaults(handler=show)
    change = verbs.add_parser("change-host", help="name a host elsewhere, also while a measure is in force")
    change.add_argument("community", metavar="COMMUNITY", help="its short name")
    change.add_argument("--url", required=True, help="where the host's installation answers")
    change.add_argument("--key", required=True, help="the public key of its log: name+keyid+base64")
    change.add_argument("--lift", action="store_true", help=_LIFT)
    change.set_defaults(handler=change_host)
    remove = verbs.add_parser("remove-host", help="nobody hosts the community from now on")
    remove.add_argument("community", metavar="COMMUNITY", help="its short name")
    remove.add_argument("--lift", action="store_true", help=_LIFT)
    remove.set_defaults(handler=remove_host)
    replace = verbs.add_parser("replace-key", help="where a log elsewhere has lost its key: vouch for the new one")
    replace.add_argument("old", metavar="OLD", help="the key that is known here")
    replace.add_argument("new", metavar="NEW", help="the key that its log has now")
    replace.set_defaults(handler=replace_key)
    announce = verbs.add_parser("announce-key", help="tell every host and customer elsewhere which key follows ours")
    announce.add_argument("file", type=Path, metavar="FILE", help="the new private key (PEM); made if it is not there")
    announce.set_defaults(handler=announce_key)


def show(_options: argparse.Namespace) -> int:
    """Print a line for each relation, and for each key."""
    server.setup()
    from wardmote.communities.queries import community
    from wardmote.hosting.queries import customers
    from wardmote.kernel.clock import now
    from wardmote.record.queries import known
    from wardmote.upstream.queries import hosts, measure

    for host in hosts():
        found = measure(community_id=host.community_id, now=now())
        state = f"  {found.state.value}" if found else ""
        where = f"{host.base_url}  {host.key}" if host.elsewhere else "this installation"
        print(f"host of {community(host.community_id).slug}  {where}{state}")
    for customer in customers():
        if customer.community_id is None:
            print(f"customer {customer.slug}  {customer.base_url}  {customer.key}")
    for row in known():
        after = f"  after {row.replaces}" if row.replaces else ""
        print(f"key {row.key}  {row.state.value} since {row.since:%Y-%m-%d}{after}")
    return 0


def change_host(options: argparse.Namespace) -> int:
    """Name another host."""
    server.setup()
    from wardmote.journeys.hosts import change_host as journey
    from wardmote.kernel.clock import now

    lifted = journey.change_host(
        slug=options.community, base_url=options.url, key=options.key, lift=options.lift, now=now()
    )
    print(f"{options.url} hosts {options.community!r} from now on{_lifted(lifted)}.")
    return 0


def remove_host(options: argparse.Namespace) -> int:
    """Remove a host."""
    server.setup()
    from wardmote.journeys.hosts import change_host as journey
    from wardmote.kernel.clock import now

    lifted = journey.remove_host(slug=options.community, lift=options.lift, now=now())
    print(f"Nobody hosts {options.community!r} from now on{_lifted(lifted)}.")
    return 0


def _lifted(lifted: bool) -> str:
    return ", and the measures that were in force have ended" if lifted else ""


def replace_key(options: argparse.Namespace) -> int:
    """Vouch for another log's new key."""
    server.setup()
    from wardmote.journeys.hosts.enrol import known_as
    from wardmote.journeys.steps.new_key import vouch_for_key
    from wardmote.kernel.clock import now

    vouch_for_key(old=options.old, new=known_as(options.new), now=now())
    print("The new key counts for everything that the old one counted for; the old one counts no more.")
    return 0


def announce_key(options: argparse.Namespace) -> int:
    """Say which key follows ours."""
    server.setup()
    from wardmote.journeys.steps.new_key import announce_our_key
    from wardmote.kernel.clock import now

    told = announce_our_key(path=options.file, now=now())
    print(f"{told} will be told, signed by both keys. They take the old key until the new one first speaks.")
    print("Nothing changes here: this installation's record goes on under its present key.")
    return 0
