"""`wardmote version`."""

import argparse
from importlib.metadata import version
from importlib.util import find_spec
from platform import python_version


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `version` to the command."""
    parser = subparsers.add_parser("version", help="say which Wardmote this is")
    parser.set_defaults(handler=show_version)


def show_version(_: argparse.Namespace) -> int:
    """Print the version and what is installed."""
    parts = "with the server" if find_spec("django") else "the detection library alone"
    print(f"Wardmote {version('wardmote')}, {parts}, on Python {python_version()}")
    return 0
