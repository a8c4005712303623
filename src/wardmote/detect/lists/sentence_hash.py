"""Whether two texts say one thing in the same words: a sentence that is passed on, or two people's own.

A sentence of six words or more that shares half of its runs of three words with another is that sentence again, with a
word before it, cut off, or spelled with other capitals. Fewer words coincide by themselves: three people who each write
"hang him tonight" are three people.
"""

from __future__ import annotations

import re
import unicodedata
import zlib

WORDS = 6
"""Of fewer words no sentence is known again."""
_RUN = 3
_SAME = 0.5
_AROUND = 400
"""Characters before and behind that a sentence may reach."""
_MOST = 64
_ENDS = re.compile(r"[.!?\n\u2026\u3002]")
_WORD = re.compile(r"[^\W_]+")

Saying = tuple[int, ...]
"""A sentence's runs of three words as 32-bit numbers, in order; empty for one too short to be known again."""


def sentence_around(text: str, start: int, end: int) -> Saying:
    """The sentence in which `text[start:end]` is."""
    before = text[max(0, start - _AROUND) : start]
    after = text[end : end + _AROUND]
    begins = max((match.end() for match in _ENDS.finditer(before)), default=0)
    ends = match.start() if (match := _ENDS.search(after)) else len(after)
    words = _WORD.findall(_folded(before[begins:] + text[start:end] + after[:ends]))
    if len(words) < WORDS:
        return ()
    runs = (" ".join(words[n : n + _RUN]) for n in range(len(words) - _RUN + 1))
    return tuple(sorted({zlib.crc32(run.encode("utf-8", "replace")) for run in runs})[:_MOST])


def same_sentence(one: Saying, other: Saying) -> bool:
    """Whether the second is the first, passed on."""
    first, second = set(one), set(other)
    either = len(first | second)
    return bool(first) and bool(second) and len(first & second) >= _SAME * either


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in plain if unicodedata.category(c) not in ("Cf", "Mn"))
