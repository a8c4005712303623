"""One table: which of our categories stands for which name of theirs, and what nobody here covers.

A name is listed with a category only where the two mean the same; `NOTES` says where ours is narrower. What has no
category is never given a number that looks like an opinion; nor has what a few dozen posts
taught, as `self_harm` and `spam`.
"""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from wardmote.detect import CascadeDetector, Screener
from wardmote.detect import categories as known
from wardmote.detect.perspective import ATTRIBUTES as MEANT

ATTRIBUTES: Mapping[str, tuple[str, ...]] = {
    "TOXICITY": (MEANT["TOXICITY"],),
    "SEVERE_TOXICITY": (MEANT["SEVERE_TOXICITY"],),
    "IDENTITY_ATTACK": (MEANT["IDENTITY_ATTACK"], known.IDENTITY_ATTACK.name),
    "INSULT": (MEANT["INSULT"],),
    "PROFANITY": (MEANT["PROFANITY"],),
    "THREAT": (MEANT["THREAT"], known.THREAT.name),
    "SEXUALLY_EXPLICIT": (MEANT["SEXUALLY_EXPLICIT"],),
    "FLIRTATION": ("flirtation",),
    "ATTACK_ON_AUTHOR": (),
    "ATTACK_ON_COMMENTER": (),
    "INCOHERENT": (),
    "INFLAMMATORY": (),
    "LIKELY_TO_REJECT": (),
    "OBSCENE": ("obscene",),
    "SPAM": (),
    "UNSUBSTANTIAL": (),
}
"""Perspective's attribute to our categories; the first that a detector gives is its score. `X_EXPERIMENTAL` is read as
`X`. Perspective calls a threat and an attack what our narrower categories do not."""
NO_ATTRIBUTE = (known.INCITEMENT, known.GLORIFICATION, known.HARASSMENT, known.DOXXING)
"""Categories of ours that no attribute of Perspective's means."""

CATEGORIES: Mapping[str, tuple[str, ...]] = {
    "harassment": (known.HARASSMENT.name,),
    "harassment/threatening": (known.THREAT.name,),
    "hate": (known.IDENTITY_ATTACK.name,),
    "hate/threatening": (),
    "illicit": ("illicit",),
    "illicit/violent": ("illicit.violent",),
    "self-harm": (),
    "self-harm/intent": ("self_harm.intent",),
    "self-harm/instructions": ("self_harm.instructions",),
    "sexual": (known.SEXUAL.name,),
    "sexual/minors": ("sexual.minors",),
    "violence": known.VIOLENCE,
    "violence/graphic": ("violence.graphic",),
}
"""OpenAI's category to our categories; the highest of them is its score. What our detectors do not give is named as a
detector that does would."""
NO_CATEGORY = (known.GLORIFICATION, known.INSULT, known.PROFANITY, known.DOXXING)
"""Categories of ours that no category of OpenAI's means."""

NOTES: Mapping[str, str] = {
    "harassment/threatening": "threats against people, whoever they are",
    "violence": "threats and calls for violence; not its depiction",
}
"""Where ours is narrower or wider than theirs."""

ORDINARY_FLAGGED = 0.001
"""A category is flagged from the score that one in a thousand ordinary posts reaches, as the model's card has it."""
_WITHOUT_FIGURES = 0.5


def undecided() -> set[str]:
    """What the tables above leave open about our categories; empty, or somebody has to decide.

    Each that readers judge is the meaning of a name of theirs, or said to be of none, and not both; one that a few
    dozen posts taught is of none.
    """
    found: set[str] = set()
    for theirs, no_name in ((ATTRIBUTES, NO_ATTRIBUTE), (CATEGORIES, NO_CATEGORY)):
        meant = {name for names in theirs.values() for name in names}
        for name in known.JUDGED:
            none = known.BY_NAME[name].rare or known.BY_NAME[name] in no_name
            if none == (name in meant):
                found.add(name)
    return found


class Coverage:
    """What one screener covers, in their names. Reads the weights when made."""

    def __init__(self, screener: Screener) -> None:
        ours = set(screener.categories)
        languages: dict[str, set[str]] = {}
        for detector in screener.detectors:
            for category in detector.categories:
                languages.setdefault(category, set()).update(detector.accepts.languages)
        self.languages: tuple[str, ...] = tuple(sorted({code for codes in languages.values() for code in codes}))
        self.attributes = {name: _present(ATTRIBUTES[name], ours)[:1] for name in ATTRIBUTES}
        self.categories = {name: _present(CATEGORIES[name], ours) for name in CATEGORIES}
        self._languages = languages

    def reads(self, attribute: str) -> tuple[str, ...]:
        """The categories behind a requested attribute; empty where none covers it. KeyError: no such name."""
        return self.attributes[attribute.removesuffix("_EXPERIMENTAL")]

    def speaks(self, attribute: str, language: str) -> bool:
        """Whether the attribute is covered in that language."""
        ours = self.reads(attribute)
        return bool(ours) and all(language in self._languages[category] for category in ours)

    def flags(self, scores: Mapping[str, float]) -> dict[str, bool]:
        """OpenAI's `categories`: what reaches the threshold of the model's card."""
        return {name: any(scores[c] >= flag_at(c) for c in ours) for name, ours in self.categories.items()}


def highest(scores: Mapping[str, float], categories: Iterable[str]) -> float:
    """The score of a name of theirs; 0.0 where no category is behind it."""
    return max((scores[category] for category in categories), default=0.0)


def _present(categories: Iterable[str], ours: set[str]) -> tuple[str, ...]:
    return tuple(category for category in categories if category in ours)


def flag_at(category: str) -> float:
    """The score from which a category counts as found."""
    return _thresholds().get(category, _WITHOUT_FIGURES)


@cache
def _thresholds() -> dict[str, float]:
    found: dict[str, float] = {}
    plan = CascadeDetector.shipped().plan
    for path in (files("wardmote.detect") / "weights").iterdir():
        if path.name.endswith(".figures.json"):
            heads: dict[str, Any] = json.loads(path.read_text("utf-8")).get("evaluation", {}).get("heads", {})
            for head, figures in heads.items():
                for step in figures.get("thresholds", ()):
                    if step["ordinary_flagged"] == ORDINARY_FLAGGED:
                        found[head] = step["score"]
    return {**found, **plan.rare}
