"""Measures what ships, for the card: `python -m wardmote.detect.training.measure_shipped`, `WARDMOTE_DATA` set.

`--curve` is what `curve.py` wrote. Takes a few minutes; the card itself is written by `wardmote detect card`.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from wardmote.detect import CascadeDetector, Screener
from wardmote.detect.categories import VIOLENCE
from wardmote.detect.models.files import CascadeFiles
from wardmote.detect.models.linear import WEIGHTS_PATH
from wardmote.detect.training.build import evaluate_again
from wardmote.detect.training.cards.card import write_figures
from wardmote.detect.training.data.corpus import data_folder
from wardmote.detect.training.data.ordinary import ordinary_posts
from wardmote.detect.training.measure.evasion import measure
from wardmote.detect.training.measure.frontier import frontier
from wardmote.detect.training.measure.stages import assess_cascade

SEED = 1
ORDINARY_POSTS = 20_000
SPEED_NOTE = (
    "Speeds are of one thread, on the machine and in the hour of the run: compare the lines with one another. What two "
    "cores carry from file to file stands under [performance](../performance.md)."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure everything and store it beside the weights; say on standard error how far it is."""
    parser = argparse.ArgumentParser(description="Measure what ships.")
    parser.add_argument("--data", default=os.environ.get("WARDMOTE_DATA"), help="the folder of the data sets")
    parser.add_argument("--making", type=Path, required=True, help="wardmote-cascade.making.json, of `compose`")
    parser.add_argument("--curve", type=Path, help="what `curve` wrote")
    given = parser.parse_args(arguments)
    folder = data_folder(given.data)
    began = time.monotonic()

    def say(line: str) -> None:
        sys.stderr.write(f"{time.monotonic() - began:6.0f} s  {line}\n")

    making: dict[str, Any] = json.loads(given.making.read_text("utf-8"))
    held = assess_cascade(folder, SEED, say)
    held["speed"] = frontier(folder, SEED, say)
    say("playing tricks")
    suite = _evasion(folder)
    held["evasion"] = {name: _row(each) for name, each in {**suite["tricks"], **suite["should_fall"]}.items()}
    held["notes"] = {"evasion": _note(suite), "speed": SPEED_NOTE}
    if given.curve:
        held["curve"] = json.loads(given.curve.read_text("utf-8"))
    linear = evaluate_again(folder, WEIGHTS_PATH, SEED, say)
    figures = {
        "name": WEIGHTS_PATH.stem,
        "weights_sha256": linear["weights_sha256"],
        "weights_bytes": WEIGHTS_PATH.stat().st_size,
        "all_bytes": sum(path.stat().st_size for path in CascadeFiles().weighed),
        "training": making["linear"],
        "making": {name: each for name, each in making.items() if name != "linear"},
        "evaluation": linear["evaluation"],
        "held": held,
    }
    write_figures(WEIGHTS_PATH, figures)
    return 0


def _row(each: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    return {"recall": each["recall"]["value"], **each["lost"], "lost": each["lost"]["value"]}


def _note(suite: Mapping[str, Any]) -> str:
    plain, told = suite["recall"], suite["languages"]
    return (
        f"{suite['texts']} violent texts of contrast pairs that taught nothing, at the score that 1% of ordinary posts "
        f"reach; with no trick {plain['value']:.3f} ({plain['low']:.3f} to {plain['high']:.3f}) are found. Quoting and "
        f"negation should lower a score. Of {told['sentences']} sentences in {told['languages']} other languages, "
        f"{told['not_covered']:.1%} are told to be not covered."
    )


def _evasion(folder: Path) -> dict[str, Any]:
    detector = CascadeDetector.shipped()
    columns = [detector.categories.index(head) for head in VIOLENCE]
    posts = ordinary_posts(folder, detector.tables)

    def scores(texts: Sequence[str]) -> np.ndarray[Any, np.dtype[np.float64]]:
        return np.asarray(detector.judge_texts(texts).scores[:, columns].max(axis=1), np.float64)

    return measure(scores, posts[:: -(-len(posts) // ORDINARY_POSTS)], Screener.default().covered, SEED)


if __name__ == "__main__":
    sys.exit(main())
