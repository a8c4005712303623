"""Tricks by which a text is made to pass a detector: each gives the same words to a reader, and others to a machine.

A trick takes a text and a random generator; the same generator gives the same result. `QUOTES` are not tricks: there
the text is told of or denied, and a score should fall.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np

Rng = np.random.Generator
Trick = Callable[[str, Rng], str]

_WORD = re.compile(r"[A-Za-z]{2,}")
_LONG_WORD = re.compile(r"[A-Za-z]{4,}")
_TWINS = dict(
    zip(
        "aceiopsxyjkhvBHKMT",
        ["аạɑ", "сϲ", "еҽ", "іı", "оοօ", "рρ", "ѕ", "хχ", "уγ", "ј", "к", "һ", "ѵν", "В", "Н", "К", "М", "Т"],
        strict=True,
    )
)
_LEET = {"a": "4@", "e": "3", "i": "1!", "o": "0", "s": "5$", "t": "7", "l": "1"}
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
_MARKS = "\u0300\u0301\u0308\u0323\u0336\u035c\u0489"
_MATHEMATICAL = (0x1D400, 0x1D5D4, 0x1D670, 0xFF21)
"""Where bold, sans bold, typewriter and wide capitals begin; small letters follow 26 or, for the wide, 32 after."""
EMOJI = {
    "kill": "🔪", "stab": "🔪", "knife": "🔪", "shoot": "🔫", "shot": "🔫", "gun": "🔫", "rifle": "🔫", "bomb": "💣",
    "burn": "🔥", "fire": "🔥", "dead": "💀", "die": "⚰️", "blood": "🩸", "beat": "👊", "punch": "👊", "hang": "🪢",
    "rope": "🪢", "car": "🚗", "house": "🏠", "head": "🗣️", "eye": "👁️", "you": "🫵", "run": "🏃", "break": "💥",
}  # fmt: skip
CODE_WORDS = {
    "kill": "unalive", "killed": "unalived", "killing": "unaliving", "die": "take the long nap", "dead": "sleeping",
    "shoot": "pew", "shot": "pewed", "gun": "pew pew", "rifle": "boomstick", "knife": "kitchen friend", "stab": "poke",
    "bomb": "party popper", "burn": "toast", "burned": "toasted", "hang": "put up like laundry", "beat": "tenderise",
    "punch": "hug", "rope": "necklace", "blood": "ketchup", "grave": "new home", "fire": "barbecue",
    "attack": "surprise", "murder": "unalive",
}  # fmt: skip


def _each(pattern: re.Pattern[str], share: float, change: Callable[[str, Rng], str]) -> Trick:
    """Return the trick that changes this share of the words that match."""

    def trick(text: str, rng: Rng) -> str:
        return pattern.sub(lambda found: change(found[0], rng) if rng.random() < share else found[0], text)

    return trick


def _pick(choices: Sequence[str], rng: Rng) -> str:
    return choices[int(rng.integers(len(choices)))]


def _some_letters(table: dict[str, str], share: float) -> Callable[[str, Rng], str]:
    def change(word: str, rng: Rng) -> str:
        return "".join(
            _pick(table[letter], rng) if letter in table and rng.random() < share else letter for letter in word
        )

    return change


def _mask(word: str, rng: Rng) -> str:
    place = int(rng.integers(1, len(word) - 1))
    return word[:place] + "*" + word[place + 1 :]


def _apart(word: str, rng: Rng) -> str:
    return _pick(" .-_", rng).join(word)


def _all_apart(text: str, _rng: Rng) -> str:
    """Set every letter apart by one blank, and words by three."""
    return "   ".join(" ".join(word) for word in text.split())


def _between(signs: str, most: int) -> Callable[[str, Rng], str]:
    def change(word: str, rng: Rng) -> str:
        return "".join(letter + "".join(_pick(signs, rng) for _ in range(rng.integers(1, most + 1))) for letter in word)

    return change


def _misspell(word: str, rng: Rng) -> str:
    place = int(rng.integers(1, len(word) - 1))
    kind = int(rng.integers(3))
    if kind == 0:
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    if kind == 1:
        return word[:place] + word[place + 1 :]
    return word[:place] + word[place] + word[place:]


def _stretch(word: str, rng: Rng) -> str:
    vowels = [place for place, letter in enumerate(word) if letter in "aeiouAEIOU"] or [len(word) - 1]
    place = vowels[int(rng.integers(len(vowels)))]
    return word[:place] + word[place] * int(rng.integers(3, 8)) + word[place + 1 :]


def _alternate(text: str, _rng: Rng) -> str:
    return "".join(letter.upper() if place % 2 else letter.lower() for place, letter in enumerate(text))


def _fancy(text: str, rng: Rng) -> str:
    first = _MATHEMATICAL[int(rng.integers(len(_MATHEMATICAL)))]
    small = first + (32 if first == 0xFF21 else 26)
    return re.sub(
        "[A-Za-z]",
        lambda found: chr(first + ord(found[0]) - 65 if found[0].isupper() else small + ord(found[0]) - 97),
        text,
    )


def _instead(table: dict[str, str]) -> Trick:
    """Return the trick that puts these in the place of words, however they are inflected where no form is listed."""
    listed = "|".join(sorted(table, key=len, reverse=True))
    pattern = re.compile(rf"\b({listed})(s|es|ed|ing|er|ers)?\b", re.IGNORECASE)

    def trick(text: str, _rng: Rng) -> str:
        return pattern.sub(lambda found: table.get(found[0].lower(), table[found[1].lower()]), text)

    return trick


def _override(text: str, _rng: Rng) -> str:
    """Write the text backwards under an override that shows it forwards."""
    return f"\u202e{text[::-1]}\u202c"


def _direction_marks(text: str, _rng: Rng) -> str:
    return "\u200f\u202b" + "\u200f \u200e".join(text.split()) + "\u202c"


def _padded(before: int, after: int, ordinary: Sequence[str]) -> Trick:
    """Return the trick that puts ordinary posts around a text."""

    def trick(text: str, rng: Rng) -> str:
        posts = [_pick(ordinary, rng) for _ in range(before + after)]
        return "\n".join([*posts[:before], text, *posts[before:]])

    return trick


def tricks(ordinary: Sequence[str]) -> dict[str, Trick]:
    """Return every trick by its name; `ordinary` are the posts to pad with."""
    return {
        "homoglyphs, some": _each(_WORD, 1.0, _some_letters(_TWINS, 0.4)),
        "homoglyphs, all": _each(_WORD, 1.0, _some_letters(_TWINS, 1.0)),
        "other letter shapes": _fancy,
        "leet, some": _each(_WORD, 0.6, _some_letters(_LEET, 0.6)),
        "leet, all": _each(_WORD, 1.0, _some_letters(_LEET, 1.0)),
        "masked letters": _each(_LONG_WORD, 0.6, _mask),
        "letters apart, some words": _each(_LONG_WORD, 0.6, _apart),
        "letters apart, all": _all_apart,
        "zero-width": _each(_WORD, 1.0, _between(_INVISIBLE, 2)),
        "combining marks": _each(_WORD, 1.0, _between(_MARKS, 3)),
        "emoji for words": _instead(EMOJI),
        "code words": _instead(CODE_WORDS),
        "misspelling": _each(_LONG_WORD, 0.6, _misspell),
        "capitals": lambda text, _rng: text.upper(),
        "alternating case": _alternate,
        "stretched letters": _each(_LONG_WORD, 0.6, _stretch),
        "right-to-left marks": _direction_marks,
        "right-to-left override": _override,
        "one post before": _padded(1, 0, ordinary),
        "one post after": _padded(0, 1, ordinary),
        "five posts around": _padded(3, 2, ordinary),
        "twenty posts around": _padded(10, 10, ordinary),
    }


_QUOTED = (
    "Somebody wrote this to me today and I reported it: “{}”",
    "He said “{}” and got nine months for it.",
    "My neighbour found a note that said “{}”. The police have it now.",
)
_DENIED = (
    "I would never say anything like “{}”.",
    "Nobody in their right mind should say “{}”, and I don't.",
    "It is not true that I wrote “{}”.",
)


def _framed(frames: Sequence[str]) -> Trick:
    return lambda text, rng: _pick(frames, rng).format(text)


QUOTES: dict[str, Trick] = {"quoting": _framed(_QUOTED), "negation": _framed(_DENIED)}
