"""`wardmote version`."""

import argparse
from importlib.metadata import PackageNotFoundError, version
from platform import python_version


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `version` to the command."""
    parser = subparsers.add_parser("version", help="say which Wardmote this is")
    parser.set_defaults(handler=show_version)


def show_version(_: argparse.Namespace) -> int:
    """Print the version and what is installed."""
    parts = "with the server" if _is_installed("django") else "the detection library alone"
    print(f"Wardmote {version('wardmote')}, {parts}, on Python {python_version()}")
    return 0


def _is_installed(distribution: str) -> bool:
    try:
        version(distribution)
    except PackageNotFoundError:
        return False
    return True
