"""`wardmote detect evasion` and `train-words`: what tricks cost a detector, and the table of English words."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

ORDINARY_POSTS = 20_000


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `evasion` and `train-words`; the handler is `arguments.handler(arguments)`."""
    where = "folder of the data sets (default: the variable WARDMOTE_DATA)"
    command = commands.add_parser("evasion", help="measure how much of what the model finds is lost to each trick")
    command.add_argument("--data", metavar="DIR", help=where)
    command.add_argument("--weights", metavar="FILE", type=Path, help="weights to measure (default: the shipped ones)")
    command.add_argument("--seed", type=int, default=1, help="seed of the tricks and the intervals (default: 1)")
    command.add_argument("--json", metavar="FILE", type=Path, help="write the figures here as well")
    command.set_defaults(handler=measure_evasion)

    command = commands.add_parser("train-words", help="make the table of words that tells English from the rest")
    command.add_argument("--data", metavar="DIR", help=where)
    command.set_defaults(handler=train_words)


def _folder(arguments: argparse.Namespace) -> Path:
    from wardmote.detect.training.data.corpus import data_folder

    return data_folder(arguments.data or os.environ.get("WARDMOTE_DATA"))


def measure_evasion(arguments: argparse.Namespace) -> int:
    """Print, for each trick, the recall and what is lost of it, with intervals."""
    import numpy as np

    from wardmote.detect import CascadeDetector, Screener
    from wardmote.detect.categories import VIOLENCE
    from wardmote.detect.models.weights import Weights
    from wardmote.detect.training.data.ordinary import ordinary_posts
    from wardmote.detect.training.measure.evaluate import scores_of
    from wardmote.detect.training.measure.evasion import measure

    shipped = CascadeDetector.shipped()
    weights = Weights.load(arguments.weights) if arguments.weights else None
    known = weights.heads if weights else shipped.categories
    heads = [known.index(name) for name in VIOLENCE if name in known]

    def scores(texts: Sequence[str]) -> NDArray[np.float64]:
        found = scores_of(texts, weights) if weights else shipped.judge_texts(texts).scores
        highest: NDArray[np.float64] = found[:, heads].max(axis=1)
        return highest

    posts = ordinary_posts(_folder(arguments), shipped.tables)
    ordinary = posts[:: -(-len(posts) // ORDINARY_POSTS)]
    figures = measure(scores, ordinary, Screener.default().covered, arguments.seed)
    _print(figures)
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=1, sort_keys=True) + "\n", "utf-8")
    return 0


def _print(figures: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    from wardmote.detect.training.data.ranking import Interval

    console = Console()
    title = (
        f"{figures['texts']} texts; {figures['ordinary_flagged']:.0%} of {figures['ordinary_posts']:,} ordinary posts "
        f"flagged, from {figures['threshold']:.4f}; recall {Interval(**figures['recall'])}"
    )
    for heading, part in (("trick", "tricks"), ("should fall", "should_fall")):
        table = Table(heading, title=title if part == "tricks" else None, title_justify="left")
        for name in ("changed", "recall", "lost"):
            table.add_column(name, justify="right")
        for name, row in figures[part].items():
            shown = (str(Interval(**row[each])) for each in ("recall", "lost"))
            table.add_row(name, f"{row['changed']:.0%}", *shown)
        console.print(table)
    languages = figures["languages"]
    console.print(
        f"{languages['sentences']} sentences in {languages['languages']} languages: "
        f"{languages['not_covered']:.1%} not covered"
    )


def train_words(arguments: argparse.Namespace) -> int:
    """Make the table again and say where it is."""
    from wardmote.detect.training.data.words import write_words

    out, known = write_words(_folder(arguments))
    print(f"{out}: {known:,} words, {out.stat().st_size:,} bytes")
    return 0
