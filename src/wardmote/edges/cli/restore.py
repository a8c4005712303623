"""`wardmote restore FILE`: bring a backup back, and prove that it is whole."""

import argparse
from pathlib import Path

from wardmote.edges.cli.failure import FAILED
from wardmote.edges.cli.server import load

_SHOWN = 20


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `restore` to the command."""
    parser = subparsers.add_parser("restore", help="bring a backup back into an empty home and an empty database")
    parser.add_argument("file", type=Path, metavar="FILE", help="what `wardmote backup` wrote")
    parser.set_defaults(handler=restore_backup)


def restore_backup(options: argparse.Namespace) -> int:
    """Restore it and check the record; status 1 where the record is not sound."""
    restore = load("wardmote.config.installation.restore", "restore")
    from rich.console import Console

    with Console(stderr=True).status("starting") as status:
        restored = restore(options.file, progress=status.update)
    report = restored.report
    print(f"Restored to {restored.home}, as it was at {restored.made}.")
    if restored.steps:
        print(f"The tables were brought up to date; {len(restored.steps)} steps were taken.")
    if report.sound:
        print(f"The record is sound: {report.size:,} entries under {report.checkpoints:,} checkpoints.")
        return 0
    for fault in report.faults[:_SHOWN]:
        print(fault)
    print(f"The record is NOT sound: {len(report.faults)} faults. All was left as restored, to be looked at.")
    return FAILED
