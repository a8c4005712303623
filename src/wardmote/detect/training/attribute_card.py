"""The card of the attributes' model, written from the stored figures alone."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from wardmote.detect.training.agreement import LEVELS
from wardmote.detect.training.card import MEASURED, interval, measured_row, table


def render_attributes(figures: dict[str, Any]) -> str:
    """Return the card: the written part from `data/attributes.md`, with its tables filled in."""
    template = files("wardmote.detect").joinpath("data", "attributes.md").read_text("utf-8")
    training, evaluation = figures["training"], figures["evaluation"]
    heads = evaluation["heads"]
    parts = {
        "name": figures["name"],
        "digest": figures["weights_sha256"],
        "bytes": f"{figures['weights_bytes']:,}",
        "train_rows": f"{training['rows']['train']:,}",
        "test_rows": f"{training['rows']['test']:,}",
        "dropped_rows": f"{training['rows']['dropped']:,}",
        "ranking": table(["head", *MEASURED], [measured_row(f"`{head}`", each) for head, each in heads.items()]),
        "sources": table(
            ["head · source", *MEASURED],
            [
                measured_row(f"`{head}` · {name}", each)
                for head, figures in heads.items()
                for name, each in figures["sources"].items()
            ],
        ),
        "thresholds": table(
            ["head", "ordinary posts flagged", "score from", "positives found"],
            [
                [f"`{head}`", f"{100 * step['ordinary_flagged']:g}%", f"{step['score']:.4f}", f"{step['recall']:.0%}"]
                for head, each in heads.items()
                for step in each["thresholds"]
            ],
        ),
        "perspective": _perspective(figures["perspective"]),
    }
    for name, text in parts.items():
        template = template.replace("{{" + name + "}}", text)
    return template


def _perspective(heads: dict[str, Any]) -> str:
    columns = [
        "head",
        "rows",
        "Spearman",
        *[f"same side of {level} (if none were flagged)" for level in LEVELS],
        "error",
    ]
    rows = []
    for head, each in heads.items():
        sides = [each["same_side"][str(level)] for level in LEVELS]
        shown = [f"{interval(side)} ({side['always_below']:.3f})" for side in sides]
        rows.append([f"`{head}`", f"{each['rows']:,}", interval(each["spearman"]), *shown, f"{each['error']:.3f}"])
    return table(columns, rows)
