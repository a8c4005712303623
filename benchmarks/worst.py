"""`worst`: the texts of 1,000 characters that cost most, with the words behind their scores."""

import time
from collections.abc import Sequence
from random import Random

from benchmarks.contract import About, Size
from benchmarks.figures import Figure

ABOUT = About(
    what="One text of 1,000 characters, scored in all categories with the words behind each score: shapes "
    "that are known to cost much, and the costliest that a random search finds among mixtures of their parts. Of each "
    "text the least of a few runs counts, of all texts the most.",
    aim="20 ms: a text that somebody made to be slow costs no more than a few ordinary posts do.",
    limit="The language model: it may read as many word pieces for a text as a budget allows, whatever the text is.",
)
AIM = 20.0
LONG = 1_000
SHAPES = {
    "knives": "\U0001f52a",
    "two emoji": "\U0001f52a\U0001f52b",
    "a plain threat again and again": "I will kill you. ",
    "letters apart": "k.i.l.l y.o.u ",
    "no spaces": "killyou",
    "combining marks": "k\u0336i\u0336l\u0336l\u0336 you ",
    "zero width": "k\u200bi\u200bl\u200bl you ",
    "mixed scripts": "\u043aill \u0443\u043eu ",
    "signs": "k!ll $$$ y0u ",
    "threats each in other words": "shoot stab burn hang gut choke drown behead ",
}
"""What is repeated."""
_PARTS = (
    *SHAPES.values(),
    *("kill ", "I will find you ", "them all ", "tonight ", "Dick ", "uncle ", "a ", "1", "$", "*", "\n", "'", "-"),
    *("\u202e", "\u202c", "\ufdfa", "\u0301", "\U0001f3fd", "http://a ", "@b ", "bomb the school ", "rope ", "\u212b"),
)
ROUNDS: dict[Size, int] = {"tiny": 2, "usual": 300, "full": 3_000}
_RUNS = 3
_SEED = 1


def measure(size: Size, database: str) -> list[Figure]:  # noqa: ARG001 - it needs no database
    """The figures."""
    from wardmote.detect import CascadeDetector

    CascadeDetector.shipped().warm()
    known = max(milliseconds(_repeated(unit)) for unit in SHAPES.values())
    found = search(ROUNDS[size])
    return [
        Figure("worst", "known shapes, the slowest", known, "ms", AIM, "lower", {"texts": len(SHAPES)}),
        Figure("worst", "found by search, the slowest", found, "ms", AIM, "lower", {"texts": ROUNDS[size]}),
    ]


def milliseconds(text: str) -> float:
    """What a text costs: the least of a few runs, because other work on the machine can only add."""
    from wardmote.detect import CascadeDetector

    detector = CascadeDetector.shipped()
    taken = []
    for _ in range(_RUNS):
        began = time.perf_counter()
        detector.examine(text)
        taken.append(time.perf_counter() - began)
    return 1000 * min(taken)


def search(rounds: int) -> float:
    """The milliseconds of the costliest of so many texts; each is a change of the costliest so far, or a new one."""
    rng = Random(_SEED)  # noqa: S311 - the same search every time
    best: list[str] = []
    most = 0.0
    for _ in range(rounds):
        tried = _changed(best, rng) if best and rng.random() < 0.7 else rng.choices(_PARTS, k=rng.randint(1, 8))
        cost = milliseconds(_repeated("".join(tried)))
        if cost > most:
            best, most = tried, cost
    return most


def _changed(parts: Sequence[str], rng: Random) -> list[str]:
    new = list(parts)
    place = rng.randrange(len(new))
    new[place : place + rng.randint(0, 1)] = rng.choices(_PARTS, k=rng.randint(0, 2))
    return new or [rng.choice(_PARTS)]


def _repeated(unit: str) -> str:
    return (unit * LONG)[:LONG]
