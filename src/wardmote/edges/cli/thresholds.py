"""`wardmote detect match-thresholds`: from logged Perspective scores to the thresholds of ours that mean the same."""

from __future__ import annotations

import argparse
import math
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wardmote.edges.cli.failure import CannotStart
from wardmote.edges.cli.importing.delimited import read_whole

if TYPE_CHECKING:
    from wardmote.detect import Screener
    from wardmote.detect.statistics.monotone import MonotoneMap

COLUMNS = ("text", "attribute", "score")
LEVELS = (0.7, 0.8, 0.9)
FEWEST = 20
"""Fewer scored texts than this say too little of an attribute to fit anything."""
FOLDS = 5

Logged = dict[str, list[tuple[str, float]]]


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `match-thresholds`; the handler is `arguments.handler(arguments)`."""
    command = commands.add_parser(
        "match-thresholds", help="find the thresholds that mean what your Perspective thresholds meant"
    )
    command.add_argument("file", metavar="OLD.csv", type=Path, help="logged scores: columns text, attribute and score")
    command.set_defaults(handler=match_thresholds)


def match_thresholds(arguments: argparse.Namespace) -> int:
    """Print, for each attribute and each of 0.7, 0.8 and 0.9, our threshold, the agreement and how many texts."""
    logged = read_log(arguments.file)
    table = _table(logged)
    from rich.console import Console

    Console().print(table)
    return 0


def read_log(path: Path) -> Logged:
    """Return (text, score) pairs by attribute. Raises `CannotStart` naming the file and the line."""
    from wardmote.detect.perspective import ATTRIBUTES

    _, rows = read_whole(path, COLUMNS)
    found: Logged = defaultdict(list)
    for line, row in rows:
        attribute = row["attribute"].removesuffix("_EXPERIMENTAL")
        if attribute not in ATTRIBUTES:
            known = ", ".join(ATTRIBUTES)
            raise CannotStart(f"{path}, line {line}: no model here speaks of {attribute!r}; known: {known}")
        found[attribute].append((row["text"], _score(path, line, row["score"])))
    if not found:
        raise CannotStart(f"{path} has no rows below its head")
    for attribute, pairs in found.items():
        if len(pairs) < FEWEST:
            raise CannotStart(f"{path} has {len(pairs)} scores of {attribute}; at least {FEWEST} are needed")
    return found


def _score(path: Path, line: int, given: str) -> float:
    try:
        score = float(given)
    except ValueError:
        score = math.nan
    if not 0.0 <= score <= 1.0:
        raise CannotStart(f"{path}, line {line}: score must be a number from 0 to 1, not {given!r}")
    return score


def _table(logged: Logged) -> Any:
    from rich.table import Table

    from wardmote.detect import Screener, TextError

    table = Table("attribute", title="Thresholds that mean what yours meant", title_justify="left")
    for name in ("texts", "yours", "ours", "same side", "if none were flagged"):
        table.add_column(name, justify="right")
    screener = Screener.attributes()
    for attribute, pairs in sorted(logged.items()):
        try:
            ours = score_texts(screener, attribute, [text for text, _ in pairs])
        except TextError as error:
            raise CannotStart(f"a text of {attribute} cannot be examined: {error}") from None
        for row in matched(ours, [score for _, score in pairs]):
            table.add_row(attribute, f"{len(pairs):,}", *row)
    return table


def score_texts(screener: Screener, attribute: str, texts: list[str]) -> list[float]:
    """Return our scores of `texts` in the category that stands for Perspective's `attribute`."""
    import pyarrow as pa

    from wardmote.detect.perspective import ATTRIBUTES

    scores: list[float] = screener.screen_batch(pa.array(texts, pa.string()))[ATTRIBUTES[attribute]].to_pylist()
    return scores


def matched(ours: list[float], theirs: list[float]) -> list[tuple[str, str, str, str]]:
    """Return (their level, our threshold, same side, same side by flagging none) as printed, one row per level.

    Agreement is cross-validated: each fifth of the texts is judged by the threshold that the other four give.
    """
    from wardmote.detect.statistics.monotone import fit_monotone

    whole = fit_monotone(ours, theirs)
    parts = [
        fit_monotone(
            [x for place, x in enumerate(ours) if place % FOLDS != fold],
            [y for place, y in enumerate(theirs) if place % FOLDS != fold],
        )
        for fold in range(FOLDS)
    ]
    rows = []
    for level in LEVELS:
        least = whole.least(level)
        flagged = [_flagged(parts[place % FOLDS], score, level) for place, score in enumerate(ours)]
        same = sum(each == (score >= level) for each, score in zip(flagged, theirs, strict=True))
        below = sum(y < level for y in theirs)
        shown = "none reaches it" if least is None else f"{least:.4f}"
        rows.append((f"{level:.1f}", shown, f"{same / len(ours):.1%}", f"{below / len(ours):.1%}"))
    return rows


def _flagged(line: MonotoneMap, score: float, level: float) -> bool:
    least = line.least(level)
    return least is not None and score >= least
