"""Plots as inline SVG: bars by day. The page's policy allows no inline style, so every look is a class of the sheet.

Beside each plot is a table with the same numbers; the plot is for the eye, the table for everybody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

WIDTH, HEIGHT = 720, 200
_LEFT, _BOTTOM, _TOP = 40, 24, 10
_GAP = 0.2
"""The part of a day's width that stays empty."""
_MOST_LABELS = 7


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar; the numbers are text, as a reader's language writes decimals otherwise and SVG does not."""

    x: str
    y: str
    width: str
    height: str
    series: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A label: at `at` along its axis."""

    at: str
    value: object


@dataclass(frozen=True, slots=True)
class Plot:
    """Everything that the piece `ui/pieces/plot.html` draws."""

    bars: tuple[Bar, ...]
    levels: tuple[Mark, ...]
    days: tuple[Mark, ...]
    names: tuple[tuple[int, object], ...]
    empty: bool
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    foot: int = HEIGHT - 6


def by_day(days: Sequence[date], series: Sequence[tuple[object, Sequence[int]]], *, stacked: bool = False) -> Plot:
    """Bars for each day: beside each other, or on top of each other. `series` is (name, one count a day)."""
    tallest = max(
        (sum(row) if stacked else max(row) for row in zip(*(values for _, values in series), strict=True)), default=0
    )
    step = _step(tallest)
    top = max(step * -(-tallest // step), 1)
    across, up = (WIDTH - _LEFT) / max(len(days), 1), (HEIGHT - _BOTTOM - _TOP) / top
    room = across * (1 - _GAP)
    wide = room if stacked else room / max(len(series), 1)
    bars: list[Bar] = []
    for n in range(len(days)):
        below = 0
        for number, (_, values) in enumerate(series):
            x = _LEFT + n * across + across * _GAP / 2 + (0 if stacked else number * wide)
            tall = values[n] * up
            y = HEIGHT - _BOTTOM - below * up - tall
            if values[n]:
                bars.append(Bar(_text(x), _text(y), _text(max(wide - 0.5, 0.5)), _text(tall), number))
            below += values[n] if stacked else 0
    every = -(-len(days) // _MOST_LABELS)
    return Plot(
        bars=tuple(bars),
        levels=tuple(Mark(_text(HEIGHT - _BOTTOM - level * up), level) for level in range(0, top + 1, step)),
        days=tuple(Mark(_text(_LEFT + n * across + across / 2), days[n]) for n in range(0, len(days), every)),
        names=tuple((number, name) for number, (name, _) in enumerate(series)),
        empty=tallest == 0,
    )


def _step(tallest: int) -> int:
    """Between two levels: 1, 2 or 5 times a power of ten, so that at most five lines are drawn."""
    step, factors = 1, (2, 2.5, 2)
    turn = 0
    while tallest > step * 4:
        step = int(step * factors[turn % 3])
        turn += 1
    return step


def _text(value: float) -> str:
    return f"{value:.1f}"
