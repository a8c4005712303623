"""`wardmote detect explain`: what a text scores, which words carried it, and the fewest whose absence lets it pass."""

from __future__ import annotations

import argparse
import math
import sys
from typing import TYPE_CHECKING, Any

from wardmote.edges.cli.failure import CannotStart
from wardmote.edges.cli.screen.thresholds import guidance

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from wardmote.detect import Explanation, Screener


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `explain`; the handler is `arguments.handler(arguments)`.

    Not `register`, by which the command itself finds its commands: this one is `detect`'s.
    """
    command = commands.add_parser("explain", help="show the scores of a text and the words behind them")
    command.add_argument("text", help="the text; - reads it from standard input")
    command.add_argument(
        "--threshold",
        metavar="CATEGORY=SCORE",
        action="append",
        default=[],
        help="flag a category from this score on; may be given again (default: the scores by which 1 in 100 "
        "ordinary texts is flagged for any category)",
    )
    command.add_argument("--sums", action="store_true", help="print every word's part in the first stage's scores too")
    command.set_defaults(handler=explain)


def explain(arguments: argparse.Namespace) -> int:
    """Print a line a category, the strongest first, and for each flag the smallest change that would have lifted it."""
    from rich.console import Console

    from wardmote.detect import CascadeDetector, LinearDetector, Screener

    text = sys.stdin.read() if arguments.text == "-" else arguments.text
    screener = Screener.default()
    thresholds = guidance() | _given(arguments.threshold, screener.categories)
    screening = screener.screen(text)
    console = Console()
    account: Explanation | None = None
    for detector in screener.detectors:
        if isinstance(detector, CascadeDetector):
            # Of three stages the first adds up; where a later one was asked, the scores are its own.
            account = detector.linear.explain(text)
        elif isinstance(detector, LinearDetector):
            account = detector.explain(text)
    for category in sorted(screener.categories, key=lambda each: -screening.score(each)):
        signal = screening.strongest(category)
        spans = sorted(signal.spans if signal else (), key=lambda span: -span.weight)
        shown = ", ".join(f"{text[span.start : span.end]!r} {span.weight:+.2f}" for span in spans)
        score = screening.score(category)
        console.print(f"{category:<22} {score:.4f}  {shown or 'nothing raised it'}", markup=False, highlight=False)
        threshold = thresholds.get(category)
        if threshold is not None and score >= threshold:
            print_change(console, screener, text, category, threshold, _words(text, category, account))
    if arguments.sums and account is not None:
        _print_sums(console, text, account)
    return 0


def print_change(
    console: Any, screener: Screener, text: str, category: str, threshold: float, words: list[tuple[int, int]]
) -> None:
    """Print what flagged the text and the fewest words that would have to go."""
    import pyarrow as pa

    from wardmote.detect.explain.counterfactual import MOST_WORDS, smallest_change

    def score_of(texts: list[str]) -> NDArray[np.float64]:
        scores: NDArray[np.float64] = screener.screen_batch(pa.array(texts, pa.large_string()))[category].to_numpy()
        return scores

    change = smallest_change(score_of, text, words, threshold)
    flagged = f"  flagged from {threshold:.4f}; "
    if change is None:
        line = f"no change of up to {MOST_WORDS} words was found that would lift it"
    else:
        left_out = ", ".join(repr(text[start:end]) for start, end in change.spans)
        fewest = "and no fewer words do" if change.fewest else "and none of them can be put back"
        line = f"without {left_out} it scores {change.score:.4f} and is not flagged, {fewest}"
    console.print(flagged + line, markup=False)


def _words(text: str, category: str, account: Explanation | None) -> list[tuple[int, int]]:
    """The words of a text; where a model adds up, its own, those first that add most."""
    from wardmote.detect.explain.counterfactual import words_of

    if account is None or category not in account.heads:
        return words_of(text)
    head = account.heads.index(category)
    ranked = sorted(account.words, key=lambda word: -word.weights[head])
    return [(word.start, word.end) for word in ranked]


def _given(pairs: list[str], categories: tuple[str, ...]) -> dict[str, float]:
    found: dict[str, float] = {}
    for pair in pairs:
        category, _, score = pair.partition("=")
        if category not in categories:
            raise CannotStart(f"--threshold {pair}: no detector scores {category!r}; known: {', '.join(categories)}")
        try:
            found[category] = float(score)
        except ValueError:
            found[category] = math.nan
        if not 0 < found[category] <= 1:
            raise CannotStart(f"--threshold {pair}: a threshold is a number above 0 and at most 1")
    return found


def _print_sums(console: Any, text: str, account: Explanation) -> None:
    """The exact sum behind every score of the first stage, which adds up."""
    console.print("\nThe sums of the first stage, in log-odds:")
    for place in sorted(range(len(account.heads)), key=lambda each: -account.logits[each]):
        ranked = sorted(account.words, key=lambda each: -abs(each.weights[place]))
        words = [f"{text[word.start : word.end]!r} {word.weights[place]:+.3f}" for word in ranked]
        parts = [f"bias {account.bias[place]:+.3f}", *words]
        total = f"sum {account.logits[place]:+.3f}, score {account.scores[place]:.4f}"
        console.print(f"{account.heads[place]}: {', '.join(parts)}; {total}", markup=False, highlight=False)
