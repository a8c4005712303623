"""The part of a model card that speaks of the held test set: tables written from stored figures alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from wardmote.detect.training.cards.markdown import interval, table
from wardmote.detect.training.data.shipped import training_text
from wardmote.detect.training.data.testset import HEADLINE
from wardmote.detect.training.measure.faithfulness import MARKED
from wardmote.detect.training.measure.judge import in_order
from wardmote.detect.training.measure.subgroup_errors import FEWEST, PARTS

Json = Mapping[str, Any]

RANKING = ("ap", "ap_reweighted", "auc")
RECALLS = ("recall_0.01", "recall_0.02", "recall_0.05")
COLUMNS = ["AP", "AP at {prevalence}", "AUC", "found at 1%", "at 2%", "at 5%", "calibration error"]


def render_held(figures: Json) -> str:
    """Return the part as Markdown; each piece is there only where its figures are.

    `figures` may hold what `assess` returns (`judged`, `worst`, `fails`, `explanations`) and besides: `speed`, a list
    of `{"name", "posts_per_second", "ap_reweighted", "note"}`; `curve`, what `curve.py` writes; `evasion`, by trick
    `{"recall", "lost", "low", "high"}`; `notes`, a paragraph of Markdown by name of a piece.
    """
    pieces: dict[str, Callable[[Any], str]] = {
        "judged": _judged,
        "speed": _speed,
        "curve": _curve,
        "worst": _worst,
        "fails": _fails,
        "evasion": _evasion,
        "explanations": _explanations,
    }
    written = []
    for name, write in pieces.items():
        if figures.get(name):
            note = figures.get("notes", {}).get(name)
            written.append(write(figures[name]) + (f"\n\n{note}" if note else ""))
    return "\n\n".join(written) + "\n\n" if written else ""


def _shipped(name: str) -> dict[str, str]:
    found: dict[str, str] = json.loads(training_text(name))
    return found


def _lead(piece: str, **figures: object) -> str:
    return _shipped("held_card.json")[piece].format(**figures)


def _judged(judged: Json) -> str:
    prevalence = f"{100 * judged['prevalence']:g}%"
    head = [column.format(prevalence=prevalence) for column in COLUMNS]
    scorers = [(name, judged["scorers"][name]) for name in judged["order"]]
    first = scorers[0][1]["categories"]
    base = first[HEADLINE]
    counts = {name: judged[name] for name in ("rows", "stand_for", "rounds")}
    lines = [
        "## How well it does on posts that nobody picked",
        _lead("judged", **counts, positive=base["positive"], base_rate=base["base_rate"]),
        _lead("measures", prevalence=prevalence),
        "Violence (threat or incitement, any of the two):",
        table(
            ["scorer", *head, "ordinary posts"],
            [
                [name, *_measured(each["categories"][HEADLINE]), f"{each['ordinary_posts']:,}"]
                for name, each in scorers
                if HEADLINE in each["categories"]
            ],
        ),
    ]
    if judged["differences"]:
        compared = ("ap_reweighted", "auc", RECALLS[0])
        rows = [
            [f"{each['first']} less {each['second']}", *(interval(each[name]) for name in compared)]
            for each in judged["differences"]
        ]
        lines += ["Differences on the same resamples:", table(["", head[1], "AUC", "found at 1%"], rows)]
    return "\n\n".join([*lines, *_in_detail(first, head)])


def _in_detail(categories: Mapping[str, Json], head: list[str]) -> list[str]:
    """Return the tables of one scorer: by category, by source, and by groups of like scores."""
    base = categories[HEADLINE]
    return [
        "By category:",
        table(
            ["category", "positives", "share", *head],
            [[f"`{name}`", *_counts(each), *_measured(each)] for name, each in in_order(categories)],
        ),
        "Violence by source:",
        table(
            ["source", "rows", "positives", "share", *head],
            [
                [f"`{name}`", f"{each['rows']:,}", *_counts(each), *_measured(each)]
                for name, each in base["sources"].items()
            ],
        ),
        "Is a score what it says? Violence, groups of like scores:",
        table(
            ["part of the frame", "mean score", "were violence"],
            [[f"{each['share']:.1%}", f"{each['score']:.4f}", f"{each['true']:.2%}"] for each in base["reliability"]],
        ),
    ]


def _measured(figures: Json) -> list[str]:
    return [interval(figures[name]) for name in (*RANKING, *RECALLS, "calibration_error")]


def _counts(figures: Json) -> list[str]:
    return [str(figures["positive"]), f"{figures['base_rate']:.2%}"]


def _speed(points: Sequence[Json]) -> str:
    rows = [
        [each["name"], f"{each['posts_per_second']:,.0f}", interval(each["ap_reweighted"]), str(each.get("note", ""))]
        for each in points
    ]
    return "## Quality against speed\n\n" + table(["", "posts a second", "AP, reweighted", ""], rows)


def _curve(curve: Json) -> str:
    rows = [
        [
            line["model"], f"{line['share']:.0%}", f"{line['labels']:,}", f"{line['positive']:,}", str(line["draws"]),
            *(_spread(line.get(name)) for name in ("ap_reweighted", "auc")),
        ]
        for line in curve["summary"]
    ]  # fmt: skip
    head = ["model", "part", "labels", "of them violence", "draws", "AP, reweighted", "AUC"]
    return f"## What more labels bring\n\n{_lead('curve')}\n\n{table(head, rows)}"


def _spread(figure: Json | None) -> str:
    return "–" if figure is None else f"{figure['mean']:.3f} ({figure['least']:.3f}–{figure['most']:.3f})"


def _worst(worst: Json) -> str:
    """The words are the first reader's reason; for rows that have none, those of `data/worst.json`, by order."""
    words = _shipped("worst.json")
    tables = []
    for name, title in (("misses", "Worst misses"), ("alarms", "Worst false alarms")):
        rows = [
            [
                str(row["order"]),
                f"`{row['dataset']}`",
                f"{row['score']:.4f}",
                row["reason"] or words.get(str(row["order"]), ""),
                ", ".join(f"`{label}`" for label in row["labels"]) or "none",
            ]
            for row in worst[name]
        ]
        tables.append(f"{title}:\n\n" + table(["order", "source", "score", "what the writer does", "read as"], rows))
    return "\n\n".join(["## The worst errors", _lead("worst"), *tables])


