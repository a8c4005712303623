"""`wardmote demo --reports N`: a demonstration with a backlog of a stated size."""

import argparse

from wardmote.edges.cli.server import load, setup


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `demo` to the command."""
    parser = subparsers.add_parser("demo", help="fill an empty database, or a demonstration, with a backlog of reports")
    parser.add_argument("--reports", type=_number, required=True, metavar="N", help="how many reports, up to 1,000,000")
    parser.set_defaults(handler=fill)


def _number(text: str) -> int:
    number = int(text) if text.isdecimal() and len(text) < 8 else 0
    if not 0 < number <= 1_000_000:
        raise argparse.ArgumentTypeError(f"a number of reports is from 1 to 1,000,000, not {text!r}")
    return number


def fill(options: argparse.Namespace) -> int:
    """Make the demonstration where there is none, and its backlog."""
    setup()
    load("wardmote.config.demo", "clear_away_alone")()
    if load("wardmote.config.database", "look")().standing != "current":
        # Where it is current, a server may be running on it.
        load("wardmote.config.database", "bring_up_to_date")()
    from collections import Counter

    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from wardmote.kernel import clock

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        tasks = {what: bar.add_task(what, total=None) for what in ("posts", "reports")}
        outcomes = load("wardmote.config.demo.backlog", "load_backlog")(
            options.reports,
            now=clock.now(),
            progress=lambda what, done, total: bar.update(tasks[what], completed=done, total=total),
        )
    fates = Counter(outcome.fate.value for outcome in outcomes)
    print("; ".join(f"{number:,} reports {fate}" for fate, number in fates.items()))
    return 0
