"""Which words carried a score, of a model whose inside says nothing: leave them out and see."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from wardmote.detect.contract import Span

ScoresOf = Callable[[Sequence[str]], NDArray[np.float64]]

UNITS = 40
"""A text is cut into so many pieces at most: one word each, or several in a row of a long text."""
MOST = 12
"""No more pieces than that are shown."""


def without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """Return `text` with each stretch, in code points, blanked out by one space."""
    made, last = [], 0
    for start, end in sorted(spans):
        made += [text[last:start], " "]
        last = max(last, end)
    return "".join([*made, text[last:]])


def carriers(
    text: str,
    words: Sequence[tuple[int, int]],
    scores_of: ScoresOf,
    score: float,
    level: float,
    *,
    ranked_by: ScoresOf | None = None,
) -> tuple[Span, ...]:
    """Return few stretches without which `text` scores below `level`, in order; neighbours are joined.

    Greedy: the pieces are left out by how far the score falls without each alone, more and more of them until it is
    below, and then each is put back that is not needed. A span's weight is the fall of the score without it alone.
    Where no `MOST` pieces are enough the strongest are shown. `ranked_by` is asked about each piece alone in place of
    `scores_of`, where that is slow: what is shown is still tried out on `scores_of`.
    """
    pieces = _pieces(words)
    if not pieces:
        return ()
    if ranked_by is None:
        falls = score - scores_of([without(text, [piece]) for piece in pieces])
    else:
        found = ranked_by([text, *(without(text, [piece]) for piece in pieces)])
        falls = found[0] - found[1:]
    order = np.argsort(-falls, kind="stable")[:MOST].tolist()
    for count in range(1, len(order) + 1):
        if scores_of([without(text, [pieces[place] for place in order[:count]])])[0] < level:
            order = _needed(text, pieces, order[:count], scores_of, level)
            break
    else:
        order = [place for place in order if falls[place] > 0] or order[:1]
    return _joined(text, sorted((*pieces[place], max(float(falls[place]), 0.0)) for place in order))


def _pieces(words: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    size = -(-len(words) // UNITS) or 1
    groups = [words[start : start + size] for start in range(0, len(words), size)]
    return [(group[0][0], max(end for _, end in group)) for group in groups]


def _needed(
    text: str, pieces: Sequence[tuple[int, int]], chosen: list[int], scores_of: ScoresOf, level: float
) -> list[int]:
    for place in chosen[-2::-1]:
        rest = [each for each in chosen if each != place]
        if scores_of([without(text, [pieces[each] for each in rest])])[0] < level:
            chosen = rest
    return chosen


def _joined(text: str, found: Sequence[tuple[int, int, float]]) -> tuple[Span, ...]:
    spans: list[Span] = []
    for start, end, fall in found:
        if spans and (start <= spans[-1].end or text[spans[-1].end : start].isspace()):
            before = spans.pop()
            spans.append(Span(before.start, max(end, before.end), before.weight + fall))
        else:
            spans.append(Span(start, end, fall))
    return tuple(Span(span.start, span.end, round(span.weight, 4)) for span in spans)
