"""`wardmote run`, `wardmote worker`, `wardmote migrate`: what keeps an installation going."""

import argparse

from wardmote.edges.cli.server import load


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `run`, `worker` and `migrate` to the command."""
    run = subparsers.add_parser("run", help="start everything: pages, worker, sequencer; Ctrl-C stops it")
    run.add_argument("--port", type=_port, metavar="N", help="where the pages answer (default: WARDMOTE_PORT, or 8000)")
    run.add_argument(
        "--address", default="127.0.0.1", metavar="IP", help="the address to answer at (default: 127.0.0.1)"
    )
    run.add_argument("--demo", action="store_true", help="fill an empty database with the demo's communities")
    run.set_defaults(handler=start_everything)
    worker = subparsers.add_parser("worker", help="start one more worker beside a running installation (PostgreSQL)")
    worker.set_defaults(handler=start_worker)
    migrate = subparsers.add_parser("migrate", help="bring the database to this version's tables")
    migrate.set_defaults(handler=migrate_database)


def _port(text: str) -> int:
    port = int(text) if text.isdecimal() else 0
    if not 0 < port < 65536:
        raise argparse.ArgumentTypeError(f"a port is a number from 1 to 65535, not {text!r}")
    return port


def start_everything(options: argparse.Namespace) -> int:
    """Run until stopped."""
    return int(
        load("wardmote.config.processes.run", "run")(address=options.address, port=options.port, demo=options.demo)
    )


def start_worker(_: argparse.Namespace) -> int:
    """Run one worker until stopped."""
    return int(load("wardmote.config.processes.worker", "run_alone")())


def migrate_database(_: argparse.Namespace) -> int:
    """Migrate, and say so."""
    done: list[str] = load("wardmote.config.database", "bring_up_to_date")()
    print(f"The database is up to date; {len(done)} steps were taken." if done else "The database was up to date.")
    return 0
