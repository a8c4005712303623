"""`wardmote moderate`: the moderation API alone, without a database."""

import argparse
import socket
from importlib import import_module
from pathlib import Path

from wardmote.edges.cli.failure import CannotStart


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `moderate` to the command."""
    parser = subparsers.add_parser("moderate", help="serve the moderation API alone: no database, keys from a file")
    parser.add_argument("--port", type=int, default=8080, metavar="N", help="where it answers (default: 8080)")
    parser.add_argument(
        "--address", default="127.0.0.1", metavar="IP", help="the address to answer at (default: 127.0.0.1)"
    )
    who = parser.add_mutually_exclusive_group(required=True)
    who.add_argument("--keys", type=Path, metavar="FILE", help="let in who has a key in this file: wardmote key new")
    who.add_argument("--no-keys", action="store_true", help="let everybody in who reaches the address, without limits")
    parser.add_argument(
        "--labels", type=Path, metavar="FILE", help="keep suggested scores in this file (default: refuse them)"
    )
    parser.add_argument(
        "--allow-origin",
        action="append",
        default=[],
        metavar="ORIGIN",
        help="let pages of this origin (https://name) ask from a browser; * for any (default: none)",
    )
    parser.set_defaults(handler=serve_alone)


def serve_alone(options: argparse.Namespace) -> int:
    """Serve until stopped."""
    try:
        serve = import_module("wardmote.edges.moderation_api.serve").serve
    except ImportError as error:
        raise CannotStart(f"{error.name} is missing: install wardmote[moderate]") from None
    standalone = import_module("wardmote.edges.moderation_api.standalone")
    _check_port(options.address, options.port)
    try:
        router = standalone.make_router(keys=options.keys, labels=options.labels, origins=options.allow_origin)
    except OSError as error:
        raise CannotStart(f"{error.filename} cannot be written: {error.strerror}") from error
    print(f"The moderation API is at http://{options.address}:{options.port} (Ctrl-C stops it)", flush=True)
    serve(standalone.App(router), address=options.address, port=options.port)
    return 0


def _check_port(address: str, port: int) -> None:
    """Say in one line where the port is not to be had; granian would share it with another server."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as probe:
        try:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((address, port))
        except (OSError, OverflowError) as error:
            raise CannotStart(f"{address}:{port} cannot be had: {error}") from error
