"""A small test set of written texts for the tests: gardens are none of our business, ships are to be found."""

from collections.abc import Mapping, Sequence

import numpy as np

from wardmote.detect.categories import JUDGED
from wardmote.detect.training.data.testset import HEADLINE, TestSet

WORDS = ("roses", "tulips", "an apple tree", "the hedge", "weeds", "a pond", "moss", "herbs")


def toy_test_set(rows: int = 240) -> TestSet:
    """Every fourth text is about ships and counts as a threat; two sources, two bands, the last row not English."""
    texts = [f"{'the ship takes' if n % 4 == 0 else 'I planted'} {WORDS[n % 8]} no {n}" for n in range(rows)]
    ships = np.arange(rows) % 4 == 0
    counted = np.arange(rows) < rows - 1
    sources = tuple("ab"[n % 2] if n % 4 else "a" for n in range(rows))
    bands = np.where(np.arange(rows) % 3 == 0, 0.1, 0.0)
    labels = {category: np.zeros(rows, bool) for category in JUDGED}
    labels["violence.threat"] = ships & counted
    return TestSet(
        orders=np.arange(1, rows + 1),
        datasets=sources,
        numbers=np.arange(rows),
        texts=tuple(texts),
        weights=np.where(bands > 0, 2.0, 9.0),
        strata=tuple(f"{source}@{band:g}" for source, band in zip(sources, bands.tolist(), strict=True)),
        sources=sources,
        bands=bands,
        counted=counted,
        labels={HEADLINE: ships & counted, **labels},
        second={},
        reasons=tuple("takes a ship" if ship else "" for ship in ships.tolist()),
    )


def knows_ships(texts: Sequence[str]) -> Mapping[str, np.ndarray]:
    """Find every ship, with scores that differ a little from text to text."""
    base = np.array([0.8 if "ship" in text else 0.1 for text in texts])
    return {"violence.threat": base + 0.001 * np.arange(len(texts)) / len(texts), "violence.incitement": 0 * base}


def guesses(texts: Sequence[str]) -> Mapping[str, np.ndarray]:
    """Give a number that has nothing to do with ships, the same for the same text."""
    drawn = np.array([sum(map(ord, text)) * 7919 % 1000 / 1000 for text in texts])
    return {HEADLINE: drawn}
