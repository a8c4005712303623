"""How many people name one target in words of their own. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from wardmote.detect.lists.sentence_hash import Saying, same_sentence

ALERT_AUTHORS = 3
"""People who name one target in their own words before it is an alert."""
ALERT_WINDOW = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Voice:
    """Somebody who names a target, and the sentence in which they do."""

    author: str
    saying: Saying


def count_distinct_authors(namings: Sequence[Voice]) -> int:
    """How many people name a target in words of their own.

    Whoever repeats themselves is one. A sentence that is passed on, as news are, is one, however many pass it on. So
    it is the most pairs of a person and a sentence in which no person and no sentence occurs twice.
    """
    sayings: list[Saying] = []
    said: dict[str, set[int]] = {}
    for naming in namings:
        place = next((n for n, known in enumerate(sayings) if same_sentence(known, naming.saying)), len(sayings))
        if place == len(sayings):
            sayings.append(naming.saying)
        said.setdefault(naming.author, set()).add(place)
    speaker: dict[int, str] = {}
    return sum(_speaks(author, said, speaker, set()) for author in said)


def _speaks(author: str, said: Mapping[str, set[int]], speaker: dict[int, str], tried: set[int]) -> bool:
    """Give somebody a sentence of their own, if need be by giving its speaker another."""
    for place in said[author] - tried:
        tried.add(place)
        if place not in speaker or _speaks(speaker[place], said, speaker, tried):
            speaker[place] = author
            return True
    return False
