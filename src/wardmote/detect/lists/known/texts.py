"""Texts on a list, found again exactly or nearly: by the hash of what is left after folding, and by MinHash.

Folding drops what a copy changes without changing the words: case, accents, width, invisible characters, punctuation,
line breaks. Two texts are nearly alike where their sets of five-character pieces have about `ALIKE` in common.

A listed text is found again as a whole, with words added, left out or changed; not as a quotation within a much
longer one.
What is stored of it must mean the same in every version, so nothing here draws on a model or on numpy's random numbers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from wardmote.detect.jit import compiled
from wardmote.detect.lists.minhash import likeness, pair_keys, sign
from wardmote.detect.text.folding import SEPARATOR, fold_character, kind_of

ALIKE = 0.6
PIECE = 5
"""Characters of the pieces that are compared."""
SHORTEST = 40
"""Characters, folded. A shorter text is found exactly or not at all: too few pieces to say how alike two are."""
SIGNATURE = 64
"""Numbers in a signature, of 32 bits each."""
SIGNATURE_BYTES = 4 * SIGNATURE
_BAND = 4
"""So many numbers in a row must agree before two signatures are compared; of pairs alike by 0.7, 98% do somewhere, of
pairs alike by 0.6, 89%."""
_MIX = np.uint64(0x9E3779B97F4A7C15)


class _Folds(dict[int, str]):
    """For `str.translate`: what a character becomes, worked out when it is first met."""

    def __missing__(self, point: int) -> str:
        character = chr(point)
        folded = fold_character(character)
        became = "".join(each if kind_of(each) != SEPARATOR else " " for each in folded)
        self[point] = became
        return became


_FOLDS = _Folds()


def fold(text: str) -> str:
    """Return the words of `text` in their plainest form, one space between; empty where there are none."""
    return " ".join(text.translate(_FOLDS).split())


def text_hashes(text: str) -> tuple[bytes, bytes]:
    """Return SHA-256 of the folded text and of the text as it is, both of UTF-8: what a list may have of it."""
    return _digest(fold(text)), _digest(text)


def signature_of(text: str) -> bytes:
    """Return the signature of a text, `SIGNATURE` little-endian numbers of 32 bits; empty where it is too short."""
    folded = fold(text)
    if len(folded) < SHORTEST:
        return b""
    points = np.frombuffer(folded.encode("utf-32-le"), np.uint32)
    pieces = hash_pieces(points, PIECE)
    signed = sign(pieces, np.array([0, len(pieces)], np.int64), _MULTIPLIERS)
    return bytes(signed.astype("<u4"))


class Probe:
    """A text that is looked for on lists: worked out once, however many they are, and no further than is needed."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def hashes(self) -> tuple[bytes, bytes]:
        """See `text_hashes`."""
        return text_hashes(self._text)

    @cached_property
    def signature(self) -> NDArray[np.uint32]:
        """See `signature_of`; empty for a text that is too short."""
        return np.frombuffer(signature_of(self._text), "<u4").astype(np.uint32)


@dataclass(frozen=True, slots=True)
class Likeness:
    """One entry of a list that a text is, or is like: its place, and how alike, 0 to 1 (1 for the same words)."""

    place: int
    alike: float


class TextList:
    """Hashes and signatures of texts; looking one text up takes a fraction of a millisecond, whatever the length."""

    def __init__(self, hashes: Sequence[bytes], signatures: Sequence[bytes]) -> None:
        """Take SHA-256 hashes and, at the same places, signatures or empty bytes; a match names one by its place."""
        self._exact = {value: place for place, value in reversed(list(enumerate(hashes)))}
        self._places = np.array([place for place, each in enumerate(signatures) if each], np.int64)
        signed = b"".join(each for each in signatures if each)
        self._signatures = np.frombuffer(signed, "<u4").astype(np.uint32).reshape(-1, SIGNATURE)
        self._bands = [_sorted(_band_keys(self._signatures, start)) for start in range(0, SIGNATURE, _BAND)]

    def __len__(self) -> int:
        return len(self._exact)

    def find(self, probe: Probe) -> Likeness | None:
        """Return the entry that the text is, or else the one it is most like, by `ALIKE` or more; None for none."""
        for value in probe.hashes:
            place = self._exact.get(value)
            if place is not None:
                return Likeness(place, 1.0)
        return self._nearest(probe.signature) if len(self._signatures) and len(probe.signature) else None

    def _nearest(self, signature: NDArray[np.uint32]) -> Likeness | None:
        found: list[NDArray[np.int64]] = []
        for start, (keys, rows) in zip(range(0, SIGNATURE, _BAND), self._bands, strict=True):
            (key,) = _band_keys(signature[np.newaxis], start)
            found.append(rows[np.searchsorted(keys, key, "left") : np.searchsorted(keys, key, "right")])
        rows = np.unique(np.concatenate(found))
        if not len(rows):
            return None
        alike = likeness(self._signatures[rows], signature)
        best = int(alike.argmax())
        return Likeness(int(self._places[rows[best]]), float(alike[best])) if alike[best] >= ALIKE else None


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def _multipliers() -> NDArray[np.uint64]:
    """Odd numbers of 32 bits from SplitMix64 (Steele, Lea, Flood 2014), so that they never change."""
    drawn, state = [], 2
    for _ in range(SIGNATURE):
        state = (state + int(_MIX)) % 2**64
        mixed = (state ^ state >> 30) * 0xBF58476D1CE4E5B9 % 2**64
        mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB % 2**64
        drawn.append((mixed ^ mixed >> 31) >> 32 | 1)
    return np.array(drawn, np.uint64)


_MULTIPLIERS = _multipliers()


def _band_keys(signatures: NDArray[np.uint32], start: int) -> NDArray[np.uint64]:
    return pair_keys(signatures, start) * _MIX ^ pair_keys(signatures, start + 2)


def _sorted(keys: NDArray[np.uint64]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    rows = np.argsort(keys, kind="stable")
    return keys[rows], rows


@compiled
def hash_pieces(points: NDArray[np.uint32], length: int) -> NDArray[np.int32]:
    """Return a number below 2**31 - 1 for each run of `length` code points (FNV-1a over code points, then mixed)."""
    pieces = np.zeros(max(len(points) - length + 1, 0), np.int32)
    for start in range(len(pieces)):
        value = np.uint64(0xCBF29CE484222325)
        for place in range(start, start + length):
            value = (value ^ np.uint64(points[place])) * np.uint64(0x100000001B3)
        value ^= value >> np.uint64(32)
        pieces[start] = np.int32(value % np.uint64(0x7FFFFFFF))
    return pieces