def _fails(fails: Json) -> str:
    lead = _lead("fails", share=fails["share_of_ordinary"], fewest=FEWEST)
    rows = [
        [
            each["name"] if each["kind"] == each["name"] else f"{each['kind']}: {each['name']}",
            *map(_group, _parts(each)),
        ]
        for each in fails["groups"]
    ]
    hows = "\n".join(f"- {each['name']}: {each['how']}" for each in fails["groups"] if each["how"])
    return f"## Whom it fails\n\n{lead}\n\n{table(['group', *PARTS], rows)}\n\n{hows}"


def _parts(group: Json) -> list[Json]:
    return [group[part] for part in PARTS]


def _group(part: Json) -> str:
    if part["share"] is None:
        return f"({part['rows']})" if part["rows"] else "–"
    share = part["share"]
    return f"{share['value']:.1%} ({share['low']:.1%}–{share['high']:.1%}) of {part['rows']:,}"


def _evasion(tricks: Mapping[str, Json]) -> str:
    rows = [
        [name, f"{each['recall']:.0%}", f"{each['lost']:.0%} ({each['low']:.0%}–{each['high']:.0%})"]
        for name, each in tricks.items()
    ]
    return f"## Tricks\n\n{_lead('evasion')}\n\n" + table(["trick", "still found", "recall lost"], rows)


def _explanations(explanations: Mapping[str, Mapping[str, Json]]) -> str:
    lead = _lead("explanations", posts=MARKED)
    rows = [
        [
            f"`{category}`", f"{found['all']['flagged']:,}", interval(found["all"]["below"]),
            f"{found['all']['shown']:.0%}", interval(found["all"]["at_random"]),
        ]
        for category, found in explanations.items()
        if found["all"]["flagged"]
    ]  # fmt: skip
    head = ["category", "flagged", "no longer flagged", "part of the text shown", "at random"]
    return f"## Are the shown words why?\n\n{lead}\n\n{table(head, rows)}"
