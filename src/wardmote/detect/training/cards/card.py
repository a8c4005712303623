"""The model card: a page of Markdown written from the stored figures alone, so that it cannot drift from them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from wardmote.detect.errors import WeightsError
from wardmote.detect.training.cards.held_card import render_held
from wardmote.detect.training.cards.markdown import interval, table
from wardmote.detect.training.data.ranking import SHARES
from wardmote.detect.training.data.shipped import training_text


def figures_path(weights: Path) -> Path:
    """Return where the figures of a weights file are stored: beside it."""
    return weights.with_suffix(".figures.json")


def read_figures(weights: Path) -> dict[str, Any]:
    """Return the figures stored beside a weights file. Raises `WeightsError`."""
    path = figures_path(weights)
    try:
        stored = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise WeightsError(f"cannot read {path}: {error.strerror}") from None
    except ValueError as error:
        raise WeightsError(f"{path} is damaged: {error}") from None
    if not isinstance(stored, dict):
        raise WeightsError(f"{path} is damaged: not an object")
    return stored


def write_figures(weights: Path, figures: dict[str, Any]) -> None:
    """Store the figures beside a weights file."""
    figures_path(weights).write_text(json.dumps(figures, indent=1, sort_keys=True) + "\n", "utf-8")


def render(figures: dict[str, Any]) -> str:
    """Return the card: the written part from `data/card.md`, with its tables filled in."""
    template = training_text("card.md")
    training, evaluation = figures["training"], figures["evaluation"]
    parts = {
        "name": figures["name"],
        "digest": figures["weights_sha256"],
        "bytes": f"{figures['weights_bytes']:,}",
        "all_bytes": f"{figures.get('all_bytes', figures['weights_bytes']):,}",
        "buckets": f"{2 ** training['settings']['bits']:,}",
        "read": f"{training['read']:,}",
        "train_rows": f"{training['rows']['train']:,}",
        "calibration_rows": f"{training['rows']['calibration']:,}",
        "test_rows": f"{training['rows']['test']:,}",
        "dropped_rows": f"{training['rows']['dropped']:,}",
        "ordinary_posts": f"{evaluation['ordinary_posts']:,}",
        "datasets": _datasets(training["datasets"]),
        "learning": _learning(training["heads"]),
        "ranking": _ranking(evaluation["heads"]),
        "sources": _sources(evaluation["heads"]),
        "thresholds": _thresholds(evaluation["heads"]),
        "elsewhere": _elsewhere(evaluation["elsewhere"]),
        "alarms": _alarms(evaluation["alarms"]),
        "held": render_held(figures.get("held", {})),
    }
    for name, text in parts.items():
        template = template.replace("{{" + name + "}}", text)
    return template


def measured_row(name: str, figures: dict[str, Any]) -> list[str]:
    """Return one row under `MEASURED`."""
    counts = [f"{figures['rows']:,}", f"{figures['positive']:,}", f"{figures['base_rate']:.2%}"]
    return [name, *counts, interval(figures["auc"]), interval(figures["ap"])]


def _datasets(counts: dict[str, int]) -> str:
    return table(["set", "training rows"], [[f"`{name}`", f"{rows:,}"] for name, rows in counts.items()])


def _learning(heads: dict[str, Any]) -> str:
    rows = [[f"`{head}`", f"{each['rows']:,}", f"{each['positive']:,}"] for head, each in heads.items()]
    return table(["head", "training rows", "of them positive"], rows)


MEASURED = ["rows", "positive", "base rate", "AUC", "AP"]


def _ranking(heads: dict[str, Any]) -> str:
    return table(["head", *MEASURED], [measured_row(f"`{head}`", each) for head, each in heads.items()])


def _sources(heads: dict[str, Any]) -> str:
    rows = [
        measured_row(f"`{head}` · {source}", figures)
        for head, each in heads.items()
        for source, figures in each["sources"].items()
    ]
    return table(["head · source", *MEASURED], rows)


def _thresholds(heads: dict[str, Any]) -> str:
    rows = [
        [f"`{head}`", f"{100 * step['ordinary_flagged']:g}%", f"{step['score']:.4f}", f"{step['recall']:.0%}"]
        for head, each in heads.items()
        for step in each["thresholds"]
    ]
    return table(["head", "ordinary posts flagged", "score from", "positives found"], rows)


def _elsewhere(sets: dict[str, Any]) -> str:
    return table(["head · set", *MEASURED], [measured_row(name, each) for name, each in sets.items()])


def _alarms(texts: dict[str, Any]) -> str:
    rows = [
        [f"`{head}` · {name} ({figures['rows']:,})", *[f"{share:.1%}" for share in shares]]
        for name, figures in texts.items()
        for head, shares in figures["flagged"].items()
    ]
    return table(["head · texts", *[f"at the {share:g}% score" for share in (100 * each for each in SHARES)]], rows)
