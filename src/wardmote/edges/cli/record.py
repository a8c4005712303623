"""`wardmote record …`: check the record, show its checkpoint, hand out and check proofs.

Exit status 0: all is well. 1: something is wrong, and named. 2: it could not be looked at.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from wardmote.edges.cli import server
from wardmote.kernel import clock
from wardmote.kernel.errors import WardmoteError

if TYPE_CHECKING:
    from wardmote.ledger import Report

Handler = Callable[[argparse.Namespace], int]

_NEW = "nothing is sequenced yet: entries get their places, and the log its key, when Wardmote first runs"
_UNCOMPARED = "not compared: scores, figures, follows, lists, queues, what never was on record"
_SHOWN = 200
"""Faults printed before the rest is only counted."""


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the `record` command; the chosen handler is `arguments.handler(arguments)` and gives the exit status."""
    record = subparsers.add_parser("record", help="check the record, show its checkpoint, prove entries")
    commands = record.add_subparsers(dest="record_command", metavar="COMMAND", required=True)

    verify = commands.add_parser("verify", help="walk the whole record and name the first bad entry")
    _add_key(verify)
    verify.set_defaults(handler=_online(_verify))

    fsck = commands.add_parser("fsck", help="walk the whole record and name everything that is wrong")
    fsck.add_argument(
        "--against",
        metavar="FILE",
        type=Path,
        nargs="+",
        action="extend",
        default=[],
        help="a receipt or a checkpoint that the other side kept",
    )
    fsck.add_argument(
        "--tables", action="store_true", help="compare what pages and exports show with what was committed, too"
    )
    _add_key(fsck)
    fsck.set_defaults(handler=_online(_fsck))

    checkpoint = commands.add_parser("checkpoint", help="print the latest signed checkpoint, for others to keep")
    checkpoint.add_argument("--key", action="store_true", help="print the public key that verifies it instead")
    checkpoint.set_defaults(handler=_online(_checkpoint))

    prove = commands.add_parser("prove", help="print the receipt of one entry")
    prove.add_argument("entry", type=int, help="the id of the entry")
    prove.add_argument("--disclose", metavar="NAME", nargs="+", default=[], help="facts that the receipt opens")
    prove.set_defaults(handler=_online(_prove))

    check = commands.add_parser("check", help="check a receipt without the record")
    check.add_argument("file", type=Path, help="the receipt")
    check.add_argument("--key", required=True, help="the public key of the log: name+keyid+base64")
    check.set_defaults(handler=_offline(_check))


def _add_key(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--key", help="the public key of the log, where the private one is not on this machine")


def _offline(handler: Handler) -> Handler:
    """Turn what `handler` expects to go wrong into one line and exit status 2."""

    def run(arguments: argparse.Namespace) -> int:
        try:
            from wardmote.ledger import LedgerError
        except ImportError as error:
            return _say(f"{error.name} is not installed; install wardmote[server]")
        try:
            return handler(arguments)
        except (WardmoteError, LedgerError, OSError, UnicodeDecodeError) as error:
            return _say(str(error))

    return run


def _online(handler: Handler) -> Handler:
    """The same for a handler that reads the record."""

    def run(arguments: argparse.Namespace) -> int:
        server.setup()
        from django.db import Error

        try:
            return handler(arguments)
        except Error as error:
            return _say(f"the database cannot be read: {error}")

    return _offline(run)


def _say(line: str, status: int = 2) -> int:
    print(f"wardmote record: {line.strip()}", file=sys.stderr)
    return status


def _verify(arguments: argparse.Namespace) -> int:
    if not arguments.key and _is_new():
        return _say(_NEW, 1)
    report = _audit(arguments.key, {})
    if report.sound:
        print(_summary(report))
        return 0
    print(report.faults[0])
    if more := len(report.faults) - 1:
        print(f"and {more} more; `wardmote record fsck` names them all")
    return 1


def _fsck(arguments: argparse.Namespace) -> int:
    if not arguments.key and not arguments.against and _is_new():
        return _say(_NEW, 1)
    report = _audit(arguments.key, {str(path): path.read_text(encoding="utf-8-sig") for path in arguments.against})
    for fault in report.faults[:_SHOWN]:
        print(fault)
    if (more := len(report.faults) - _SHOWN) > 0:
        print(f"and {more} more")
    print(_summary(report))
    same = not arguments.tables or _tables()
    return 0 if report.sound and same else 1


def _tables() -> bool:
    """Print what the tables say otherwise than the record; whether they say the same."""
    from rich.console import Console

    with Console(stderr=True).status("tables") as status:
        found = server.load("wardmote.config.tables", "compare")(lambda name, done: status.update(f"{name}: {done:,}"))
    for difference in found.differences[:_SHOWN]:
        print(difference)
    if (more := len(found.differences) - _SHOWN) > 0:
        print(f"and {more} more")
    verdict = "the tables show what was committed" if found.sound else f"{len(found.differences)} differences"
    print(
        f"{verdict}: {found.rows.total()} rows of {found.kinds} kinds and {found.entries} entries compared,"
        f" {found.erased} values erased; {_UNCOMPARED}"
    )
    return bool(found.sound)


def _is_new() -> bool:
    """Whether no Wardmote has run on this database: neither a key nor a checkpoint was ever made."""
    from wardmote.record import queries

    return not queries.verifier_key()


def _checkpoint(arguments: argparse.Namespace) -> int:
    from wardmote.record import queries

    if arguments.key:
        key = queries.verifier_key()
        if not key:
            return _say("there is no key yet; it is made when Wardmote first runs", 1)
        print(key)
        return 0
    latest = queries.latest_checkpoint()
    if latest is None:
        return _say("no entry has been placed yet, so there is no checkpoint", 1)
    print(latest.note, end="")
    return 0


def _prove(arguments: argparse.Namespace) -> int:
    from wardmote.record import queries

    receipt = queries.inclusion_receipt(arguments.entry, disclose=arguments.disclose)
    if receipt is None:
        return _say("this entry has no place yet; ask again in a second", 1)
    print(receipt.to_json(), end="")
    return 0


def _check(arguments: argparse.Namespace) -> int:
    from wardmote.ledger import LedgerError, VerifierKey, verify_receipt

    text = arguments.file.read_text(encoding="utf-8-sig")
    try:
        proven = verify_receipt(text, VerifierKey.parse(arguments.key))
    except LedgerError as error:
        print(f"{arguments.file}: {error}")
        return 1
    leaf = proven.leaf
    print(f"proven: entry {proven.index} of {proven.checkpoint.size} in {proven.checkpoint.origin}")
    print(f"{leaf.time.isoformat()} {leaf.actor} {leaf.verb} {leaf.subject}")
    for name, value in proven.values.items():
        print(f"{name}: {value}")
    return 0


def _audit(key: str | None, kept: dict[str, str]) -> "Report":
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from wardmote.ledger import VerifierKey
    from wardmote.record import queries

    columns = (TextColumn("entries"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, transient=True, console=Console(stderr=True)) as bar:
        task = bar.add_task("entries", total=None)
        return queries.audit(
            key=None if key is None else VerifierKey.parse(key),
            kept=kept,
            now=clock.now(),
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )


def _summary(report: "Report") -> str:
    verdict = "sound" if report.sound else f"{len(report.faults)} faults"
    older = "an older erasure that counts and does not name them"
    erased = f"{report.erased} erased" + (f" ({report.unnamed} by {older})" if report.unnamed else "")
    return (
        f"{verdict}: {report.size} entries under {report.checkpoints} checkpoints, {report.unplaced} waiting,"
        f" {report.disclosed} commitments opened, {erased}"
    )
