"""Finds the commands and runs the one asked for."""

import argparse
import sys
from collections.abc import Sequence
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
