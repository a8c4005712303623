"""`wardmote key`: keys of the moderation API, made and revoked, in the database or in a file."""

import argparse
from importlib import import_module
from pathlib import Path
from typing import Any

from wardmote.edges.cli import server
from wardmote.kernel.errors import NotFound
from wardmote.people.policy import REQUESTS_PER_MINUTE, TEXTS_PER_DAY, Scope


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `key` to the command."""
    parser = subparsers.add_parser("key", help="make, list and revoke keys of the moderation API")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    new = verbs.add_parser("new", help="make a key; it is printed once, on the last line, and kept nowhere")
    new.add_argument("name", help="what the key is called")
    new.add_argument("--scope", action="append", choices=[s.value for s in Scope], help="what it opens (default: all)")
    new.add_argument(
        "--requests-per-minute",
        type=int,
        default=REQUESTS_PER_MINUTE,
        metavar="N",
        help=f"default: {REQUESTS_PER_MINUTE:,}",
    )
    new.add_argument(
        "--texts-per-day", type=int, default=TEXTS_PER_DAY, metavar="N", help=f"default: {TEXTS_PER_DAY:,}"
    )
    new.add_argument("--no-limits", action="store_true", help="neither of the two limits")
    new.add_argument("--community", metavar="NAME", help="for this community alone; `events` needs one")
    new.set_defaults(handler=make)
    listing = verbs.add_parser("list", help="every key, without its secret")
    listing.set_defaults(handler=show)
    revoke = verbs.add_parser("revoke", help="take a key back, at once")
    revoke.add_argument("name", help="what the key is called")
    revoke.add_argument("--community", metavar="NAME", help="only among the keys of this community")
    revoke.set_defaults(handler=take_back)
    for verb in (new, listing, revoke):
        where = "keys in this file, for `wardmote moderate`, and not in the database"
        verb.add_argument("--file", type=Path, metavar="FILE", help=where)


def _file() -> Any:
    # Edges do not know each other: the file belongs to the server that reads it.
    return import_module("wardmote.edges.moderation_api.keyfile")


def make(options: argparse.Namespace) -> int:
    """Make a key and print it."""
    limits = {
        "requests_per_minute": 0 if options.no_limits else max(options.requests_per_minute, 1),
        "texts_per_day": 0 if options.no_limits else max(options.texts_per_day, 1),
    }
    scopes = frozenset(map(Scope, options.scope or ()))
    if options.file is not None:
        keyfile = _file()
        secret = keyfile.add_key(options.file, name=options.name, scopes=scopes or keyfile.SCOPES, **limits)
    else:
        secret = _in_database(options, scopes, limits)
    print(f"The key {options.name!r}; it is shown this once:")
    print(secret)
    return 0


def _in_database(options: argparse.Namespace, scopes: frozenset[Scope], limits: dict[str, int]) -> str:
    server.setup()
    from wardmote.journeys.owners.keys import issue_key
    from wardmote.kernel.clock import now

    return issue_key(
        name=options.name,
        scopes=scopes,
        community_id=_community(options),
        requests_per_minute=limits["requests_per_minute"],
        texts_per_day=limits["texts_per_day"],
        now=now(),
    )


def _community(options: argparse.Namespace) -> int | None:
    from wardmote.communities.queries import community_by_slug

    if not options.community:
        return None
    community = community_by_slug(options.community)
    if community is None:
        raise NotFound(f"There is no community called {options.community!r}.")
    return community.id


def show(options: argparse.Namespace) -> int:
    """Print one line for each key."""
    if options.file is not None:
        for terms in _file().read_keys(options.file).values():
            print(f"{terms.name}  {', '.join(sorted(terms.scopes))}")
        return 0
    server.setup()
    from wardmote.people.queries import keys

    for key in keys():
        state = f"revoked {key.revoked_at:%Y-%m-%d}" if key.revoked_at else f"made {key.made_at:%Y-%m-%d}"
        opens = ", ".join(sorted(key.terms.scopes))
        print(f"{key.begins}…  {state}  {key.terms.name}  {opens}  {key.terms.realm}".rstrip())
    return 0


def take_back(options: argparse.Namespace) -> int:
    """Revoke a key."""
    if options.file is not None:
        _file().remove_key(options.file, name=options.name)
    else:
        server.setup()
        from wardmote.journeys.owners.keys import revoke_key
        from wardmote.kernel.clock import now

        revoke_key(name=options.name, community_id=_community(options), now=now())
    print(f"The key {options.name!r} opens nothing any more.")
    return 0
