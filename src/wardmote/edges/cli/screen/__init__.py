"""`wardmote screen FILE|- --out FILE`: scores for a file of texts. No server, no database: a base install will do."""

import argparse
import os
from pathlib import Path

from wardmote.edges.cli.failure import CannotStart

STAGES = 3


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `screen` to the command."""
    parser = subparsers.add_parser("screen", help="score a file of texts, and say which words made each score")
    parser.add_argument("file", metavar="FILE|-", help='JSON lines with "id" and "text", CSV or Parquet; - is stdin')
    parser.add_argument(
        "--out",
        default="-",
        metavar="FILE",
        help="where the JSON lines go (default: stdout); a name in .csv: a table for a spreadsheet; in .parquet: "
        "scores alone, as columns, far quicker",
    )
    parser.add_argument(
        "--columns",
        default=("id", "text"),
        type=_columns,
        metavar="ID,TEXT",
        help="which columns or fields hold the id and the text (default: id,text)",
    )
    parser.add_argument(
        "--sort",
        metavar="CATEGORY",
        help="write the highest score in this category first, or with `any` the highest in any; all is held in memory",
    )
    parser.add_argument(
        "--policy",
        type=Path,
        metavar="FILE.json",
        help="flag by a policy: category to score, or a list of clauses with category and queue_at or hold_at",
    )
    parser.add_argument(
        "--threshold",
        action="append",
        default=[],
        type=_threshold,
        metavar="CATEGORY=SCORE",
        help="flag from this score on (default: the scores by which one ordinary text in a hundred is flagged for any "
        "category)",
    )
    parser.add_argument(
        "--processes", type=_processes, default=os.cpu_count() or 1, metavar="N", help="default: one for each core"
    )
    parser.add_argument(
        "--stages", type=int, choices=(1, 2, 3), default=3, help="how many stages of the cascade to ask (default: 3)"
    )
    parser.set_defaults(handler=screen)


def _threshold(text: str) -> tuple[str, float]:
    category, _, score = text.partition("=")
    try:
        value = float(score)
    except ValueError:
        value = -1.0
    if not category or not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"a threshold is a category, = and a score from 0 to 1, not {text!r}")
    return category, value


def _columns(text: str) -> tuple[str, str]:
    names = text.split(",")
    if len(names) != len(("id", "text")) or not all(names) or names[0] == names[1]:
        raise argparse.ArgumentTypeError(f"two names with a comma between, that of the id first, not {text!r}")
    return names[0], names[1]


def _processes(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= 256:
        raise argparse.ArgumentTypeError(f"a number of processes is between 1 and 256, not {text!r}")
    return int(text)


def screen(options: argparse.Namespace) -> int:
    """Screen the file; gives the exit status: 1 where lines were left out."""
    from wardmote.edges.cli.screen.run import run
    from wardmote.edges.cli.screen.thresholds import thresholds
    from wardmote.edges.cli.screen.worker import Task

    source = None if options.file == "-" else Path(options.file)
    target = None if options.out == "-" else Path(options.out)
    if target is not None and target.suffix.lower() == ".parquet":
        from wardmote.edges.cli.screen.columns import run_columns

        if options.threshold or options.policy or options.sort:
            raise CannotStart(
                "scores as columns have no flags and no order; leave out --threshold, --policy and --sort"
            )
        return run_columns(source, target, options.stages, options.processes, options.columns)
    if options.stages != STAGES:
        raise CannotStart("--stages is for scores alone: give --out NAME.parquet")
    task = Task(thresholds(dict(options.threshold), options.policy), options.columns, _sorted_by(options.sort))
    return run(source, target, task, options.processes)


def _sorted_by(category: str | None) -> str | None:
    from wardmote.detect import Screener

    known = Screener.default().categories
    if category not in (None, "any", *known):
        raise CannotStart(f"nothing scores {category}; the categories are {', '.join(known)}")
    return category
