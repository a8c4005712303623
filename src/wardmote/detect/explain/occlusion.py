"""Which words carried a score, of a model whose inside says nothing: leave them out and see."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from wardmote.detect.contract import Span

Passes = Callable[[str], bool | None]
"""Whether a text scores below the level; None where no more may be asked."""

MOST = 12
"""No more words than that are shown."""
SHARE = 0.15
"""Where nothing is tried out, a word is shown whose fall is at least this part of the greatest."""


def without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """Return `text` with each stretch, in code points, blanked out by one space."""
    made, last = [], 0
    for start, end in sorted(spans):
        made += [text[last:start], " "]
        last = max(last, end)
    return "".join([*made, text[last:]])


def carriers(
    text: str, words: Sequence[tuple[int, int]], falls: NDArray[np.float64], passes: Passes
) -> tuple[Span, ...]:
    """Return few stretches without which `text` passes, in order; neighbours are joined.

    `falls` is by how much the score falls without each word alone, shape (words,), or about so much. Greedy: the words
    are left out in that order, more and more of them, until what is left passes, and then each is put back that is not
    needed. A span's weight is the fall without it alone. Where that comes to no end, or no `MOST` words are enough, the
    strongest words are shown; none where no word alone lowers the score.
    """
    order = np.argsort(-falls, kind="stable")[:MOST].tolist()
    enough = _enough(text, words, order, passes)
    if enough is None:
        enough = [place for place in order if falls[place] > 0 and falls[place] >= SHARE * falls[order[0]]]
    return _joined(text, sorted((*words[place], max(float(falls[place]), 0.0)) for place in enough))


def _enough(text: str, words: Sequence[tuple[int, int]], order: Sequence[int], passes: Passes) -> list[int] | None:
    """Return the words that it takes; None where it is not found out."""
    for count in range(1, len(order) + 1):
        said = passes(without(text, [words[place] for place in order[:count]]))
        if said is None:
            return None
        if said:
            break
    else:
        return None
    chosen = list(order[:count])
    for place in chosen[-2::-1]:
        rest = [each for each in chosen if each != place]
        if passes(without(text, [words[each] for each in rest])):
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
