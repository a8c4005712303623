"""`wardmote backup FILE`: keep everything in one file, while everything goes on."""

import argparse
from pathlib import Path

from wardmote.edges.cli.server import load


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `backup` to the command."""
    parser = subparsers.add_parser(
        "backup", help="keep database, keys and settings in one file; nothing need be stopped"
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="where to write it; it must not be there yet")
    parser.set_defaults(handler=make_backup)


def make_backup(options: argparse.Namespace) -> int:
    """Make it, and say what it holds."""
    backup = load("wardmote.config.installation.backup", "backup")
    from rich.console import Console

    with Console(stderr=True).status("starting") as status:
        kept = backup(options.file, progress=status.update)
    print(f"{kept.file}: {kept.size / 1_000_000:,.1f} MB, {kept.entries:,} entries of the record under its checkpoint.")
    print("It holds every secret of this installation, the record's key and all mail addresses among them: whoever")
    print("reads this file can speak as this host. It is readable by you alone (mode 0600); keep it so, or encrypt it.")
    return 0
