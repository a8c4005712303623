"""`wardmote detect recall-guarantee`: from posts drawn at random and judged by people to a guaranteed threshold."""

from __future__ import annotations

import argparse
import csv
import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from wardmote.edges.cli import server
from wardmote.edges.cli.failure import CannotStart
from wardmote.edges.cli.importing.delimited import read_whole
from wardmote.edges.cli.renamed import add_renamed

if TYPE_CHECKING:
    from rich.table import Table

    from wardmote.detect.statistics.recall_guarantee import Bin, Guarantee, NoGuarantee

ANSWERS = {"1": True, "yes": True, "true": True, "0": False, "no": False, "false": False}


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `recall-guarantee`; the handler is `arguments.handler(arguments)`.

    Not `register`, by which the command itself finds its commands: this one is `detect`'s.
    """
    about = "find the threshold that a random sample of judged posts can guarantee"
    for command in add_renamed(commands, "recall-guarantee", former="promise", about=about):
        command.add_argument(
            "file",
            metavar="SAMPLE.csv",
            type=Path,
            nargs="?",
            help="posts drawn at random: columns score and broke (yes or no), and chance where it differs",
        )
        command.add_argument(
            "--community", metavar="NAME", help="take the samples that this community's moderators judged"
        )
        command.add_argument(
            "--out", metavar="FOLDER", type=Path, help="with --community: write the samples there, one CSV a category"
        )
        command.add_argument(
            "--miss", type=float, default=0.1, help="share of rule-breaking posts that may be missed (default: 0.1)"
        )
        command.add_argument("--confidence", type=float, default=0.95, help="how sure the guarantee is (default: 0.95)")
        command.set_defaults(handler=guarantee_of)


def guarantee_of(arguments: argparse.Namespace) -> int:
    """Print the guarantee with its price, or how many more posts it takes, and scores against judgements."""
    if bool(arguments.file) == bool(arguments.community):
        raise CannotStart("name a file of judged posts, or a community with --community")
    if arguments.out and not arguments.community:
        raise CannotStart("--out goes with --community")
    if arguments.community:
        return _of_community(arguments)
    _tell(*read_audit(arguments.file), arguments)
    return 0


def _of_community(arguments: argparse.Namespace) -> int:
    server.setup()
    from wardmote.communities.queries import community_by_slug
    from wardmote.journeys.steps.screening import screener
    from wardmote.moderation.queries import sampled

    community = community_by_slug(arguments.community)
    if community is None:
        raise CannotStart(f"there is no community {arguments.community!r} here")
    found = sampled(community_id=community.id, screener=screener().fingerprint)
    if not found:
        print("no guarantee yet: no whole week was judged with the detectors of today")
    for category, rows in sorted(found.items()):
        print(f"\n{category}: {len(rows):,} posts judged")
        _tell([row.score for row in rows], [row.broke for row in rows], [row.chance for row in rows], arguments)
        if arguments.out:
            lines = [(f"{row.score:.4f}", "yes" if row.broke else "no", repr(row.chance)) for row in rows]
            write_audit(arguments.out / f"{category}.csv", lines)
    return 0


def write_audit(path: Path, lines: Sequence[tuple[str, str, str]]) -> None:
    """Write judged posts as `read_audit` takes them. Raises `CannotStart`."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("score", "broke", "chance"), *lines])
    except OSError as error:
        raise CannotStart(f"cannot write {path}: {error.strerror}") from None


def _tell(scores: list[float], broke: list[bool], chances: list[float], arguments: argparse.Namespace) -> None:
    from rich.console import Console

    from wardmote.detect.statistics.recall_guarantee import guarantee, reliability, thinned

    drawn = len(scores)
    scores, broke = thinned(scores, broke, chances)
    try:
        found = guarantee(scores, broke, miss=arguments.miss, confidence=arguments.confidence)
    except ValueError as error:
        raise CannotStart(str(error)) from None
    console = Console()
    if len(scores) < drawn:
        console.print(f"{len(scores):,} of {drawn:,} posts kept, so that all had one chance of being drawn")
    console.print(said(found), markup=False)
    console.print(_table(reliability(scores, broke)))


def said(found: Guarantee | NoGuarantee) -> str:
    """Return the guarantee as sentences."""
    from wardmote.detect.statistics.recall_guarantee import NoGuarantee

    if isinstance(found, NoGuarantee):
        return (
            f"no guarantee yet: {found.more:,} more posts that break the rule are needed; {found.positives:,} are here"
        )
    price = found.price
    return (
        f"of the posts that break the rule, at least {1 - found.miss:.4g} score {found.threshold:.4f} or more, "
        f"with {found.confidence:.4g} confidence ({found.missed:,} of {found.positives:,} here score less)\n"
        f"its price: {price.count:,} of {price.total:,} ordinary posts score as much"
        + (f", {price.value:.2%} ({price.low:.2%} to {price.high:.2%})" if price.total else "")
    )


def read_audit(path: Path) -> tuple[list[float], list[bool], list[float]]:
    """Return scores, whether the rule was broken, and chances. Raises `CannotStart` naming the file and the line."""
    columns, rows = read_whole(path, ("score", "broke"), ("chance",))
    scores, broke, chances = [], [], []
    for line, row in rows:
        where = f"{path}, line {line}"
        answer = ANSWERS.get(row["broke"].strip().lower())
        if answer is None:
            raise CannotStart(f"{where}: broke must be yes or no, not {row['broke']!r}")
        score = _number(row["score"])
        if not 0 <= score <= 1:
            raise CannotStart(f"{where}: score must be a number from 0 to 1, not {row['score']!r}")
        chance = _number(row["chance"] if "chance" in columns else "1")
        if not 0 < chance <= 1:
            raise CannotStart(f"{where}: chance must be a number above 0 and at most 1, not {row['chance']!r}")
        scores.append(score)
        broke.append(answer)
        chances.append(chance)
    if not scores:
        raise CannotStart(f"{path} has no rows below its head")
    return scores, broke, chances


def _number(given: str) -> float:
    try:
        return float(given)
    except ValueError:
        return math.nan


def _table(bins: tuple[Bin, ...]) -> Table:
    from rich.table import Table

    table = Table("score", title="Scores against judgements", title_justify="left")
    for name in ("posts", "mean score", "broke the rule"):
        table.add_column(name, justify="right")
    for each in bins:
        share = f"{each.broke.value:.3f} ({each.broke.low:.3f} to {each.broke.high:.3f})"
        table.add_row(f"{each.low:.4f} to {each.high:.4f}", f"{each.broke.total:,}", f"{each.mean_score:.4f}", share)
    return table
