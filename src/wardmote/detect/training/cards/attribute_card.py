"""The card of the attributes' model, written from the stored figures alone."""

from __future__ import annotations

from typing import Any

from wardmote.detect.training.cards.card import MEASURED, measured_row
from wardmote.detect.training.cards.markdown import interval, table
from wardmote.detect.training.data.shipped import training_text
from wardmote.detect.training.measure.agreement import LEVELS


def render_attributes(figures: dict[str, Any]) -> str:
    """Return the card: the written part from `data/attributes.md`, with its tables filled in."""
    template = training_text("attributes.md")
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
        "soft_rows": f"{training['rows']['soft']:,}",
        "own_rows": str(training["rows"]["own"]),
        "barred_rows": f"{training['rows']['barred']:,}",
        "calibration": _calibration(figures["calibration"]),
        "peer": _peer(figures["peer"]),
        "perspective": _perspective(figures["perspective"]),
        "verdict": _verdict(figures["perspective"]["toxicity"]["spearman"]),
    }
    for name, text in parts.items():
        template = template.replace("{{" + name + "}}", text)
    return template


AIM = 0.8
"""The rank agreement that a replacement for Perspective should have."""


def _verdict(agreed: dict[str, float]) -> str:
    where = "reaches" if agreed["value"] >= AIM else "is below"
    return f"The rank agreement of `toxicity` {where} what a replacement should have, {AIM:.2f}."


def _calibration(heads: dict[str, Any]) -> str:
    rows = [
        [f"`{head}` · {name}", f"{each['rows']:,}", interval(each)]
        for head, sources in heads.items()
        for name, each in sources.items()
    ]
    return table(["head · source", "rows", "gap"], rows)


def _peer(peer: dict[str, Any]) -> str:
    if not peer:
        return "No peer was installed when this was measured."
    rows = [
        measured_row(f"`{head}` · {name}", each)
        for head, figures in peer["heads"].items()
        for name, each in figures["sources"].items()
    ]
    said = f"`{peer['name']}` on the same rows (one score for everything)."
    agreed = f"Its rank agreement with Perspective's TOXICITY is {interval(peer['spearman'])}."
    return f"{said} {agreed}\n\n{table(['head · source', *MEASURED], rows)}"


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
