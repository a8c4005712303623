"""PDQ hashes of images: read, and found again within a Hamming distance.

PDQ (Facebook, 2019, "The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm") makes 256 bits of an
image, and a quality from 0 to 100. Its authors call images the same where at most 31 bits differ and the quality is at
least 50. Hashes are compared here, not made: Wardmote keeps no images, so whoever has the image sends its hash.
"""

from __future__ import annotations

import string
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from wardmote.detect.jit import compiled

BYTES = 32
WITHIN = 31
"""So many of the 256 bits may differ."""
LEAST_QUALITY = 50
"""An image of less quality has too little in it to be told from others: its hash is compared with nothing."""


def read_pdq(written: str) -> bytes:
    """Return the 32 bytes of a hash written as 64 hexadecimal digits; ValueError, with the reason, for other things."""
    if len(written) != 2 * BYTES:
        raise ValueError(f"a PDQ hash has {2 * BYTES} hexadecimal digits, not {len(written)}")
    if not all(digit in string.hexdigits for digit in written):
        raise ValueError("a PDQ hash has hexadecimal digits only")
    return bytes.fromhex(written)


class ImageList:
    """Hashes that are looked through as a whole: 100,000 in well under a millisecond."""

    def __init__(self, hashes: Sequence[bytes]) -> None:
        """Take hashes of 32 bytes each; a match names one by its place."""
        self._words = np.frombuffer(b"".join(hashes), np.uint64).reshape(-1, BYTES // 8)

    def __len__(self) -> int:
        return len(self._words)

    def near(self, pdq: bytes, *, quality: int = 100, within: int = WITHIN) -> list[tuple[int, int]]:
        """Return (place, bits that differ) of each hash within `within` bits, nearest first; none for low quality."""
        if quality < LEAST_QUALITY or not len(self._words):
            return []
        apart = bits_apart(self._words, np.frombuffer(pdq, np.uint64))
        places = np.flatnonzero(apart <= within)
        found = [(int(place), int(apart[place])) for place in places]
        return sorted(found, key=lambda each: (each[1], each[0]))


@compiled
def bits_apart(hashes: NDArray[np.uint64], wanted: NDArray[np.uint64]) -> NDArray[np.int16]:
    """Return in how many bits each row of `hashes` differs from `wanted`, shapes (n, words) and (words,)."""
    apart = np.zeros(len(hashes), np.int16)
    for row in range(len(hashes)):
        count = np.uint64(0)
        for word in range(hashes.shape[1]):
            # Adds up the bits of a word in pairs, in fours, in bytes; the product brings the bytes together.
            bits = hashes[row, word] ^ wanted[word]
            bits -= (bits >> np.uint64(1)) & np.uint64(0x5555555555555555)
            bits = (bits & np.uint64(0x3333333333333333)) + ((bits >> np.uint64(2)) & np.uint64(0x3333333333333333))
            bits = (bits + (bits >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
            count += (bits * np.uint64(0x0101010101010101)) >> np.uint64(56)
        apart[row] = count
    return apart
