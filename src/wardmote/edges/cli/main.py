"""Finds the commands and runs the one asked for."""

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pkgutil import iter_modules

from wardmote.edges import cli
from wardmote.edges.cli.failure import FAILED
from wardmote.kernel.errors import WardmoteError


def build_parser() -> argparse.ArgumentParser:
    """The command with all its subcommands: every module beside this one that has a `register`."""
    parser = argparse.ArgumentParser(
        prog="wardmote",
        description="A social network, its moderation, its host and the record that proves what happened.",
    )
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for found in iter_modules(cli.__path__):
        register = getattr(import_module(f"{cli.__name__}.{found.name}"), "register", None)
        if register is not None:
            register(subparsers)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit status: 0 done, 1 not done (one line on stderr says why), 2 misused."""
    options = build_parser().parse_args(arguments)
    if renamed := getattr(options, "renamed", ""):
        print(f"wardmote: {renamed}", file=sys.stderr)
    try:
        return int(options.handler(options) or 0)
    except WardmoteError as error:
        print(f"wardmote: {error}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read the output has seen enough; Python must not complain again when it closes stdout.
        sys.stderr.close()
        return FAILED
    except Exception as error:
        # A folder that cannot be written or a database that refuses is the machine's state, not a fault of ours.
        if not (sentence := _told_by_machine(error)):
            raise
        print(f"wardmote: {sentence}", file=sys.stderr)
        return FAILED


def _told_by_machine(error: Exception) -> str:
    """One line for what the file system or the database refused; empty for anything else."""
    if isinstance(error, OSError) and error.errno is not None:
        place = f"{error.filename}: " if error.filename else ""
        return f"{place}{error.strerror or error}"
    database = sys.modules.get("django.db")
    if database is not None and isinstance(error, database.DatabaseError):
        explain: Callable[[Exception], str] = import_module("wardmote.config.database").explain
        return explain(error)
    return ""
