"""Why a text was flagged, asked of any detector: what each word carried, and the fewest words without which it passes.

A detector is a function here, from texts to one category's scores, so a model that does not add up (a network, a
cascade) is asked in the same way as one that does: by leaving words out and scoring what is left (occlusion; Zeiler
and Fergus 2014, "Visualizing and Understanding Convolutional Networks", section 3). Leaving out is the only change that
is tried: it is the one that a reader can check with their own eyes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    ScoreOf = Callable[[list[str]], NDArray[np.float64]]
    """Texts to one score each, shape (texts,): the score that meets the threshold, rounded as it is there."""

MOST_WORDS = 24
"""A change of more words than this is not looked for: it would be another text."""
_CANDIDATES = 64
"""Pairs and longer changes are sought among so many words: those that lower the score most when left out alone."""
_BLOCKS = 512
"""More words than this are first left out block by block, to find where in a long text it is worth looking."""
_BATCH_TEXTS, _BATCH_CHARACTERS = 512, 1_000_000

_WORD = re.compile(r"\w+(?:['\N{RIGHT SINGLE QUOTATION MARK}]\w+)*|[^\w\s]+")


@dataclass(frozen=True, slots=True)
class Change:
    """Words left out of a text, and what is left of it.

    `spans` are half-open offsets in code points of the original text, in order. `score` is that of `text`, what is
    left. `fewest` says that every smaller change was tried and none was enough; otherwise the search was greedy, and
    all that is known is that no word of the change can be put back.
    """

    spans: tuple[tuple[int, int], ...]
    text: str
    score: float
    fewest: bool


def words_of(text: str) -> list[tuple[int, int]]:
    """Return the words and runs of signs of `text`, as half-open offsets in code points, in order."""
    return [found.span() for found in _WORD.finditer(text)]


def without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Return `text` less the stretches. No two words run together, and no doubled space is left at a seam."""
    kept: list[str] = []
    upto = 0
    for start, end in [*sorted(spans), (len(text), len(text))]:
        part = text[upto:start]
        if upto and part:
            before = kept[-1][-1] if kept else " "
            if before.isspace() and part[0].isspace():
                part = part[1:]
            elif not before.isspace() and not part[0].isspace():
                kept.append(" ")
        if part:
            kept.append(part)
        upto = max(upto, end)
    return "".join(kept)


def occlude(score_of: ScoreOf, text: str, words: Sequence[tuple[int, int]]) -> NDArray[np.float64]:
    """Return by how much the score falls when each word alone is left out, shape (words,); negative where it rises."""
    whole = float(score_of([text])[0])
    return whole - _scored(score_of, text, words, [(word,) for word in range(len(words))])


def smallest_change(
    score_of: ScoreOf,
    text: str,
    words: Sequence[tuple[int, int]],
    threshold: float,
    *,
    most: int = MOST_WORDS,
) -> Change | None:
    """Return the fewest words to leave out for the score to be below `threshold`; None: none of up to `most` was found.

    `words` are half-open offsets in code points; where two changes lower the score alike, the earlier listed word is
    taken, so list first what is believed to matter most. One word is found exactly, and two in a text of at most 64
    words. In a longer one, and for more than two, words are taken away one after the other, each time the one that
    lowers the score most, and put back where they turn out not to be needed. At most a few thousand texts are scored,
    whatever the length. Raises `ValueError` where the text is below the threshold as it is.
    """
    import numpy as np

    score = float(score_of([text])[0])
    if score < threshold:
        raise ValueError(f"the text scores {score}, which is below the threshold of {threshold} already")
    if not words or most < 1:
        return None
    places = _worth_trying(score_of, text, words)
    alone = _scored(score_of, text, words, [(place,) for place in places])
    searched = len(places) == len(words)
    best = int(np.argmin(alone))
    if alone[best] < threshold:
        return _change(text, words, (places[best],), float(alone[best]), fewest=True)
    if most == 1 or len(places) == 1:
        return None
    searched = searched and len(places) <= _CANDIDATES
    ranked = [places[at] for at in np.argsort(alone, kind="stable")[:_CANDIDATES].tolist()]
    pairs = list(combinations(ranked, 2))
    both = _scored(score_of, text, words, pairs)
    best = int(np.argmin(both))
    if both[best] < threshold:
        return _change(text, words, pairs[best], float(both[best]), fewest=searched)
    found = _greedy(score_of, text, words, threshold, pairs[best], ranked, most)
    if found is None:
        return None
    taken, lowered = _put_back(score_of, text, words, threshold, *found)
    return _change(text, words, taken, lowered, fewest=searched and len(taken) == 3)


def _greedy(
    score_of: ScoreOf,
    text: str,
    words: Sequence[tuple[int, int]],
    threshold: float,
    start: tuple[int, ...],
    ranked: Sequence[int],
    most: int,
) -> tuple[tuple[int, ...], float] | None:
    """Leave out one more word at a time, each time the one that lowers the score most."""
    import numpy as np

    taken = start
    while len(taken) < most:
        left = [place for place in ranked if place not in taken]
        if not left:
            return None
        scores = _scored(score_of, text, words, [(*taken, place) for place in left])
        best = int(np.argmin(scores))
        taken = (*taken, left[best])
        if scores[best] < threshold:
            return taken, float(scores[best])
    return None


def _put_back(
    score_of: ScoreOf,
    text: str,
    words: Sequence[tuple[int, int]],
    threshold: float,
    taken: tuple[int, ...],
    score: float,
) -> tuple[tuple[int, ...], float]:
    """Put back, one at a time, the words that the change does not need."""
    import numpy as np

    while len(taken) > 1:
        fewer = list(combinations(taken, len(taken) - 1))
        scores = _scored(score_of, text, words, fewer)
        best = int(np.argmin(scores))
        if scores[best] >= threshold:
            break
        taken, score = fewer[best], float(scores[best])
    return taken, score


def _worth_trying(score_of: ScoreOf, text: str, words: Sequence[tuple[int, int]]) -> list[int]:
    """Return the words to leave out one by one: all of a text of usual length, the heaviest blocks of a long one."""
    import numpy as np

    if len(words) <= _BLOCKS:
        return list(range(len(words)))
    size = -(-len(words) // _BLOCKS)
    in_order = sorted(range(len(words)), key=lambda place: words[place])
    blocks = [tuple(in_order[at : at + size]) for at in range(0, len(words), size)]
    scores = _scored(score_of, text, words, blocks)
    heaviest = np.argsort(scores, kind="stable")[: max(1, _BLOCKS // size)].tolist()
    return sorted(place for block in heaviest for place in blocks[block])


def _scored(
    score_of: ScoreOf, text: str, words: Sequence[tuple[int, int]], changes: Sequence[tuple[int, ...]]
) -> NDArray[np.float64]:
    """Return the score of the text without the words of each change, shape (changes,)."""
    import numpy as np

    size = max(1, min(_BATCH_TEXTS, _BATCH_CHARACTERS // max(1, len(text))))
    parts = [score_of(batch) for batch in _batches(text, words, changes, size)]
    return np.concatenate(parts) if parts else np.empty(0)


def _batches(
    text: str, words: Sequence[tuple[int, int]], changes: Sequence[tuple[int, ...]], size: int
) -> Iterator[list[str]]:
    for at in range(0, len(changes), size):
        yield [without(text, [words[place] for place in change]) for change in changes[at : at + size]]


def _change(
    text: str, words: Sequence[tuple[int, int]], places: tuple[int, ...], score: float, *, fewest: bool
) -> Change:
    spans = tuple(sorted(words[place] for place in places))
    return Change(spans, without(text, spans), score, fewest)
