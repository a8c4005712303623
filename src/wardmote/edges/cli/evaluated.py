"""Prints what was measured on the held test set: a table for each question that the model card answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

Json = Mapping[str, Any]

MEASURES = {
    "ap": "AP",
    "ap_reweighted": "AP re-\nweighted",
    "auc": "AUC",
    "recall_0.01": "found\nat 1%",
    "recall_0.02": "at 2%",
    "recall_0.05": "at 5%",
    "calibration_error": "calib.\nerror",
}


def print_held(console: Console, held: Json) -> None:
    """Print figures in the shape of `assess`; of `judged`, what `judge` gives, alone too."""
    if "judged" in held:
        print_judged(console, held["judged"])
    if "worst" in held:
        console.print(_worst(held["worst"]))
    if "fails" in held:
        console.print(_fails(held["fails"]))
    if "explanations" in held:
        console.print(_explanations(held["explanations"]))


def print_judged(console: Console, judged: Json) -> None:
    """Print the figures of each scorer by category, the differences, and the first scorer's figures by source."""
    console.print(
        f"Held test set: {judged['rows']:,} posts that stand for {judged['stand_for']:,}; "
        f"reweighted to {judged['prevalence']:.1%}; {judged['rounds']:,} resamples",
        highlight=False,
    )
    from wardmote.detect.training.measure.judge import in_order

    for number, name in enumerate(judged["order"]):
        categories = in_order(judged["scorers"][name]["categories"])
        table = _table(f"{name}: by category", "", *MEASURES.values())
        for category, figures in categories:
            table.add_row(f"{category}\n{figures['positive']} positive", *_measured(figures))
        console.print(table)
        table = _table(f"{name}: by source", "", *MEASURES.values())
        for category, figures in categories if number == 0 else ():
            for source, each in figures["sources"].items():
                table.add_row(f"{category}\n{source}, {each['positive']}", *_measured(each))
        if table.row_count:
            console.print(table)
    if judged["differences"]:
        table = _table("Violence: differences on the same resamples", "", *MEASURES.values())
        for each in judged["differences"]:
            table.add_row(f"{each['first']}\nless {each['second']}", *_measured(each))
        console.print(table)


def _table(title: str, *columns: str, left: int = 1) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    for number, name in enumerate(columns):
        table.add_column(name, justify="left" if number < left else "right", overflow="fold")
    return table


def _measured(figures: Json) -> list[str]:
    return [_figure(figures.get(name), 3 if name == "calibration_error" else 2) for name in MEASURES]


def _figure(figure: Mapping[str, float] | None, places: int = 2) -> str:
    """Return a figure above its interval, so that a table of many fits a narrow window."""
    if figure is None:
        return "–"
    low, high = (_short(figure[end], places) for end in ("low", "high"))
    return f"{figure['value']:.3f}\n{low}–{high}"


def _short(value: float, places: int) -> str:
    said = f"{value:.{places}f}"
    return "1" if float(said) == 1 else said.replace("0.", ".", 1)


def _worst(worst: Json) -> Table:
    table = _table("The worst errors, by row", "", "data set", "row", "order", "score", "labels", left=2)
    for name, rows in worst.items():
        for row in rows:
            labels = " ".join(row["labels"]) or "none"
            table.add_row(name, row["dataset"], str(row["row"]), str(row["order"]), f"{row['score']:.4f}", labels)
        table.add_section()
    return table


def _fails(fails: Json) -> Table:
    from wardmote.detect.training.measure.subgroup_errors import PARTS

    title = f"Harmless posts flagged for {fails['category']}, by group (flagged of rows, weighted share)"
    table = _table(title, "", *PARTS)
    for group in fails["groups"]:
        table.add_row(group["name"], *(_part(group[part]) for part in PARTS))
    return table


def _part(part: Json) -> str:
    counts = f"{part['flagged']} of {part['rows']}"
    if part["share"] is None:
        return counts
    return f"{counts}\n{part['share']['value']:.1%} ({part['share']['low']:.0%}–{part['share']['high']:.0%})"


def _explanations(explanations: Mapping[str, Mapping[str, Json]]) -> Table:
    title = "Flagged texts that are no longer flagged without the shown words"
    table = _table(title, "", "posts", "flagged", "no longer", "part shown", "other words cut", left=2)
    for category, parts in explanations.items():
        for name, found in parts.items():
            shown = "–" if found["shown"] is None else f"{found['shown']:.0%}"
            below, chance = _figure(found["below"]), _figure(found["at_random"])
            table.add_row(category, name, str(found["flagged"]), below, shown, chance)
    return table
