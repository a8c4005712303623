"""Texts to measure with: those of the data sets in WARDMOTE_DATA, else seeded ones of our own."""

import gzip
import json
import os
from collections.abc import Iterator
from functools import cache
from itertools import cycle, islice
from pathlib import Path
from random import Random

LONGEST = 1000
SEED = 1
_HARMLESS = (
    "Happy birthday to my best friend!",
    "Had a great time at the concert with my family.",
    "Coffee and a good book this morning.",
    "So excited for the weekend!",
    "Thank you all for a lovely evening!",
    "Watching the game tonight with friends.",
    "New photos from our trip are on the blog.",
    "Love this song so much.",
    "Snow day! Hot chocolate and movies.",
    "My new favourite place for pizza.",
    "Congratulations to the winners!",
    "Throwback to last summer in Italy.",
    "Great class today, thanks for coming.",
)
"""Like ordinary posts: the first stages are sure of them, and few are flagged."""


def source() -> str:
    """Which texts these are, for a figure's `params`."""
    return "WARDMOTE_DATA" if _folder() else "synthetic"


def texts(number: int) -> list[str]:
    """So many posts of at most 1,000 characters, always the same in the same order; repeated if they must be."""
    return list(islice(cycle(_all()), number))


def ordinary(number: int) -> list[str]:
    """So many ordinary posts: tweets gathered for emoji or mood, else as `texts`; repeated if they must be."""
    folder = _folder()
    if folder is None:
        return texts(number)
    with gzip.open(folder / "tweeteval.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = (json.loads(line) for line in lines)
        found = [row["text"] for row in rows if row["task"] in ("emoji", "sentiment") and row["text"].strip()]
    Random(SEED).shuffle(found)  # noqa: S311 - the same order every time
    return list(islice(cycle(found), number))


def _folder() -> Path | None:
    named = os.environ.get("WARDMOTE_DATA")
    return Path(named) if named and next(Path(named).glob("*.jsonl.gz"), None) else None


@cache
def _all() -> tuple[str, ...]:
    folder = _folder()
    found = list(_read(folder)) if folder else list(_synthetic())
    Random(SEED).shuffle(found)  # noqa: S311 - the same order every time
    return tuple(found)


def _read(folder: Path) -> Iterator[str]:
    for path in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                text = json.loads(line)["text"].strip()
                if 0 < len(text) <= LONGEST and all(c.isprintable() or c in "\n\t" for c in text):
                    yield text


def _synthetic() -> Iterator[str]:
    from wardmote.config.demo.variations import variations

    # Variations are what a queue holds. Of what members write one in a hundred is such a text.
    rng = Random(SEED)  # noqa: S311 - as above
    flagged = [each.text for each in variations(1_000, rng)]
    for number in range(100_000):
        yield flagged[number // 100] if number % 100 == 0 else " ".join(rng.choices(_HARMLESS, k=rng.randint(1, 4)))
