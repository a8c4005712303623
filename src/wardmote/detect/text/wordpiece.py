"""Text to the word pieces of the language model, as its own tokenizer cuts them, without a tokenizer library.

Before it is cut a text is made plain: what cannot be seen is dropped, letters of other scripts that pose as Latin ones
are read as Latin, and an emoji becomes its name, for the model knows words and no emoji.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

UNKNOWN, BEGIN, END = "[UNK]", "[CLS]", "[SEP]"
LONGEST_WORD = 100
"""Characters; a longer word is unknown, as in the tokenizer that the model was made with."""

_SIGN = re.compile(r"[^\W_]+|\S")
_NAMES = {"hocho": "knife", "pistol": "gun", "collision symbol": "explosion"}


def plain(text: str) -> str:
    """Return `text` in small letters, without accents and invisible characters, emoji written out."""
    if text.isascii():
        return text.lower()
    made = []
    for char in unicodedata.normalize("NFKD", text).lower():
        category = unicodedata.category(char)
        if category in ("Mn", "Me", "Cf", "Sk"):
            continue
        if category == "So":
            made.append(f" {_named(char)} ")
        else:
            made.append(char)
    return "".join(made)


def _named(char: str) -> str:
    name = unicodedata.name(char, "").lower()
    return _NAMES.get(name, name)


class WordPiece:
    """The greedy cutting of words into the longest known pieces. `vocabulary` maps a piece to its number."""

    def __init__(self, vocabulary: Mapping[str, int]) -> None:
        self._numbers = vocabulary
        self._known: dict[str, tuple[int, ...]] = {}
        self._longest = max(map(len, vocabulary))
        self.begin, self.end = vocabulary[BEGIN], vocabulary[END]

    def __call__(self, text: str) -> list[int]:
        """Return the numbers of the pieces of `text`, without the marks of beginning and end."""
        found: list[int] = []
        for word in _words(plain(text)):
            pieces = self._known.get(word)
            if pieces is None:
                pieces = self._cut(word)
                if len(self._known) < _REMEMBERED:
                    self._known[word] = pieces
            found.extend(pieces)
        return found

    def _cut(self, word: str) -> tuple[int, ...]:
        unknown = (self._numbers[UNKNOWN],)
        if len(word) > LONGEST_WORD:
            return unknown
        pieces, start = [], 0
        while start < len(word):
            # Nothing longer than the longest piece is looked up: a word without sense takes no longer than one with.
            end = min(len(word), start + self._longest)
            while end > start:
                piece = word[start:end] if start == 0 else f"##{word[start:end]}"
                if piece in self._numbers:
                    break
                end -= 1
            else:
                return unknown
            pieces.append(self._numbers[piece])
            start = end
        return tuple(pieces)


_REMEMBERED = 50_000


def _words(text: str) -> Iterator[str]:
    return (match.group() for match in _SIGN.finditer(text))


def windows(pieces: Sequence[int], begin: int, end: int, width: int) -> list[list[int]]:
    """Return the pieces in windows of at most `width` with their marks, each overlapping the one before by half."""
    room = width - 2
    starts = range(0, max(1, len(pieces) - room // 2), room // 2) if len(pieces) > room else (0,)
    return [[begin, *pieces[start : start + room], end] for start in starts]
