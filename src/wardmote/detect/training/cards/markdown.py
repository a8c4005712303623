"""Tables and figures in Markdown, for the model cards."""

from __future__ import annotations

from collections.abc import Mapping


def table(head: list[str], rows: list[list[str]]) -> str:
    """Return a Markdown table, numbers to the right."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def interval(figure: Mapping[str, float] | None) -> str:
    """Return a figure with its interval, or a dash where it could not be measured."""
    if figure is None:
        return "–"
    return f"{figure['value']:.3f} ({figure['low']:.3f}–{figure['high']:.3f})"
